/** Numbers and moments as people read them. Called once, at the end, where something is drawn. No answer is "–", never 0. */

const NOTHING = "–";

const WHOLE = new Intl.NumberFormat("en");
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "long" });
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const HOUR = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

export const count = (value: number | null): string => (value === null ? NOTHING : WHOLE.format(value));

/** A fraction of 1. */
export const percent = (fraction: number | null): string =>
  fraction === null ? NOTHING : `${(fraction * 100).toFixed(1)} %`;

export const clock = (moment: Date): string => CLOCK.format(moment);
export const hour = (moment: Date): string => HOUR.format(moment);
export const day = (moment: Date): string => DAY.format(moment);
export const dayAndTime = (moment: Date): string => MOMENT.format(moment);

/** "3 minutes ago"; what is only seconds away is "just now", because clocks of two machines differ by that much. */
export function ago(moment: Date, now: Date): string {
  const seconds = Math.round((moment.getTime() - now.getTime()) / 1000);
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ["year", 31_536_000],
    ["month", 2_592_000],
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
  ];
  const step = steps.find(([, length]) => Math.abs(seconds) >= length);
  return step === undefined ? "just now" : RELATIVE.format(Math.trunc(seconds / step[1]), step[0]);
}

/** Minutes and seconds of a track: "3:04". */
export function playingTime(seconds: number | null): string {
  if (seconds === null) return NOTHING;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Decimal megabytes, as file managers count them. */
export function fileSize(bytes: number | null): string {
  if (bytes === null) return NOTHING;
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** How many of something, in words: "1 event", "12 events". */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

const MOMENT_OF_YEAR = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** A moment in the log: the time alone today, with its day before that. */
export const logTime = (moment: Date, now: Date): string =>
  moment.toDateString() === now.toDateString() ? clock(moment) : MOMENT_OF_YEAR.format(moment);
