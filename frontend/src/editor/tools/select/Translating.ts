/** Owns the drag of the selected objects; they stay inside the picture. Of very many, only the frame moves until the release. */

import { boxTranslate, type Box } from "../../geometry/box";
import type { Point } from "../../geometry/point";
import { clampMove } from "../../geometry/transform";
import type { ToolPointer } from "../../input/events";
import { shapeUtil } from "../../shapes";
import { recordsToBounds } from "../../store/Clipboard";
import type { Painter } from "../../view/Painter";
import { SelectState } from "./SelectState";

/** Objects: moving more of them on every event would take longer than a frame. */
const LIVE_LIMIT = 500;

export class Translating extends SelectState {
  readonly id = "translating";
  readonly cursor = "move";
  private bounds: Box | null = null;
  private move: Point = { x: 0, y: 0 };

  onEnter(): void {
    const movable = this.tool.movable();
    this.bounds = recordsToBounds(movable);
    this.move = { x: 0, y: 0 };
    this.tool.beginDrag("Move", movable);
  }

  onPointerMove(pointer: ToolPointer): void {
    if (!this.bounds) return;
    const wanted = { x: pointer.point.x - this.tool.start.x, y: pointer.point.y - this.tool.start.y };
    this.move = clampMove(this.bounds, this.editor.imageSize(), wanted);
    if (this.tool.originals.size <= LIVE_LIMIT) this.apply();
    else this.editor.requestOverlay();
  }

  onPointerUp(pointer: ToolPointer): void {
    this.onPointerMove(pointer);
    this.apply();
    this.tool.endDrag();
    this.tool.transition("idle");
  }

  draw(painter: Painter): void {
    if (!this.bounds || this.tool.originals.size <= LIVE_LIMIT) return;
    const moved = boxTranslate(this.bounds, this.move.x, this.move.y);
    painter.box(moved, { color: "#4dabf7", fill: 0.12, width: 2, dash: [] });
  }

  onCancel(): void {
    this.tool.bailDrag();
  }

  private apply(): void {
    this.tool.reshape((original) => shapeUtil(original).translate(original, this.move.x, this.move.y));
  }
}
