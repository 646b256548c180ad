/**
 * When the sculpture is loaded: never before somebody has shown to be there, and only near it. Lighthouse, crawlers and
 * whoever reads one line and leaves load none of it.
 */
import { whenTouched } from "../presence";

interface Navigator3d extends Navigator {
  connection?: { saveData?: boolean };
  deviceMemory?: number;
}

/** Whether this device can draw it, and its owner would not rather save the bytes. */
export function canDraw(device: Navigator3d = navigator): boolean {
  if (device.connection?.saveData || (device.deviceMemory ?? 8) < 2) return false;
  const context = document.createElement("canvas").getContext("webgl2");
  // A page gets only a few of them.
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

/** Calls back once, after the first sign of a visitor, as soon as the stage is near. */
export function whenNear(stage: Element, then: () => void): void {
  whenTouched(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        then();
      },
      { rootMargin: "25%" },
    );
    observer.observe(stage);
  });
}
