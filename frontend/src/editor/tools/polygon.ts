/** Owns the drawing of polygons: clicks set vertices, a drag draws freehand, the first vertex, Enter or a double click ends. */

import type { EditorContext } from "../context";
import { distance, type ImagePoint, type ScreenPoint, type Vertex } from "../geometry/point";
import { lineSimplify, ringClean, type Ring } from "../geometry/polygon";
import type { DrawingAction } from "../input/drawingActions";
import type { ToolPointer } from "../input/events";
import { ringToPolygonShape } from "../shapes/polygon";
import type { Painter } from "../view/Painter";
import type { PaintStyle } from "../view/styles";
import { draftColor, draftStyle, insidePicture, isDrag, isPrimary } from "./drafting";
import { GrowingOutline, shareEnds, type SharedEnds } from "./GrowingOutline";
import { PointByPoint } from "./pointByPoint";
import { Redrawing } from "./Redrawing";
import { Tool, type ToolDefinition, type ToolState } from "./Tool";

/** CSS pixels. */
const CLOSE_DISTANCE = 9;
const FREEHAND_STEP = 3;
const FREEHAND_TOLERANCE = 0.8;

export class PolygonTool extends Tool {
  readonly id: string = "polygon";
  readonly outline = new GrowingOutline(this.editor);
  pointer: ImagePoint | null = null;
  pressed: ScreenPoint = { x: 0, y: 0 };
  private readonly redrawing = new Redrawing(this.editor, () => this.transition("idle"));

  protected createStates(): readonly [ToolState, ...ToolState[]] {
    return [new Idle(this), new Drawing(this), new Pressing(this), new Freehand(this), this.redrawing];
  }

  /** With Shift, on the outline of the selected polygon. */
  redraw(pointer: ToolPointer): boolean {
    if (!pointer.shift || !this.redrawing.begin(pointer)) return false;
    this.transition("redrawing");
    return true;
  }

  /** A press sets a vertex at once; what follows decides whether a freehand line grows from it. */
  press(pointer: ToolPointer): void {
    this.pressed = pointer.screen;
    this.aim(pointer);
    if (this.pointer) this.outline.press(this.pointer, this.follows(pointer));
    this.transition("pressing");
  }

  /** A second press where a leg along a border ends turns it round the other way. */
  pressLast(pointer: ToolPointer): boolean {
    const { last } = this.outline;
    if (last === null || distance(last, pointer.point) > pointer.tolerance || !this.outline.flipLast()) return false;
    this.editor.requestOverlay();
    return true;
  }

  aim(pointer: ToolPointer): void {
    const { first } = this.outline;
    this.pointer = this.editor.snapping.aim(pointer);
    if (first && this.isClosing(pointer)) this.pointer = first;
    this.outline.aim(this.pointer, this.follows(pointer));
    this.editor.requestOverlay();
  }

  /** Freehand: the line goes where the pointer goes. */
  glide(pointer: ToolPointer): ImagePoint {
    this.pointer = insidePicture(this.editor, pointer);
    this.editor.requestOverlay();
    return this.pointer;
  }

  flip(): boolean {
    this.editor.requestOverlay();
    return this.outline.flip();
  }

  isClosing(pointer: ToolPointer): boolean {
    const { first, vertices } = this.outline;
    if (!first || vertices.length < 3) return false;
    return distance(this.editor.camera.toScreen(first), pointer.screen) <= CLOSE_DISTANCE;
  }

  removeLast(): void {
    this.outline.removeLast();
    if (this.outline.last === null) this.reset();
    this.editor.requestOverlay();
  }

  /** The last leg goes back to where the outline began, along a border if both ends lie on one. */
  close(pointer: ToolPointer): void {
    const { first } = this.outline;
    if (first) this.outline.press(first, this.follows(pointer));
    this.finish();
  }

  /** Too small an object is dropped without a word. */
  finish(): void {
    const ring = ringClean(this.outline.vertices.map(({ x, y }): Vertex => [x, y]));
    const ends = this.outline.sharedEnds();
    this.reset();
    if (ring.length >= 3) this.keep(ring, ends);
  }

  /** What becomes of a finished outline. */
  protected keep(ring: Ring, ends: SharedEnds): void {
    this.editor.history.run("Add polygon", () => {
      const id = this.editor.edits.create(ringToPolygonShape(ring));
      if (id !== null) shareEnds(this.editor, ends);
    });
  }

  reset(): void {
    this.outline.clear();
    this.transition("idle");
  }

  simplifyTolerance(): number {
    return this.editor.camera.toImageLength(FREEHAND_TOLERANCE);
  }

