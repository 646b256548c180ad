/**
 * The player itself, fetched when it is first wanted: joins the station, what it shows, and what the visitor presses.
 *
 * What is recorded is what the visitor did: play, pause, next, previous, choosing a track, each as one event, on the page
 * or on the system's media keys. Choosing a track also starts it, and that is no second event; a track that begins
 * because the one before ended, or failed, is nobody's act.
 */
import "./deck.css";
import { onCalm } from "../calm";
import { pageStorage } from "../outbox";
import type { Record } from "../recorder";
import { listTracks } from "../tracks";
import { Ear } from "./ear";
import { Face } from "./face";
import { joinMediaKeys } from "./media-keys";
import { SeekBar } from "./seek-bar";
import { SoundLevel } from "./sound-level";
import { Spectrum } from "./spectrum";
import { Station } from "./station";

export class Deck {
  private readonly audio = new Audio();
  private readonly ear = new Ear(this.audio);
  private readonly sound = new SoundLevel(pageStorage());
  private readonly face: Face;
  private readonly station: Station;
  private readonly seekBar: SeekBar;
  private readonly spectra: Spectrum[];
  private readonly showOnKeys: () => void;
  private calm = false;

  private constructor(
    root: HTMLElement,
    private readonly record: Record,
  ) {
    const face = new Face(root);
    this.face = face;
    this.station = new Station(this.audio, listTracks, {
      list: () => face.showList(this.station, (place) => this.choose(place)),
      track: () => face.showTrack(this.station),
      state: () => this.showState(),
      time: () => this.showTime(),
      say: (words) => face.say(words),
    });
    this.seekBar = new SeekBar(
      face.part<HTMLInputElement>("seek"),
      { elapsed: face.part("elapsed"), total: face.part("total") },
      (seconds) => this.station.seek(seconds),
    );
    this.spectra = [...root.querySelectorAll("canvas")].map((canvas) => new Spectrum(canvas, this.ear));
    this.showOnKeys = joinMediaKeys(this.station, {
      play: () => this.station.playing || this.toggle(),
      pause: () => this.station.playing && this.toggle(),
      next: () => this.skip(1),
      previous: () => this.skip(-1),
      seek: (seconds) => this.station.seek(seconds),
    });
    this.joinControls();
  }

  /** A deck with its list read. */
  static async start(root: HTMLElement, record: Record): Promise<Deck> {
    const deck = new Deck(root, record);
    await deck.station.refresh();
    return deck;
  }

  /** The visitor pressed play or pause. */
  async toggle(): Promise<void> {
    this.face.say("");
    if (this.station.playing) {
      this.act("music_pause");
      this.station.pause();
      return;
    }
    this.ear.wake();
    // Music may have come since the library was found empty or away.
    if (!this.station.track && !(await this.station.refresh())) return;
    this.act("music_play");
    await this.station.play();
  }

  /** The visitor looks at the player. Somebody may have brought music meanwhile. */
  async look(): Promise<void> {
    if (!this.station.track) await this.station.refresh();
  }

  private skip(by: 1 | -1): void {
    if (!this.station.track) return;
    this.face.say("");
    this.station.skip(by);
    this.act(by === 1 ? "music_next" : "music_prev");
  }

  private choose(place: number): void {
    this.face.say("");
    this.ear.wake();
    this.station.choose(place);
    this.act("music_track_select");
  }

  private act(name: string): void {
    this.record("click", name, { track: this.station.track?.name });
  }

  private joinControls(): void {
    this.face.part("next").addEventListener("click", () => this.skip(1));
    this.face.part("prev").addEventListener("click", () => this.skip(-1));
    const volume = this.face.part<HTMLInputElement>("volume");
    volume.addEventListener("input", () => this.setSound(() => this.sound.set(Number(volume.value))));
    this.face.part("mute").addEventListener("click", () => this.setSound(() => this.sound.toggleMute()));
    this.setSound(() => {});
    onCalm((calm) => {
      this.calm = calm;
      this.showState();
    });
  }

  private setSound(change: () => void): void {
    change();
    this.ear.loudness = this.sound.gain;
    this.face.showLevel(this.sound.level, this.sound.muted);
  }

  private showState(): void {
    this.face.showState(this.station);
    for (const spectrum of this.spectra) spectrum.run(this.station.playing && !this.calm);
    this.showOnKeys();
  }

  private showTime(): void {
    this.seekBar.show(this.station.elapsed, this.station.total);
    this.showOnKeys();
  }
}
