/** The real landing page in a frame, as wide as a desktop or a phone and made smaller to fit. The next picture is loaded
 * behind the one that stands, so that nothing flickers while somebody types. */
import { useState } from "react";
import { useWidth } from "../components/charts/use-width.ts";
import { Choices } from "../components/choices.tsx";

const SIZES = { desktop: [1280, 800], phone: [390, 780] } as const;
const CHOICES = [
  ["desktop", "Desktop"],
  ["phone", "Phone"],
] as const;

interface PreviewFrameProps {
  title: string;
  src: string;
}

export function PreviewFrame({ title, src }: PreviewFrameProps) {
  const [size, setSize] = useState<keyof typeof SIZES>("desktop");
  const [shown, setShown] = useState<string | null>(null);
  const [place, width] = useWidth<HTMLDivElement>();
  const [wide, high] = SIZES[size];
  const scale = Math.min(1, width / wide);
  const frames = shown === null || shown === src ? [src] : [shown, src];
  return (
    <div className="preview">
      <div className="row">
        <Choices label="Size of the preview" choices={CHOICES} chosen={size} onChoose={setSize} />
        <a className="button is-small is-plain" href={src} target="_blank" rel="noreferrer">
          Open in a tab
        </a>
      </div>
      <div ref={place} className="preview-place">
        <svg className="preview-canvas" viewBox={`0 0 ${wide * scale} ${high * scale}`} aria-hidden="true" />
        {frames.map((address) => (
          <iframe
            key={address}
            className={address === src && shown !== src && shown !== null ? "preview-frame is-coming" : "preview-frame"}
            title={address === src ? title : `${title}, before the last change`}
            src={address}
            width={wide}
            height={high}
            ref={(frame) => frame?.style.setProperty("scale", String(scale))}
            onLoad={() => address === src && setShown(src)}
          />
        ))}
      </div>
    </div>
  );
}
