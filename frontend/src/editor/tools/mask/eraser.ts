/** Owns the eraser: clears pixels of the selected mask, or without one of the mask under the press. */

import type { EditorContext } from "../../context";
import type { ToolPointer } from "../../input/events";
import { isPrimary } from "../drafting";
import type { ToolDefinition } from "../Tool";
import { StrokeTool } from "./StrokeTool";
import { maskUnder, selectedMask } from "./target";

class EraserTool extends StrokeTool {
  readonly id = "eraser";

  press(pointer: ToolPointer): void {
    const mask = isPrimary(pointer) ? (selectedMask(this.editor) ?? maskUnder(this.editor, pointer)) : null;
    if (mask === null) return;
    this.editor.selection.set([mask.id]);
    this.begin(pointer, mask, 0);
  }
}

export const eraser: ToolDefinition = {
  id: "eraser",
  title: "Eraser",
  keys: ["E"],
  icon: "M4 15l9-10l6 5.500l-9 10H7zM8.500 10l6 5.500M10 20.500h10",
  shapes: ["mask"],
  group: "Mask",
  create: (editor: EditorContext) => new EraserTool(editor),
};
