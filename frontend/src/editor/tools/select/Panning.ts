/** Owns the one-finger drag over nothing: it moves the picture. */

import type { ScreenPoint } from "../../geometry/point";
import type { ToolPointer } from "../../input/events";
import { isDrag } from "../drafting";
import { SelectState } from "./SelectState";

export class Panning extends SelectState {
  readonly id = "panning";
  readonly cursor = "grabbing";
  private last: ScreenPoint = { x: 0, y: 0 };
  private moved = false;

  onEnter(): void {
    this.last = this.tool.pressed;
    this.moved = false;
  }

  onPointerMove(pointer: ToolPointer): void {
    this.moved ||= isDrag(this.tool.pressed, pointer.screen);
    if (!this.moved) return;
    this.editor.camera.panBy(pointer.screen.x - this.last.x, pointer.screen.y - this.last.y);
    this.last = pointer.screen;
  }

  onPointerUp(): void {
    if (!this.moved) this.editor.selection.clear();
    this.tool.transition("idle");
  }
}
