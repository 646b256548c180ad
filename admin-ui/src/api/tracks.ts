/** The music library: its list, its order, and uploads that tell how far they are. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, landing } from "./client.ts";
import type { components } from "./generated/landing.ts";
import { refusal, silence } from "./problem.ts";

export type Track = components["schemas"]["Track"];

const TRACKS_KEY = ["tracks"] as const;

export const tracksQuery = queryOptions({
  queryKey: TRACKS_KEY,
  queryFn: ({ signal }) => answer(landing.GET("/api/tracks", { signal })),
});

export function useOrderTracks() {
  const client = useQueryClient();
  return useMutation({
    // One order after the other: the last one chosen is the one that stays.
    scope: { id: "tracks:order" },
    mutationFn: (tracks: Track[]) =>
      answer(landing.PUT("/api/tracks/order", { body: { order: tracks.map((track) => track.filename) } })),
    onMutate: async (tracks) => {
      await client.cancelQueries({ queryKey: TRACKS_KEY });
      const before = client.getQueryData<Track[]>(TRACKS_KEY);
      client.setQueryData(TRACKS_KEY, tracks);
      return before;
    },
    onError: (_error, _tracks, before) => client.setQueryData(TRACKS_KEY, before),
    onSettled: () => client.invalidateQueries({ queryKey: TRACKS_KEY }),
  });
}

export function useDeleteTrack() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (filename: string) =>
      answer(landing.DELETE("/api/tracks/{filename}", { params: { path: { filename } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: TRACKS_KEY }),
  });
}

export interface TrackUpload {
  file: File;
  onProgress: (fraction: number) => void;
  signal: AbortSignal;
}

export function useUploadTrack() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: sendTrack,
    onSuccess: () => client.invalidateQueries({ queryKey: TRACKS_KEY }),
  });
}

// `fetch` cannot say how much of a body is sent, hence the older XMLHttpRequest here and nowhere else.
function sendTrack({ file, onProgress, signal }: TrackUpload): Promise<Track> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/tracks/upload");
    request.responseType = "text";
    request.upload.onprogress = (event) => onProgress(event.total === 0 ? 0 : event.loaded / event.total);
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status === 201) resolve(body as Track);
      else reject(refusal(request.status, body, request.getResponseHeader("retry-after")));
    };
    request.onerror = () => reject(silence());
    request.onabort = () => reject(new DOMException("the upload was cancelled", "AbortError"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    const form = new FormData();
    // Some systems know no type for `.mp3`, or another one; the service judges by the content anyway.
    form.append("file", new Blob([file], { type: "audio/mpeg" }), file.name);
    request.send(form);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
