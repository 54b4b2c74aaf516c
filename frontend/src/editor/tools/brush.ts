/** Owns the brush: paints on the selected mask of the active class, or begins a new mask; the right button erases. */

import type { EditorContext } from "../context";
import type { ToolPointer } from "../input/events";
import { StrokeTool } from "./strokes";
import type { ToolDefinition } from "./Tool";

class BrushTool extends StrokeTool {
  readonly id = "brush";

  /** Taking the brush with a mask selected means that mask. */
  override enter(): void {
    super.enter();
    const mask = this.selectedMask();
    if (mask) this.editor.session.update((session) => ({ ...session, activeClass: mask.classId }));
  }

  press(pointer: ToolPointer): void {
    const mask = this.selectedMask();
    if (pointer.button === 2 && mask) this.begin(pointer, mask, 0);
    if (pointer.button !== 0) return;
    const { activeClass } = this.editor.session.get();
    if (activeClass !== null) this.begin(pointer, mask?.classId === activeClass ? mask : null, 1);
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
