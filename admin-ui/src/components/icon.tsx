/** The line icons, drawn here so that nothing is fetched and the colour is the text's. Always beside a word or a label. */

const PATHS = {
  dashboard: "M4 20V10M10 20V4M16 20v-7M21 20H3",
  experiments: "M9 3h6M10 3v6l-5.5 9a2 2 0 0 0 1.7 3h11.6a2 2 0 0 0 1.7-3L14 9V3M7.5 15h9",
  toggles: "M8 6h8a6 6 0 0 1 0 12H8A6 6 0 0 1 8 6ZM8 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z",
  events: "M4 6h2M4 12h2M4 18h2M9 6h11M9 12h11M9 18h11",
  leads: "M3.5 6h17v12h-17ZM3.5 7l8.5 6.5L20.5 7",
  music: "M9 18V6l11-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0ZM20 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0Z",
  up: "M6 15l6-6 6 6",
  down: "M6 9l6 6 6-6",
  play: "M7 4.5v15l12-7.5Z",
  pause: "M8 5v14M16 5v14",
  grip: "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
  bin: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  leave: "M10 4H5v16h5M15 8l4 4-4 4M19 12H9",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
