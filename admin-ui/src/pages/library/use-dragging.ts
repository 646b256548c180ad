/** Dragging one row of a list over another: which is dragged, and where it would land. */
import { type DragEvent, useState } from "react";

export interface Dragging {
  isDragged: boolean;
  /** Where the dragged row would land, seen from this one. */
  mark: "before" | "after" | null;
  onDragStart: (event: DragEvent) => void;
  onDragOver: (event: DragEvent) => void;
  onDrop: (event: DragEvent) => void;
  onDragEnd: () => void;
}

/** Gives what the row at an index needs. */
export function useDragging(onMove: (from: number, to: number) => void): (index: number) => Dragging {
  const [dragged, setDragged] = useState<number | null>(null);
  const [target, setTarget] = useState<number | null>(null);

  function end() {
    setDragged(null);
    setTarget(null);
  }

  return (index) => ({
    isDragged: dragged === index,
    mark: target !== index || dragged === null || dragged === index ? null : dragged < index ? "after" : "before",
    onDragStart: (event) => {
      // Firefox starts no drag without a payload.
      event.dataTransfer.setData("text/plain", String(index));
      event.dataTransfer.effectAllowed = "move";
      setDragged(index);
    },
    onDragOver: (event) => {
      // Files from outside are none of this list's business.
      if (dragged === null) return;
      event.preventDefault();
      setTarget(index);
    },
    onDrop: (event) => {
      event.preventDefault();
      if (dragged !== null && target !== null) onMove(dragged, target);
      end();
    },
    onDragEnd: end,
  });
}
