/** Owns Shift in the polygon tool: a line drawn from the selected polygon's outline to its outline takes the place of a part. */

import type { EditorContext } from "../context";
import { distance, type ImagePoint, type ScreenPoint, type Vertex } from "../geometry/point";
import { findEdgePlace, lineSimplify, ringArea, type EdgePlace } from "../geometry/polygon";
import { ringRedraw } from "../geometry/redraw";
import type { ToolPointer } from "../input/events";
import { changeRing, findRing, type PolygonShape } from "../shapes/polygon";
import type { Painter } from "../view/Painter";
import { draftStyle, insidePicture } from "./drafting";
import type { ToolState } from "./Tool";

/** CSS pixels. */
const STEP = 3;
const TOLERANCE = 0.8;
const REACH = 1.5;

interface Outline {
  readonly id: string;
  readonly shape: PolygonShape;
  readonly place: EdgePlace;
}

/** The place on the one selected polygon's outline under the pointer. */
function findOutline(editor: EditorContext, pointer: ToolPointer): Outline | null {
  const id = editor.selection.single();
  const record = id === null ? null : editor.store.findAnnotation(id);
  if (record?.shape.type !== "polygon" || !editor.hits.isReachable(record)) return null;
  const place = findEdgePlace(record.shape.parts, pointer.point, REACH * pointer.tolerance);
  return place && { id: record.id, shape: record.shape, place };
}

export class Redrawing implements ToolState {
  readonly id = "redrawing";
  readonly cursor = "crosshair";
  private readonly editor: EditorContext;
  private readonly leave: () => void;
  private start: Outline | null = null;
  private line: ImagePoint[] = [];
  private last: ScreenPoint = { x: 0, y: 0 };

  /** `leave` takes the tool back to rest. */
  constructor(editor: EditorContext, leave: () => void) {
    this.editor = editor;
    this.leave = leave;
  }

  /** False where the press is not on the outline of the selected polygon. */
  begin(pointer: ToolPointer): boolean {
    this.start = findOutline(this.editor, pointer);
    this.line = [];
    this.last = pointer.screen;
    return this.start !== null;
  }

  onPointerMove(pointer: ToolPointer): void {
    if (distance(this.last, pointer.screen) < STEP) return;
    this.last = pointer.screen;
    this.line.push(insidePicture(this.editor, pointer));
    this.editor.requestOverlay();
  }

  /** A line that ends elsewhere changes nothing. */
  onPointerUp(pointer: ToolPointer): void {
    const [start, end] = [this.start, findOutline(this.editor, pointer)];
    const line = this.line;
    this.leave();
    if (!start || end?.id !== start.id || line.length < 2) return;
    if (end.place.part !== start.place.part || end.place.ring !== start.place.ring) return;
    const ring = findRing(start.shape, start.place);
    const tolerance = this.editor.camera.toImageLength(TOLERANCE);
    const drawn = lineSimplify(
      line.map(({ x, y }): Vertex => [x, y]),
      tolerance,
    );
    const redrawn = ring ? ringRedraw(ring, start.place, end.place, drawn) : [];
    if (redrawn.length < 3 || ringArea(redrawn) === 0) return;
    const shape = changeRing(start.shape, start.place, () => redrawn);
    this.editor.history.run("Redraw outline", () => this.editor.edits.reshape(new Map([[start.id, shape]])));
  }

  draw(painter: Painter): void {
    if (!this.start) return;
    painter.line([this.start.place.point, ...this.line], { ...draftStyle(this.editor), fill: 0 });
  }
}
