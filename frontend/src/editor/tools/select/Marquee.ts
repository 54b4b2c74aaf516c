/** Owns the rubber band: a drag over nothing selects what it touches, a click on nothing selects nothing. */

import { pointsToBox } from "../../geometry/box";
import type { ImagePoint } from "../../geometry/point";
import type { ToolPointer } from "../../input/events";
import type { Painter } from "../../view/Painter";
import { isDrag } from "../drafting";
import { SelectState } from "./SelectState";

export class Marquee extends SelectState {
  readonly id = "marquee";
  readonly cursor = "crosshair";
  private end: ImagePoint | null = null;
  private before: ReadonlySet<string> = new Set();

  onEnter(): void {
    this.end = null;
    this.before = this.editor.selection.ids.get();
  }

  onPointerMove(pointer: ToolPointer): void {
    if (this.end === null && !isDrag(this.tool.pressed, pointer.screen)) return;
    this.end = pointer.point;
    const touched = this.editor.hits.within(pointsToBox(this.tool.start, this.end)).map((record) => record.id);
    this.editor.selection.set(pointer.shift || pointer.ctrl ? [...this.before, ...touched] : touched);
    this.editor.requestOverlay();
  }

  onPointerUp(pointer: ToolPointer): void {
    if (this.end === null && !pointer.shift && !pointer.ctrl) this.editor.selection.clear();
    this.tool.transition("idle");
  }

  onCancel(): void {
    this.editor.selection.set(this.before);
  }

  draw(painter: Painter): void {
    if (this.end === null) return;
    painter.box(pointsToBox(this.tool.start, this.end), { color: "#4dabf7", fill: 0.12, width: 1, dash: [] });
  }
}
