/** Owns the brush: paints on the selected mask of the active class, or begins a new mask; the right button erases. */

import type { EditorContext } from "../../context";
import type { ToolPointer } from "../../input/events";
import type { ToolDefinition } from "../Tool";
import { StrokeTool } from "./StrokeTool";
import { growingMask, selectedMask, takeClass } from "./target";

export class BrushTool extends StrokeTool {
  readonly id: string = "brush";

  override enter(): void {
    super.enter();
    takeClass(this.editor);
  }

  press(pointer: ToolPointer): void {
    if (pointer.button !== 0 && pointer.button !== 2) return;
    const mask = selectedMask(this.editor);
    if (!this.takesAway(pointer)) this.begin(pointer, growingMask(this.editor), 1);
    else if (mask) this.begin(pointer, mask, 0);
  }

  /** The press clears pixels of the selected mask. */
  protected takesAway(pointer: ToolPointer): boolean {
    return pointer.button === 2;
  }
}

export const brush: ToolDefinition = {
  id: "brush",
  title: "Brush",
  keys: ["M"],
  icon: "M20 3l-9 9l2 2l8-10zM10 13c-2 0-3 1.500-3 3s-1 2.500-3 3c3 2 8 1 8-3.500",
  shapes: ["mask"],
  group: "Mask",
  create: (editor: EditorContext) => new BrushTool(editor),
};
