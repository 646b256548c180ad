/**
 * TEMPLE.FM: plays the tracks of the library. Nothing of the music is fetched before the visitor presses Play.
 *
 * What is recorded is what the visitor did: play, pause, next, previous, choosing a track, each as one event. Choosing a
 * track also starts it, and that is no second event; a track that begins because the one before ended is nobody's act.
 */

import type { Record } from "./recorder";
import { listTracks, type Track, timeText } from "./tracks";

export class Player {
  private readonly audio = new Audio();
  private index = 0;
  private readonly rows: HTMLButtonElement[];

  constructor(
    private readonly root: HTMLElement,
    private readonly tracks: Track[],
    private readonly record: Record,
  ) {
    this.audio.preload = "none";
    this.rows = tracks.map((track, index) => this.row(track, index));
    this.find("player__list").replaceChildren(
      ...this.rows.map((row) => {
        const item = document.createElement("li");
        item.append(row);
        return item;
      }),
    );
    this.listenToControls();
    this.listenToAudio();
    this.load(0);
    this.root.hidden = false;
  }

  /** The visitor pressed play or pause. */
  private toggle(): void {
    const starting = this.audio.paused;
    this.act(starting ? "music_play" : "music_pause");
    if (starting) void this.play();
    else this.audio.pause();
  }

  /** The visitor asked for the next or the previous track. What played goes on playing. */
  private skip(step: 1 | -1): void {
    const playing = !this.audio.paused;
    this.load(this.index + step);
    this.act(step === 1 ? "music_next" : "music_prev");
    if (playing) void this.play();
  }

  private choose(index: number): void {
    this.load(index);
    this.act("music_track_select");
    void this.play();
  }

  private act(name: string): void {
    this.record("click", name, { track: this.current().name });
  }

  private async play(): Promise<void> {
    this.find("player__problem").textContent = "";
    try {
      await this.audio.play();
    } catch (error) {
      // A newer choice interrupted this one; that is no problem.
      if ((error as DOMException).name === "AbortError") return;
      this.find("player__problem").textContent = "This track cannot be played right now.";
    }
  }

  private load(index: number): void {
    this.index = (index + this.tracks.length) % this.tracks.length;
    const track = this.current();
    this.audio.src = track.src;
    this.find("player__title").textContent = track.title ?? track.name;
    this.find("player__artist").textContent = track.artist ?? "";
    this.rows.forEach((row, at) => {
      if (at === this.index) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    });
    this.showTime();
    if ("mediaSession" in navigator) {
      const title = track.title ?? track.name;
      navigator.mediaSession.metadata = new MediaMetadata({ title, artist: track.artist ?? "", album: "TEMPLE.FM" });
    }
  }

  private listenToControls(): void {
    const pill = this.root.querySelector<HTMLButtonElement>(".player__pill");
    pill?.addEventListener("click", () =>
      pill.setAttribute("aria-expanded", String(pill.getAttribute("aria-expanded") !== "true")),
    );
    this.control("toggle").addEventListener("click", () => this.toggle());
    this.control("next").addEventListener("click", () => this.skip(1));
    this.control("prev").addEventListener("click", () => this.skip(-1));
    const seek = this.control<HTMLInputElement>("seek");
    seek.addEventListener("input", () => {
      this.audio.currentTime = Number(seek.value);
      this.showTime();
    });
    const volume = this.control<HTMLInputElement>("volume");
    const setVolume = (): void => {
      this.audio.volume = Number(volume.value) / 100;
    };
    volume.addEventListener("input", setVolume);
    setVolume();
    if (!("mediaSession" in navigator)) return;
    navigator.mediaSession.setActionHandler("play", () => this.audio.paused && this.toggle());
    navigator.mediaSession.setActionHandler("pause", () => this.audio.paused || this.toggle());
    navigator.mediaSession.setActionHandler("nexttrack", () => this.skip(1));
    navigator.mediaSession.setActionHandler("previoustrack", () => this.skip(-1));
  }

  private listenToAudio(): void {
    const showState = (): void => {
      this.root.classList.toggle("is-playing", !this.audio.paused);
      this.control("toggle").setAttribute("aria-label", this.audio.paused ? "Play" : "Pause");
    };
    for (const change of ["play", "pause", "emptied"]) this.audio.addEventListener(change, showState);
    for (const change of ["timeupdate", "durationchange"]) this.audio.addEventListener(change, () => this.showTime());
    this.audio.addEventListener("ended", () => {
      this.load(this.index + 1);
      void this.play();
    });
  }

  private showTime(): void {
    const total = Number.isFinite(this.audio.duration) ? this.audio.duration : (this.current().duration_seconds ?? 0);
    const seek = this.control<HTMLInputElement>("seek");
    seek.max = String(Math.max(Math.floor(total), 1));
    seek.value = String(Math.floor(this.audio.currentTime));
    seek.setAttribute("aria-valuetext", `${timeText(this.audio.currentTime)} of ${timeText(total)}`);
    this.control("elapsed").textContent = timeText(this.audio.currentTime);
    this.control("total").textContent = timeText(total);
  }

  private row(track: Track, index: number): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.append(track.title ?? track.name);
    if (track.duration_seconds) {
      const time = document.createElement("time");
      time.textContent = timeText(track.duration_seconds);
      button.append(time);
    }
    button.addEventListener("click", () => this.choose(index));
    return button;
  }

  private current(): Track {
    const track = this.tracks[this.index];
    if (!track) throw new Error("a player has at least one track");
    return track;
  }

  private control<E extends HTMLElement = HTMLElement>(name: string): E {
    return this.root.querySelector<E>(`[data-player="${name}"]`) as E;
  }

  private find(name: string): HTMLElement {
    return this.root.querySelector<HTMLElement>(`.${name}`) as HTMLElement;
  }
}

/** Shows the player if the page has one and the library has tracks for it. */
export async function wakePlayer(record: Record): Promise<void> {
  const root = document.querySelector<HTMLElement>("#player");
  if (!root) return;
  const tracks = await listTracks();
  if (tracks.length > 0) new Player(root, tracks, record);
}
