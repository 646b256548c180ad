/**
 * What plays: the list, the place in it, whether the visitor wants to hear music, and what to do when a track fails.
 * It knows an audio element and no other part of the page; whoever shows it listens to `Audience`.
 *
 * A track's address is given to the audio element when it is to be played and not before, so that nothing of the music is
 * fetched for somebody who only looks.
 */
import type { Track } from "../tracks";
import { placeAfter, placeOf, step } from "./programme";

/** Who is told: that the list, the track, the state or the time changed, and what should be said in words. */
export interface Audience {
  list(): void;
  track(): void;
  state(): void;
  time(): void;
  say(words: string): void;
}

export class Station {
  private list: readonly Track[] = [];
  private at = 0;
  /** The visitor wants to hear something, whether or not it has come yet. */
  private wanted = false;
  /** What the audio element was given. */
  private tuned: Track | null = null;
  /** Where to begin once the track is there, in seconds. */
  private from = 0;
  /** What failed since something last sounded, by file. */
  private readonly failed = new Set<string>();

  constructor(
    private readonly audio: HTMLAudioElement,
    private readonly readLibrary: () => Promise<Track[] | null>,
    private readonly audience: Audience,
  ) {
    audio.preload = "none";
    audio.addEventListener("playing", () => this.failed.clear());
    audio.addEventListener("ended", () => this.ended());
    audio.addEventListener("error", () => void this.recover());
    audio.addEventListener("loadedmetadata", () => this.begin());
    // Headphones that are pulled out, or another program that takes over, pause without asking us.
    audio.addEventListener("pause", () => !audio.ended && audio.paused && this.want(false));
    for (const change of ["timeupdate", "durationchange", "seeked"])
      audio.addEventListener(change, () => audience.time());
    for (const change of ["playing", "waiting"]) audio.addEventListener(change, () => audience.state());
  }

  get tracks(): readonly Track[] {
    return this.list;
  }

  get place(): number {
    return this.at;
  }

  get track(): Track | null {
    return this.list[this.at] ?? null;
  }

  get playing(): boolean {
    return this.wanted;
  }

  /** Sound comes out of it at this moment. */
  get sounding(): boolean {
    return this.wanted && this.isTuned && !this.audio.paused && this.audio.readyState > 2;
  }

  get elapsed(): number {
    return this.isTuned && this.audio.readyState > 0 ? this.audio.currentTime : this.from;
  }

  get total(): number {
    const known = this.isTuned ? this.audio.duration : Number.NaN;
    return Number.isFinite(known) ? known : (this.track?.duration_seconds ?? 0);
  }

  /** Reads the library; answers whether there is something to play. */
  async refresh(): Promise<boolean> {
    const fresh = await this.readLibrary();
    if (fresh === null) this.audience.say("The music cannot be reached right now.");
    else this.adopt(fresh, (this.track && placeOf(this.track, fresh)) ?? 0);
    return this.list.length > 0;
  }

  /** Plays from where it stands. */
  async play(): Promise<void> {
    const track = this.track;
    if (!track) return;
    this.want(true);
    if (!this.isTuned || this.audio.error) this.audio.src = track.src;
    this.tuned = track;
    try {
      await this.audio.play();
    } catch (refusal) {
      if (this.tuned === track) this.refused(refusal as DOMException);
    }
  }

  pause(): void {
    this.want(false);
    this.audio.pause();
  }

  /** Goes so many tracks on. What played goes on playing, what was silent stays silent. */
  skip(by: number): void {
    if (this.list.length > 0) this.go(step(this.list.length, this.at, by));
  }

  /** Goes to that place and plays. */
  choose(place: number): void {
    this.want(true);
    this.go(place);
  }

  /** Goes to that second of the track, also before anything of it is there. */
  seek(seconds: number): void {
    const target = Math.min(Math.max(seconds, 0), this.total);
    if (this.isTuned && this.audio.readyState > 0) this.audio.currentTime = target;
    else this.from = target;
    this.audience.time();
  }

  private get isTuned(): boolean {
    return this.tuned !== null && this.tuned.src === this.track?.src;
  }

  private want(wanted: boolean): void {
    if (this.wanted === wanted) return;
    this.wanted = wanted;
    this.audience.state();
  }

  private go(place: number): void {
    this.at = place;
    this.from = 0;
    if (this.isTuned && this.audio.readyState > 0) this.audio.currentTime = 0;
    this.audience.track();
    this.audience.time();
    if (this.wanted) void this.play();
  }

  private adopt(fresh: readonly Track[], place: number): void {
    this.list = fresh;
    this.at = place;
    this.audience.list();
    this.audience.track();
    this.audience.time();
  }

  private ended(): void {
    // The end of a track that was left meanwhile ends nothing.
    if (this.isTuned && this.wanted) this.skip(1);
  }

  private begin(): void {
    if (this.from > 0 && this.isTuned) this.audio.currentTime = this.from;
    this.from = 0;
  }

  private refused(refusal: DOMException): void {
    // A newer wish interrupted this one; a track that failed is `recover`'s affair.
    if (refusal.name === "AbortError" || this.audio.error) return;
    this.want(false);
    this.audience.say("Your browser held the music back. Press Play once more.");
  }

  /** The track at hand failed. The library is asked whether it is still there, and the next one takes its place. */
  private async recover(): Promise<void> {
    const lost = this.track;
    if (!lost || !this.isTuned) return;
    this.from = this.elapsed;
    this.failed.add(lost.filename);
    const fresh = await this.readLibrary();
    // The visitor went on by themselves meanwhile.
    if (this.track !== lost) return;
    if (fresh === null) return this.stop("The music cannot be reached right now. Press Play to try again.");
    this.from = 0;
    const next = placeAfter(this.list, this.at, fresh, this.failed);
    const gone = placeOf(lost, fresh) === null;
    this.tuned = null;
    this.adopt(fresh, next ?? 0);
    if (!this.track) return this.stop("The library is empty now.");
    if (next === null) return this.stop("None of the tracks can be played right now.");
    this.audience.say(
      `“${lost.name}” ${gone ? "has left the library" : "cannot be played"}. Next: “${this.track.name}”.`,
    );
    if (this.wanted) await this.play();
  }

  private stop(words: string): void {
    this.failed.clear();
    this.tuned = null;
    this.want(false);
    this.audience.say(words);
  }
}
