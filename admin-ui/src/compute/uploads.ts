/** The list of uploads while they run: what each is doing, and what can be refused without sending it. */

export type UploadState =
  | { kind: "waiting" }
  | { kind: "sending"; fraction: number }
  | { kind: "done" }
  | { kind: "cancelled" }
  | { kind: "refused"; reason: string };

export interface Upload {
  id: number;
  file: File;
  state: UploadState;
}

/** The service's limit: sending more would only be refused after minutes. */
export const LARGEST_TRACK = 20 * 1024 * 1024;

/** Why the service would refuse this file for certain; null if it has to be asked. */
export function refusedUnsent(file: { name: string; size: number }): string | null {
  if (file.size > LARGEST_TRACK) return "It is larger than 20 MB; a smaller bit rate makes it fit.";
  if (file.size === 0) return "The file is empty.";
  if (!file.name.toLowerCase().endsWith(".mp3")) return "It is not an MP3 file, and the page plays nothing else.";
  return null;
}

export const withState = (uploads: Upload[], id: number, state: UploadState): Upload[] =>
  uploads.map((upload) => (upload.id === id ? { ...upload, state } : upload));

export const isOver = (upload: Upload): boolean => upload.state.kind !== "waiting" && upload.state.kind !== "sending";
