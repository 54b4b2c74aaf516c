/** Gives the keyboard back to the canvas after a choice made with the pointer beside it. */
import type { MouseEvent } from "react";

export const CANVAS_ID = "editor-canvas";

/** For onClick of the toolbar and the lists. A click made by a key (detail 0) leaves the focus where the person works. */
export function focusCanvas(event: MouseEvent): void {
  if (event.detail > 0) document.getElementById(CANVAS_ID)?.focus({ preventScroll: true });
}
