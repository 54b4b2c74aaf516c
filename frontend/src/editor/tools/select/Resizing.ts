/** Owns the drag of one handle, or of a vertex that the drag puts into an edge. */

import type { ToolPointer } from "../../input/events";
import { shapeUtil } from "../../shapes";
import { insidePicture } from "../drafting";
import { SelectState } from "./SelectState";

export class Resizing extends SelectState {
  readonly id = "resizing";
  readonly cursor = "move";

  onEnter(): void {
    const record = this.tool.editable();
    this.tool.beginDrag(this.tool.pressedEdge ? "Add vertex" : "Reshape", record ? [record] : []);
    if (this.tool.pressedEdge) this.tool.insertVertex(this.tool.pressedEdge);
  }

  onPointerMove(pointer: ToolPointer): void {
    const { handle } = this.tool;
    if (handle === null) return;
    const to = insidePicture(this.editor, pointer);
    this.tool.reshape((original) => shapeUtil(original).moveHandle(original, handle, to));
  }

  onPointerUp(pointer: ToolPointer): void {
    this.onPointerMove(pointer);
    this.tool.endDrag();
    this.tool.transition("idle");
  }

  onCancel(): void {
    this.tool.bailDrag();
  }
}
