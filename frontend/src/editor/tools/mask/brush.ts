/** Owns the brush: paints on the selected mask of the active class, or begins a new mask; the right button erases. */

import type { EditorContext } from "../../context";
import type { ToolPointer } from "../../input/events";
import type { ToolDefinition } from "../Tool";
import { StrokeTool } from "./StrokeTool";
import { growingMask, selectedMask, takeClass } from "./target";

class BrushTool extends StrokeTool {
  readonly id = "brush";

  override enter(): void {
    super.enter();
    takeClass(this.editor);
  }

  press(pointer: ToolPointer): void {
    const mask = selectedMask(this.editor);
    if (pointer.button === 2 && mask) this.begin(pointer, mask, 0);
    if (pointer.button !== 0 || this.editor.session.get().activeClass === null) return;
    this.begin(pointer, growingMask(this.editor), 1);
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
