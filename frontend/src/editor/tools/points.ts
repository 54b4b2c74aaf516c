/** Owns what tools share whose object is given by points: clicks set them; a drag sets two, or draws a line freehand. */

import { distance, type ImagePoint, type ScreenPoint, type Vertex } from "../geometry/point";
import { lineSimplify } from "../geometry/polygon";
import type { ToolPointer } from "../input/events";
import type { Shape } from "../shapes";
import type { Painter } from "../view/Painter";
import { draftColor, draftStyle, insidePicture, isDrag, isPrimary } from "./drafting";
import { PointByPoint } from "./pointByPoint";
import { Tool, type ToolState } from "./Tool";

/** CSS pixels. */
const FREEHAND_TOLERANCE = 0.8;

export abstract class PointsTool extends Tool {
  points: ImagePoint[] = [];
  /** Where a drag has been so far. */
  private trail: ImagePoint[] = [];
  /** Where the next one would be. */
  private next: ImagePoint | null = null;
  protected pressed: ScreenPoint = { x: 0, y: 0 };

  protected createStates(): readonly [ToolState, ...ToolState[]] {
    return [new Idle(this), new Dragging(this), new Stretching(this)];
  }

  /** With this many the object is done; Infinity: Enter or a double click says so. */
  protected abstract readonly most: number;
  /** The object that the points give so far; null when they are too few for one. */
  protected abstract shapeOf(points: readonly ImagePoint[]): Shape | null;

  begin(pointer: ToolPointer): void {
    this.pressed = pointer.screen;
    this.trail = [];
    this.points = [this.editor.snapping.aim(pointer)];
    this.aim(pointer);
    this.transition("dragging");
  }

  aim(pointer: ToolPointer): void {
    this.next = this.editor.snapping.aim(pointer);
    this.editor.requestOverlay();
  }

  /** A drag of an object with any number of points draws it freehand. */
  drag(pointer: ToolPointer): void {
    this.aim(pointer);
    if (this.isOpenEnded) this.trail.push(insidePicture(this.editor, pointer));
  }

  /** The press that set the first point is over: far from there it sets the second one too, or those of the way. */
  release(pointer: ToolPointer): void {
    this.transition("stretching");
    if (!isDrag(this.pressed, pointer.screen)) return;
    this.points.push(...this.wayPoints(pointer));
    this.add(pointer);
  }

  add(pointer: ToolPointer): void {
    this.trail = [];
    this.aim(pointer);
    if (this.next) this.points.push(this.next);
    if (this.points.length >= this.most) this.finish();
  }

  removeLast(): void {
    this.points.pop();
    if (this.points.length === 0) this.transition("idle");
    this.editor.requestOverlay();
  }

  /** Too few points, or too small an object, are dropped without a word. */
  finish(): void {
    const shape = this.shapeOf(this.points);
    this.transition("idle");
    if (shape) this.editor.edits.create(shape);
  }

  drawDraft(painter: Painter): void {
    const style = draftStyle(this.editor);
    const points = this.next ? [...this.points, ...this.trail, this.next] : this.points;
    const shape = this.shapeOf(points);
    if (shape) painter.shape(shape, style);
    else painter.line(points, { ...style, fill: 0 });
    if (this.most > 2) painter.handles(this.points, draftColor(this.editor), 6);
  }

  /** What is left of the trail between first and last point when it is simplified. */
  private wayPoints(pointer: ToolPointer): readonly ImagePoint[] {
    const way = [...this.points, ...this.trail, this.editor.snapping.aim(pointer)];
    const line = lineSimplify(
      way.map(({ x, y }): Vertex => [x, y]),
      this.editor.camera.toImageLength(FREEHAND_TOLERANCE),
    );
    return line.slice(1, -1).map(([x, y]) => ({ x, y }));
  }

  get isOpenEnded(): boolean {
    return this.most === Infinity;
  }

  isOnLast(pointer: ToolPointer): boolean {
    const last = this.points.at(-1);
    return last !== undefined && distance(last, this.editor.snapping.aim(pointer)) <= pointer.tolerance;
  }
}

abstract class PointsState implements ToolState {
  abstract readonly id: string;
  readonly cursor = "crosshair";
  protected readonly tool: PointsTool;

  constructor(tool: PointsTool) {
    this.tool = tool;
  }
}

class Idle extends PointsState {
  readonly id = "idle";

  onPointerDown(pointer: ToolPointer): void {
    if (isPrimary(pointer)) this.tool.begin(pointer);
  }

  /** Where the first point would be drawn to. */
  onPointerMove(pointer: ToolPointer): void {
    this.tool.aim(pointer);
  }
}

/** The button is down on the first point: a release far from it sets the second, one nearby makes it a click. */
class Dragging extends PointsState {
  readonly id = "dragging";

  onPointerMove(pointer: ToolPointer): void {
    this.tool.drag(pointer);
  }

  onPointerUp(pointer: ToolPointer): void {
    this.tool.release(pointer);
  }

  draw(painter: Painter): void {
    this.tool.drawDraft(painter);
  }
}

/** Between two clicks. The right button takes the last point back, as its key does. */
class Stretching extends PointByPoint<PointsTool> {
  readonly id = "stretching";

  onPointerDown(pointer: ToolPointer): void {
    if (pointer.button === 2) this.tool.removeLast();
    if (!isPrimary(pointer)) return;
    if (this.tool.isOpenEnded && pointer.clicks > 1 && this.tool.isOnLast(pointer)) this.tool.finish();
    else this.tool.add(pointer);
  }

  onPointerMove(pointer: ToolPointer): void {
    this.tool.aim(pointer);
  }
}
