/** Owns the drawing of polygons: clicks set vertices, a drag draws freehand, the first vertex, Enter or a double click ends. */

import type { EditorContext } from "../context";
import { distance, type ImagePoint, type ScreenPoint, type Vertex } from "../geometry/point";
import { lineSimplify } from "../geometry/polygon";
import type { KeyInput, ToolPointer } from "../input/events";
import { ringToPolygonShape } from "../shapes/polygon";
import type { Painter } from "../view/Painter";
import type { PaintStyle } from "../view/styles";
import { draftColor, draftStyle, insidePicture, isDrag, isPrimary } from "./drafting";
import { Tool, type ToolDefinition, type ToolState } from "./Tool";

/** CSS pixels. */
const CLOSE_DISTANCE = 9;
const FREEHAND_STEP = 3;
const FREEHAND_TOLERANCE = 0.8;

class PolygonTool extends Tool {
  readonly id = "polygon";
  vertices: ImagePoint[] = [];
  pointer: ImagePoint | null = null;
  pressed: ScreenPoint = { x: 0, y: 0 };

  protected createStates(): readonly [ToolState, ...ToolState[]] {
    return [new Idle(this), new Drawing(this), new Pressing(this), new Freehand(this)];
  }

  /** A press sets a vertex at once; what follows decides whether a freehand line grows from it. */
  press(pointer: ToolPointer): void {
    this.pressed = pointer.screen;
    this.pointer = insidePicture(this.editor, pointer);
    this.vertices.push(this.pointer);
    this.transition("pressing");
  }

  aim(pointer: ToolPointer): void {
    this.pointer = insidePicture(this.editor, pointer);
    this.editor.requestOverlay();
  }

  isClosing(pointer: ToolPointer): boolean {
    const first = this.vertices[0];
    if (!first || this.vertices.length < 3) return false;
    return distance(this.editor.camera.toScreen(first), pointer.screen) <= CLOSE_DISTANCE;
  }

  removeLast(): void {
    this.vertices.pop();
    if (this.vertices.length === 0) this.reset();
    this.editor.requestOverlay();
  }

  /** Too small an object is dropped without a word. */
  finish(): void {
    const ring = this.vertices.map(({ x, y }): Vertex => [x, y]);
    this.reset();
    if (ring.length >= 3) this.editor.edits.create(ringToPolygonShape(ring));
  }

  reset(): void {
    this.vertices = [];
    this.transition("idle");
  }

  simplifyTolerance(): number {
    return this.editor.camera.toImageLength(FREEHAND_TOLERANCE);
  }

  lineStyle(): PaintStyle {
    return { ...draftStyle(this.editor), fill: 0 };
  }

  drawDraft(painter: Painter): void {
    const outline = this.pointer ? [...this.vertices, this.pointer] : this.vertices;
    const style = draftStyle(this.editor);
    painter.line(outline, { ...style, width: 0 }, true);
    painter.line(outline, { ...style, fill: 0 });
    painter.handles(this.vertices.slice(1), draftColor(this.editor), 5);
    painter.handles(this.vertices.slice(0, 1), draftColor(this.editor), this.vertices.length >= 3 ? 10 : 6);
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
    if (isPrimary(pointer)) this.tool.press(pointer);
  }
}

/** Between two vertices, no button down. */
class Drawing implements ToolState {
  readonly id: string = "drawing";
  readonly cursor = "crosshair";
  protected readonly tool: PolygonTool;

  constructor(tool: PolygonTool) {
    this.tool = tool;
  }

  onPointerDown(pointer: ToolPointer): void {
    if (!isPrimary(pointer)) return;
    if (pointer.clicks > 1 || this.tool.isClosing(pointer)) this.tool.finish();
    else this.tool.press(pointer);
  }

  onPointerMove(pointer: ToolPointer): void {
    this.tool.aim(pointer);
  }

  onKeyDown(key: KeyInput): boolean {
    if (key.key !== "Backspace") return false;
    this.tool.removeLast();
    return true;
  }

  onComplete(): void {
    this.tool.finish();
  }

  onUndo(): boolean {
    this.tool.removeLast();
    return true;
  }

  onCancel(): void {
    this.tool.reset();
  }

  draw(painter: Painter): void {
    this.tool.drawDraft(painter);
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
    this.line = this.tool.vertices.slice(-1);
    this.last = this.tool.pressed;
    if (this.tool.pointer) this.line.push(this.tool.pointer);
  }

  override onPointerDown(): void {
    // Another button: the line goes on.
  }

  override onPointerMove(pointer: ToolPointer): void {
    this.tool.aim(pointer);
    if (!this.tool.pointer || distance(this.last, pointer.screen) < FREEHAND_STEP) return;
    this.last = pointer.screen;
    this.line.push(this.tool.pointer);
  }

  onPointerUp(pointer: ToolPointer): void {
    this.onPointerMove(pointer);
    const tolerance = this.tool.simplifyTolerance();
    const line = lineSimplify(
      this.line.map(({ x, y }): Vertex => [x, y]),
      tolerance,
    );
    this.tool.vertices.push(...line.slice(1).map(([x, y]) => ({ x, y })));
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
