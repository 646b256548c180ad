/** Runs the uploads, one at a time: two at once would only make both slow. */
import { useCallback, useEffect, useReducer, useRef } from "react";
import { sentence } from "../../api/problem.ts";
import { useUploadTrack } from "../../api/tracks.ts";
import { isOver, refusedUnsent, type Upload, type UploadState, withState } from "../../compute/uploads.ts";

type Action =
  | { kind: "add"; uploads: Upload[] }
  | { kind: "state"; id: number; state: UploadState }
  | { kind: "clear" };

function reduce(uploads: Upload[], action: Action): Upload[] {
  switch (action.kind) {
    case "add":
      return [...uploads, ...action.uploads];
    case "state":
      return withState(uploads, action.id, action.state);
    case "clear":
      return uploads.filter((upload) => !isOver(upload));
  }
}

export function useUploads() {
  const [uploads, dispatch] = useReducer(reduce, []);
  const { mutateAsync } = useUploadTrack();
  const running = useRef<{ id: number; abort: AbortController }>(null);
  const nextId = useRef(0);

  const send = useCallback(
    async ({ id, file }: Upload) => {
      const abort = new AbortController();
      running.current = { id, abort };
      const become = (state: UploadState) => dispatch({ kind: "state", id, state });
      const onProgress = (fraction: number) => become({ kind: "sending", fraction });
      onProgress(0);
      try {
        await mutateAsync({ file, onProgress, signal: abort.signal });
        become({ kind: "done" });
      } catch (error) {
        become(abort.signal.aborted ? { kind: "cancelled" } : { kind: "refused", reason: sentence(error) });
      } finally {
        running.current = null;
      }
    },
    [mutateAsync],
  );

  useEffect(() => {
    const next = uploads.find((upload) => upload.state.kind === "waiting");
    if (running.current === null && next !== undefined) void send(next);
  }, [uploads, send]);

  // Leaving the screen stops what is being sent: nobody would see how it ended.
  useEffect(() => () => running.current?.abort.abort(), []);

  const add = (files: File[]) => dispatch({ kind: "add", uploads: files.map((file) => admitted(file, nextId)) });
  const cancel = (id: number) => {
    if (running.current?.id === id) running.current.abort.abort();
    else dispatch({ kind: "state", id, state: { kind: "cancelled" } });
  };
  return { uploads, add, cancel, clear: () => dispatch({ kind: "clear" }) };
}

function admitted(file: File, nextId: { current: number }): Upload {
  nextId.current += 1;
  const reason = refusedUnsent(file);
  return { id: nextId.current, file, state: reason === null ? { kind: "waiting" } : { kind: "refused", reason } };
}
