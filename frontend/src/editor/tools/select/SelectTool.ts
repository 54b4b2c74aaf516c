/** Owns what the states of the select tool share: what was pressed, and the drag that goes on. */

import type { ImagePoint, Point, ScreenPoint } from "../../geometry/point";
import { distance } from "../../geometry/point";
import type { EdgePlace } from "../../geometry/polygon";
import type { ToolPointer } from "../../input/events";
import { shapeUtil, type Shape } from "../../shapes";
import type { Handle } from "../../shapes/ShapeUtil";
import type { Mark } from "../../store/History";
import type { AnnotationRecord } from "../../store/records";
import type { Painter } from "../../view/Painter";
import { classToColor } from "../../view/styles";
import { Tool, type ToolState } from "../Tool";
import { Idle } from "./Idle";
import { Marquee } from "./Marquee";
import { Panning } from "./Panning";
import { Pointing } from "./Pointing";
import { Resizing } from "./Resizing";
import { Translating } from "./Translating";

/** CSS pixels: handles of something smaller would cover it. */
const HANDLE_SHAPE = 14;

export class SelectTool extends Tool {
  readonly id = "select";
  pressed: ScreenPoint = { x: 0, y: 0 };
  start: ImagePoint = { x: 0, y: 0 };
  /** A press on an edge: a drag from here inserts a vertex. */
  pressedEdge: EdgePlace | null = null;
  /** A click (without a drag) selects this one. */
  clickTarget: string | null = null;
  /** The handle in hand. */
  handle: string | null = null;
  /** The place on an edge under the pointer. */
  ghost: Point | null = null;
  private mark: Mark | null = null;
  private drag: ReadonlyMap<string, Shape> = new Map();

  protected createStates(): readonly [ToolState, ...ToolState[]] {
    return [
      new Idle(this, this.editor),
      new Pointing(this, this.editor),
      new Translating(this, this.editor),
      new Resizing(this, this.editor),
      new Marquee(this, this.editor),
      new Panning(this, this.editor),
    ];
  }

  /** The one selected object, when it can be reshaped. */
  editable(): AnnotationRecord | null {
    const id = this.editor.selection.single();
    const record = id === null ? null : this.editor.store.findAnnotation(id);
    return record && this.editor.hits.isReachable(record) ? record : null;
  }

  handles(): readonly Handle[] {
    const record = this.editable();
    if (!record) return [];
    const bounds = shapeUtil(record.shape).bounds(record.shape);
    const side = this.editor.camera.toImageLength(HANDLE_SHAPE);
    if (!bounds || (bounds[2] < side && bounds[3] < side)) return [];
    return shapeUtil(record.shape).handles(record.shape);
  }

  handleAt(pointer: ToolPointer): Handle | null {
    let best: Handle | null = null;
    let nearest = pointer.tolerance * 1.5;
    for (const handle of this.handles()) {
      const away = distance(handle.point, pointer.point);
      if (away > nearest) continue;
      best = handle;
      nearest = away;
    }
    return best;
  }

  edgeAt(pointer: ToolPointer): EdgePlace | null {
    const record = this.editable();
    return record ? shapeUtil(record.shape).findEdge(record.shape, pointer.point, pointer.tolerance) : null;
  }

  press(pointer: ToolPointer): void {
    this.pressed = pointer.screen;
    this.start = pointer.point;
    this.pressedEdge = null;
    this.clickTarget = null;
  }

  /** From here on everything is one undo step, until `endDrag` or `bailDrag`. */
  beginDrag(name: string, records: readonly AnnotationRecord[]): void {
    this.mark = this.editor.history.mark(name);
    this.drag = new Map(records.map((record) => [record.id, record.shape]));
  }

  /** The shapes as they were when the drag began. */
  get originals(): ReadonlyMap<string, Shape> {
    return this.drag;
  }

  reshape(change: (original: Shape) => Shape): void {
    this.editor.edits.reshape(new Map([...this.drag].map(([id, original]) => [id, change(original)])));
  }

  /** Clamps what was dragged; if that leaves nothing of an object, the whole drag is taken back. */
  endDrag(): void {
    const size = this.editor.imageSize();
    const clamped = [...this.drag.keys()].map((id) => {
      const record = this.editor.store.findAnnotation(id);
      return [id, record ? shapeUtil(record.shape).clamp(record.shape, size) : null] as const;
    });
    const kept = clamped.filter((entry): entry is readonly [string, Shape] => entry[1] !== null);
    if (kept.length < clamped.length) {
      this.bailDrag();
      return;
    }
    this.editor.edits.reshape(new Map(kept));
    if (this.mark) this.editor.history.squash(this.mark);
    this.mark = null;
  }

  bailDrag(): void {
    if (this.mark) this.editor.history.bail(this.mark);
    this.mark = null;
  }

  insertVertex(place: EdgePlace): void {
    const record = this.editable();
    if (!record) return;
    const inserted = shapeUtil(record.shape).insertVertex(record.shape, place);
    this.handle = inserted.handle;
    this.drag = new Map([[record.id, inserted.shape]]);
    this.editor.edits.reshape(this.drag);
  }

  deleteVertex(handle: Handle): void {
    const record = this.editable();
    const shape = record ? shapeUtil(record.shape).deleteVertex(record.shape, handle.id) : null;
    if (record && shape) this.editor.edits.patch([record.id], { shape }, "Delete vertex");
  }

  override draw(painter: Painter): void {
    const record = this.editable();
    if (record) {
      const color = classToColor(record.classId, this.editor.store);
      painter.handles(
        this.handles().map((handle) => handle.point),
        color,
      );
      if (this.ghost) painter.dot(this.ghost, color, 8);
    }
    super.draw(painter);
  }
}
