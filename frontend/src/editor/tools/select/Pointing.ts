/** Owns the moment between a press on an object (or with Alt on a vertex) and either its release (a click) or a drag. */

import type { ToolPointer } from "../../input/events";
import { isDrag } from "../drafting";
import { SelectState } from "./SelectState";

export class Pointing extends SelectState {
  readonly id = "pointing";
  readonly cursor = "move";

  onPointerMove(pointer: ToolPointer): void {
    if (!isDrag(this.tool.pressed, pointer.screen)) return;
    this.tool.transition(this.tool.pressedEdge || this.tool.handle ? "resizing" : "translating");
    this.tool.state.onPointerMove?.(pointer);
  }

  onPointerUp(): void {
    const { handle, pressedAlt, clickTarget } = this.tool;
    if (handle && pressedAlt) this.tool.deleteVertex(handle);
    this.editor.selection.setVertices(new Set());
    if (clickTarget !== null) this.editor.selection.set([clickTarget]);
    this.tool.transition("idle");
  }
}
