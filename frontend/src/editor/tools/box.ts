/** Owns the drawing of boxes: press-drag-release, or click one corner and then the other. */

import type { EditorContext } from "../context";
import type { ImagePoint, ScreenPoint } from "../geometry/point";
import type { ToolPointer } from "../input/events";
import { cornersToBoxShape } from "../shapes/box";
import type { Painter } from "../view/Painter";
import { draftStyle, insidePicture, isDrag, isPrimary } from "./drafting";
import { Tool, type ToolDefinition, type ToolState } from "./Tool";

class BoxTool extends Tool {
  readonly id = "box";
  start: ImagePoint = { x: 0, y: 0 };
  pressed: ScreenPoint = { x: 0, y: 0 };
  end: ImagePoint = { x: 0, y: 0 };

  protected createStates(): readonly [ToolState, ...ToolState[]] {
    return [new Idle(this), new Dragging(this), new Stretching(this)];
  }

  begin(pointer: ToolPointer): void {
    this.start = insidePicture(this.editor, pointer);
    this.end = this.start;
    this.pressed = pointer.screen;
  }

  stretchTo(pointer: ToolPointer): void {
    this.end = insidePicture(this.editor, pointer);
    this.editor.requestOverlay();
  }

  finish(pointer: ToolPointer): void {
    this.stretchTo(pointer);
    this.transition("idle");
    this.editor.edits.create(cornersToBoxShape(this.start, this.end));
  }

  drawDraft(painter: Painter): void {
    painter.shape(cornersToBoxShape(this.start, this.end), draftStyle(this.editor));
  }
}

class Idle implements ToolState {
  readonly id = "idle";
  readonly cursor = "crosshair";
  private readonly tool: BoxTool;

  constructor(tool: BoxTool) {
    this.tool = tool;
  }

  onPointerDown(pointer: ToolPointer): void {
    if (!isPrimary(pointer)) return;
    this.tool.begin(pointer);
    this.tool.transition("dragging");
  }
}

/** The button is down: a release far from here ends the box, one nearby makes it a click. */
class Dragging implements ToolState {
  readonly id = "dragging";
  readonly cursor = "crosshair";
  private readonly tool: BoxTool;

  constructor(tool: BoxTool) {
    this.tool = tool;
  }

  onPointerMove(pointer: ToolPointer): void {
    this.tool.stretchTo(pointer);
  }

  onPointerUp(pointer: ToolPointer): void {
    if (isDrag(this.tool.pressed, pointer.screen)) this.tool.finish(pointer);
    else this.tool.transition("stretching");
  }

  draw(painter: Painter): void {
    this.tool.drawDraft(painter);
  }
}

/** The first corner was clicked; the next click sets the second. */
class Stretching implements ToolState {
  readonly id = "stretching";
  readonly cursor = "crosshair";
  private readonly tool: BoxTool;

  constructor(tool: BoxTool) {
    this.tool = tool;
  }

  onPointerDown(pointer: ToolPointer): void {
    if (isPrimary(pointer)) this.tool.finish(pointer);
  }

  onPointerMove(pointer: ToolPointer): void {
    this.tool.stretchTo(pointer);
  }

  onUndo(): boolean {
    this.tool.transition("idle");
    return true;
  }

  draw(painter: Painter): void {
    this.tool.drawDraft(painter);
  }
}

export const box: ToolDefinition = {
  id: "box",
  title: "Box",
  keys: ["B"],
  icon: "M4 6h16v12H4zM3 5h2v2H3zM19 5h2v2h-2zM3 17h2v2H3zM19 17h2v2h-2z",
  shapes: ["box"],
  group: "Draw",
  create: (editor: EditorContext) => new BoxTool(editor),
};
