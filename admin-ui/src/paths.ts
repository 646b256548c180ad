/** The addresses of the screens. None begins with `/api/` or `/music/`, which belong to the services. */
export const paths = {
  dashboard: "/",
  experiments: "/experiments",
  newExperiment: "/experiments/new",
  experiment: (id: string) => `/experiments/${encodeURIComponent(id)}`,
  results: (id: string) => `/experiments/${encodeURIComponent(id)}/results`,
  goals: (id: string) => `/experiments/${encodeURIComponent(id)}/goals`,
  calculator: "/calculator",
  help: "/help",
  toggles: "/toggles",
  events: "/events",
  leads: "/leads",
  music: "/library",
  changes: "/changes",
} as const;