  lineStyle(): PaintStyle {
    return { ...draftStyle(this.editor), fill: 0 };
  }

  drawDraft(painter: Painter): void {
    const { vertices, verticesAhead } = this.outline;
    const style = draftStyle(this.editor);
    painter.line(verticesAhead, { ...style, width: 0 }, true);
    painter.line(verticesAhead, { ...style, fill: 0 });
    painter.handles(vertices.slice(1), draftColor(this.editor), 5);
    painter.handles(vertices.slice(0, 1), draftColor(this.editor), vertices.length >= 3 ? 10 : 6);
  }

  get isSnapped(): boolean {
    return this.editor.snapping.current !== null;
  }

  private follows(pointer: ToolPointer): boolean {
    return this.editor.session.get().snapping && !pointer.ctrl;
  }
}

class Idle implements ToolState {
  readonly id = "idle";
  readonly cursor = "crosshair";
  private readonly tool: PolygonTool;

  constructor(tool: PolygonTool) {
    this.tool = tool;
  }

  onPointerDown(pointer: ToolPointer): void {
    if (isPrimary(pointer) && !this.tool.redraw(pointer)) this.tool.press(pointer);
  }

  /** Where the first vertex would be drawn to. */
  onPointerMove(pointer: ToolPointer): void {
    this.tool.aim(pointer);
  }
}

/** Between two vertices, no button down. */
class Drawing extends PointByPoint<PolygonTool> {
  readonly id: string = "drawing";

  onPointerDown(pointer: ToolPointer): void {
    if (!isPrimary(pointer)) return;
    if (pointer.clicks > 1) this.tool.finish();
    else if (this.tool.isClosing(pointer)) this.tool.close(pointer);
    else if (!this.tool.pressLast(pointer)) this.tool.press(pointer);
  }

  override onAction(action: DrawingAction): boolean {
    return action === "flip-border" ? this.tool.flip() : super.onAction(action);
  }

  onPointerMove(pointer: ToolPointer): void {
    this.tool.aim(pointer);
  }

  onCancel(): void {
    this.tool.reset();
  }
}

/** The button is down on a fresh vertex. */
class Pressing extends Drawing {
  override readonly id = "pressing";

  override onPointerDown(): void {
    // Another button: the first one decides.
  }

  override onPointerMove(pointer: ToolPointer): void {
    this.tool.aim(pointer);
    if (isDrag(this.tool.pressed, pointer.screen)) this.tool.transition("freehand");
  }

  onPointerUp(): void {
    this.tool.transition("drawing");
  }
}

/** The button is down and the pointer leaves a line; a release near the first vertex closes the polygon. */
class Freehand extends Drawing {
  override readonly id = "freehand";
  private line: ImagePoint[] = [];
  private last: ScreenPoint = { x: 0, y: 0 };

  onEnter(): void {
    this.line = this.tool.outline.vertices.slice(-1);
    this.last = this.tool.pressed;
    if (this.tool.pointer) this.line.push(this.tool.pointer);
  }

  override onPointerDown(): void {
    // Another button: the line goes on.
  }

  override onPointerMove(pointer: ToolPointer): void {
    const at = this.tool.glide(pointer);
    if (distance(this.last, pointer.screen) < FREEHAND_STEP) return;
    this.last = pointer.screen;
    this.line.push(at);
  }

  onPointerUp(pointer: ToolPointer): void {
    this.onPointerMove(pointer);
    const tolerance = this.tool.simplifyTolerance();
    const line = lineSimplify(
      this.line.map(({ x, y }): Vertex => [x, y]),
      tolerance,
    );
    const drawn = line.slice(1).map(([x, y]): ImagePoint => ({ x, y }));
    this.tool.aim(pointer);
    // The line ends on a border where it was let go near one.
    if (this.tool.isSnapped && this.tool.pointer) drawn.splice(-1, 1, this.tool.pointer);
    this.tool.outline.append(drawn);
    if (this.tool.isClosing(pointer)) this.tool.finish();
    else this.tool.transition("drawing");
  }

  override draw(painter: Painter): void {
    this.tool.drawDraft(painter);
    painter.line(this.line, this.tool.lineStyle());
  }
}

export const polygon: ToolDefinition = {
  id: "polygon",
  title: "Polygon",
  keys: ["P"],
  icon: "M5 8l7-4l7 5l-2 9l-9 1zM4 7h2v2H4zM11 3h2v2h-2zM18 8h2v2h-2zM16 17h2v2h-2zM7 18h2v2H7z",
  shapes: ["polygon"],
  group: "Draw",
  create: (editor: EditorContext) => new PolygonTool(editor),
};
