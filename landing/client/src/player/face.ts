/** What the player shows: title, list, keys, words. It reads the station and changes nothing there. */
import { type Track, timeText } from "../tracks";
import type { Station } from "./station";

/** Words that are no longer news go away. */
const WORDS_MS = 12_000;

export class Face {
  private fading: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly root: HTMLElement) {}

  /** A part of the player by its `data-player`. */
  part<E extends HTMLElement = HTMLElement>(name: string): E {
    return this.root.querySelector<E>(`[data-player="${name}"]`) as E;
  }

  /** The list, and whether there is anything to press keys for. */
  showList({ tracks, place }: Station, choose: (place: number) => void): void {
    const rows = tracks.map((track, at) => row(track, at === place, () => choose(at)));
    const held = this.part("list").contains(document.activeElement);
    this.part("list").replaceChildren(...rows);
    // Who stood in the old list stands in the new one, not at the top of the page.
    if (held) (rows[place]?.firstElementChild as HTMLElement | undefined)?.focus();
    this.part("empty").hidden = tracks.length > 0;
    this.root.classList.toggle("is-empty", tracks.length === 0);
    for (const name of ["prev", "next", "seek"]) this.part<HTMLButtonElement>(name).disabled = tracks.length === 0;
  }

  showTrack({ track, place }: Station): void {
    const run = this.part("run");
    const text = track ? [track.name, track.artist].filter(Boolean).join(" · ") : "No music tonight";
    // Written only when it changes: the line is read out whenever it is written, and begins to run anew.
    if (run.textContent !== text) {
      run.textContent = text;
      run.dataset.text = text;
      run.style.setProperty("--letters", String(text.length));
    }
    [...this.part("list").querySelectorAll("button")].forEach((button, at) => {
      if (at === place) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    });
  }

  showState({ playing, sounding }: Station): void {
    this.root.classList.toggle("is-playing", playing);
    this.root.dataset.state = !playing ? "paused" : sounding ? "playing" : "tuning";
    this.part("toggle").setAttribute("aria-label", playing ? "Pause" : "Play");
  }

  showLevel(level: number, muted: boolean): void {
    const slider = this.part<HTMLInputElement>("volume");
    slider.value = String(level);
    slider.style.setProperty("--done", `${level}%`);
    slider.setAttribute("aria-valuetext", muted ? `${level} percent, muted` : `${level} percent`);
    this.part("mute").setAttribute("aria-pressed", String(muted));
    this.part("level").textContent = String(level);
  }

  /** Says something, also to screen readers; nothing takes it back. */
  say(words: string): void {
    clearTimeout(this.fading);
    this.part("words").textContent = words;
    if (words) this.fading = setTimeout(() => this.say(""), WORDS_MS);
  }
}

function row(track: Track, current: boolean, choose: () => void): HTMLLIElement {
  const button = document.createElement("button");
  button.type = "button";
  const name = document.createElement("span");
  name.textContent = track.name;
  button.append(name);
  if (track.duration_seconds) {
    const time = document.createElement("time");
    time.textContent = timeText(track.duration_seconds);
    button.append(time);
  }
  if (current) button.setAttribute("aria-current", "true");
  button.addEventListener("click", choose);
  const item = document.createElement("li");
  item.append(button);
  return item;
}
