/** Uploading tracks: chosen or dropped, sent one after the other, each with its progress and, if refused, the reason. */
import { type ChangeEvent, type DragEvent, useId, useState } from "react";
import { Panel } from "../../components/panel.tsx";
import { Prose } from "../../components/prose.tsx";
import { fileSize } from "../../compute/format.ts";
import { isOver, type Upload } from "../../compute/uploads.ts";
import { useUploads } from "./use-uploads.ts";

export function Uploads() {
  const { uploads, add, cancel, clear } = useUploads();
  return (
    <Panel title="Upload">
      <DropZone onFiles={add} />
      {uploads.length === 0 ? null : (
        <ul className="uploads">
          {uploads.map((upload) => (
            <UploadRow key={upload.id} upload={upload} onCancel={() => cancel(upload.id)} />
          ))}
        </ul>
      )}
      {uploads.some(isOver) ? (
        <button type="button" className="button is-plain is-small" onClick={clear}>
          Clear what is finished
        </button>
      ) : null}
    </Panel>
  );
}

function DropZone({ onFiles }: { onFiles: (files: File[]) => void }) {
  const [isOverZone, setOverZone] = useState(false);
  const id = useId();

  function choose(event: ChangeEvent<HTMLInputElement>) {
    onFiles([...(event.target.files ?? [])]);
    // The same file may be chosen again, after it was refused.
    event.target.value = "";
  }

  function over(event: DragEvent) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOverZone(true);
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setOverZone(false);
    onFiles([...event.dataTransfer.files]);
  }

  const className = isOverZone ? "drop-zone is-over" : "drop-zone";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a short cut for the labelled input inside
    <div className={className} onDragOver={over} onDragLeave={() => setOverZone(false)} onDrop={drop}>
      <input
        id={id}
        className="only-spoken drop-input"
        type="file"
        accept=".mp3,audio/mpeg"
        multiple
        onChange={choose}
      />
      <label className="button is-main" htmlFor={id}>
        Choose MP3 files
      </label>
      <span className="quiet">or drop them here. MP3 only, at most 20 MB each.</span>
    </div>
  );
}

function UploadRow({ upload, onCancel }: { upload: Upload; onCancel: () => void }) {
  const { file, state } = upload;
  return (
    <li className="upload">
      <span className="upload-name">
        {file.name} <span className="quiet small">{fileSize(file.size)}</span>
      </span>
      {state.kind === "sending" ? (
        <progress max={1} value={state.fraction} aria-label={`Progress of ${file.name}`} />
      ) : null}
      <span className={state.kind === "refused" ? "mistake" : "small"} role={isOver(upload) ? "status" : undefined}>
        <Prose text={words(state)} />
      </span>
      {isOver(upload) ? null : (
        <button type="button" className="button is-small" aria-label={`Cancel ${file.name}`} onClick={onCancel}>
          Cancel
        </button>
      )}
    </li>
  );
}

function words(state: Upload["state"]): string {
  switch (state.kind) {
    case "waiting":
      return "waits for its turn";
    case "sending":
      // All is sent, but the service still reads it: that is not the same as done.
      return state.fraction < 1 ? `${Math.floor(state.fraction * 100)} %` : "being checked…";
    case "done":
      return "is in the library";
    case "cancelled":
      return "cancelled";
    case "refused":
      return `Refused: ${state.reason}`;
  }
}
