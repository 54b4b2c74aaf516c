/** Owns the moment between a press on an object and either its release (a click) or a drag. */

import type { ToolPointer } from "../../input/events";
import { isDrag } from "../drafting";
import { SelectState } from "./SelectState";

export class Pointing extends SelectState {
  readonly id = "pointing";
  readonly cursor = "move";

  onPointerMove(pointer: ToolPointer): void {
    if (!isDrag(this.tool.pressed, pointer.screen)) return;
    this.tool.transition(this.tool.pressedEdge ? "resizing" : "translating");
    this.tool.state.onPointerMove?.(pointer);
  }

  onPointerUp(): void {
    if (this.tool.clickTarget !== null) this.editor.selection.set([this.tool.clickTarget]);
    this.tool.transition("idle");
  }
}
