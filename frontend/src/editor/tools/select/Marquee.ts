/** Owns the rubber band: it selects the objects that it touches, or the vertices of the selected one that it holds. */

import { boxContains, pointsToBox, type Box } from "../../geometry/box";
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
  private verticesBefore: ReadonlySet<string> = new Set();

  onEnter(): void {
    this.end = null;
    this.before = this.editor.selection.ids.get();
    this.verticesBefore = this.editor.selection.vertices.get();
  }

  onPointerMove(pointer: ToolPointer): void {
    if (this.end === null && !isDrag(this.tool.pressed, pointer.screen)) return;
    this.end = pointer.point;
    const box = pointsToBox(this.tool.start, this.end);
    if (this.tool.pressedVertices) this.takeVertices(box);
    else this.takeObjects(box, pointer.shift || pointer.ctrl);
    this.editor.requestOverlay();
  }

  private takeObjects(box: Box, add: boolean): void {
    const touched = this.editor.hits.within(box).map((record) => record.id);
    this.editor.selection.set(add ? [...this.before, ...touched] : touched);
  }

  private takeVertices(box: Box): void {
    const held = this.tool.handles().filter(({ point }) => boxContains(box, point));
    this.editor.selection.setVertices(new Set([...this.verticesBefore, ...held.map(({ id }) => id)]));
  }

  onPointerUp(pointer: ToolPointer): void {
    if (this.end === null) this.click(pointer);
    this.tool.transition("idle");
  }

  /** On nothing it selects nothing; with Shift, on an object, it adds or takes that away. */
  private click(pointer: ToolPointer): void {
    const [top] = this.tool.pressedVertices ? this.editor.hits.at(this.tool.start, pointer.tolerance) : [];
    if (top) this.editor.selection.toggle(top.id);
    else if (!pointer.shift && !pointer.ctrl) this.editor.selection.clear();
  }

  onCancel(): void {
    this.editor.selection.set(this.before);
    this.editor.selection.setVertices(this.verticesBefore);
  }

  draw(painter: Painter): void {
    if (this.end === null) return;
    painter.box(pointsToBox(this.tool.start, this.end), { color: "#4dabf7", fill: 0.12, width: 1, dash: [] });
  }
}
