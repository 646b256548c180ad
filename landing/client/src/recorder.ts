/** Turns what a visitor did into events. One act is one event: whoever calls `record` has decided that it was an act. */
import type { PageFacts } from "./facts";
import type { PageEvent } from "./outbox";
import { uuidV7 } from "./uuid";

/** Metrics keeps no more of an address; sending more would only fill the beacon. */
const URL_CHARS = 2_000;

/** Records one act. */
export type Record = (type: string, name: string, metadata?: globalThis.Record<string, unknown>) => void;

/** The recorder of this page; one that does nothing for visitors who asked not to be recorded. */
export function createRecorder(facts: PageFacts, push: (event: PageEvent) => void): Record {
  if (!facts.recording) return () => {};
  return (type, name, metadata = {}) =>
    push({
      id: uuidV7(),
      event_type: type,
      event_name: name,
      experiment_id: facts.preview ? null : facts.experiment_id,
      variant: facts.variant,
      metadata: facts.preview ? { ...metadata, preview: true } : metadata,
      page_url: pageUrl(),
    });
}

/** The page's address without its fragment: where on the page somebody jumped does not make it another page. */
function pageUrl(): string {
  return (location.origin + location.pathname + location.search).slice(0, URL_CHARS);
}
