/** Owns what the states of the select tool share: what was pressed, and the drag that goes on. */

import { boxContains, boxExpand, type Box } from "../../geometry/box";
import type { ImagePoint, Point, ScreenPoint } from "../../geometry/point";
import { distance } from "../../geometry/point";
import type { EdgePlace } from "../../geometry/polygon";
import type { ToolPointer } from "../../input/events";
import { shapeUtil, type Shape } from "../../shapes";
import type { Handle } from "../../shapes/ShapeUtil";
import { recordsToBounds } from "../../store/Clipboard";
import type { Mark } from "../../store/History";
import type { AnnotationRecord } from "../../store/records";
import type { Painter } from "../../view/Painter";
import { classToColor } from "../../view/styles";
import { Tool, type ToolState } from "../Tool";
import { drawFrame, frameHandles } from "./frame";
import { drawGroups } from "./groups";
import { drawChosen, drawHandles } from "./handles";
import { Idle } from "./Idle";
import { Marquee } from "./Marquee";
import { Panning } from "./Panning";
import { Pointing } from "./Pointing";
import { Resizing } from "./Resizing";
import { Transforming } from "./Transforming";
import { Translating } from "./Translating";
import { hasVertices, insertShared, selectedVertices, type VertexGroups } from "./vertices";

/** Around more objects than these nothing is drawn: the frame is found anew on every move of the pointer. */
const MOST_FRAMED = 2000;
const NO_VERTICES: ReadonlySet<string> = new Set();
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
  /** The rubber band takes vertices of the selected object; a click without a drag is one on the object. */
  pressedVertices = false;
  /** The press was made with Alt: a click on a vertex deletes it, a drag turns `sharedVertices` round. */
  pressedAlt = false;
  /** The handle in hand. */
  handle: Handle | null = null;
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
      new Transforming(this, this.editor),
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

  /** The selected objects that can be moved. */
  movable(): readonly AnnotationRecord[] {
    const { selection, store, hits } = this.editor;
    return [...selection.ids.get()]
      .map((id) => store.findAnnotation(id))
      .filter((record) => record !== null)
      .filter((record) => hits.isReachable(record) && !record.pinned);
  }

  handles(): readonly Handle[] {
    const record = this.editable();
    if (!record) return frameHandles(this.frame(), this.editor.camera.toImageLength(1));
    const bounds = shapeUtil(record.shape).bounds(record.shape);
    const side = this.editor.camera.toImageLength(HANDLE_SHAPE);
    const handles = shapeUtil(record.shape).handles(record.shape, this.editor.camera.toImageLength(1));
    const isSmall = !bounds || (bounds[2] < side && bounds[3] < side);
    return isSmall && handles.length > 1 ? [] : handles;
  }

  /** Around several objects that can be moved; null around one. */
  frame(): Box | null {
    const { size } = this.editor.selection.ids.get();
    if (size < 2 || size > MOST_FRAMED || this.editor.session.get().readOnly) return null;
    const movable = this.movable();
    return movable.length < 2 ? null : recordsToBounds(movable);
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
    this.handle = null;
    this.pressedVertices = false;
    this.pressedAlt = pointer.alt;
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

  /** The drag takes these objects along. */
  dragAlso(groups: VertexGroups): void {
    this.drag = new Map([...groups].map(([id, { shape }]) => [id, shape]));
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
    const { shape, handle } = inserted;
    this.handle =
      shapeUtil(shape)
        .handles(shape)
        .find(({ id }) => id === handle) ?? null;
    this.drag = new Map([[record.id, shape]]);
    this.editor.edits.reshape(this.drag);
    if (this.movesShared) insertShared(this.editor, record.id, place.point);
  }

  deleteVertex(handle: Handle): void {
    const record = this.editable();
    const shape = record && shapeUtil(record.shape).editVertices(record.shape, new Set([handle.id]), () => null);
    if (record && shape) this.editor.edits.patch([record.id], { shape }, "Delete vertex");
  }

  /** Whether vertices that other objects have at the same place go along. */
  get movesShared(): boolean {
    return this.editor.session.get().sharedVertices !== this.pressedAlt;
  }

  /** The vertex under the pointer, of an object that consists of vertices. */
  vertexAt(pointer: ToolPointer): Handle | null {
    const record = this.editable();
    return record && hasVertices(record.shape) ? this.handleAt(pointer) : null;
  }

  /** Whether a rubber band from here would take vertices: inside the bounds of the selected object. */
  isAmongVertices(pointer: ToolPointer): boolean {
    const record = this.editable();
    const bounds = record && hasVertices(record.shape) ? shapeUtil(record.shape).bounds(record.shape) : null;
    return bounds !== null && boxContains(boxExpand(bounds, 2 * pointer.tolerance), pointer.point);
  }

  override draw(painter: Painter): void {
    drawGroups(painter, this.editor);
    const record = this.editable();
    if (record) {
      const color = classToColor(record.classId, this.editor.store);
      drawHandles(painter, this.handles(), color, this.editor.store.findClass(record.classId)?.skeleton?.points ?? []);
      drawChosen(painter, this.handles(), selectedVertices(this.editor)?.handles ?? NO_VERTICES, color);
      if (this.ghost) painter.dot(this.ghost, color, 8);
    }
    const frame = record ? null : this.frame();
    if (frame) drawFrame(painter, frame);
    super.draw(painter);
  }
}
