/** Owns the hand: drags the picture. */

import type { EditorContext } from "../context";
import type { ScreenPoint } from "../geometry/point";
import type { ToolPointer } from "../input/events";
import { isPrimary } from "./drafting";
import { Tool, type ToolDefinition, type ToolState } from "./Tool";

class PanTool extends Tool {
  readonly id = "pan";
  last: ScreenPoint = { x: 0, y: 0 };

  protected createStates(): readonly [ToolState, ...ToolState[]] {
    return [new Idle(this), new Dragging(this)];
  }

  moveTo(screen: ScreenPoint): void {
    this.editor.camera.panBy(screen.x - this.last.x, screen.y - this.last.y);
    this.last = screen;
  }
}

class Idle implements ToolState {
  readonly id = "idle";
  readonly cursor = "grab";
  private readonly tool: PanTool;

  constructor(tool: PanTool) {
    this.tool = tool;
  }

  onPointerDown(pointer: ToolPointer): void {
    if (!isPrimary(pointer)) return;
    this.tool.last = pointer.screen;
    this.tool.transition("dragging");
  }
}

class Dragging implements ToolState {
  readonly id = "dragging";
  readonly cursor = "grabbing";
  private readonly tool: PanTool;

  constructor(tool: PanTool) {
    this.tool = tool;
  }

  onPointerMove(pointer: ToolPointer): void {
    this.tool.moveTo(pointer.screen);
  }

  onPointerUp(): void {
    this.tool.transition("idle");
  }

  onCancel(): void {
    this.tool.transition("idle");
  }
}

export const pan: ToolDefinition = {
  id: "pan",
  title: "Pan",
  keys: ["W"],
  icon: "M9 11V5a1.5 1.5 0 0 1 3 0v5V3.5a1.5 1.5 0 0 1 3 0V10V5.5a1.5 1.5 0 0 1 3 0V14a7 7 0 0 1-7 7c-3 0-4.5-1.5-6-4l-2-3.5a1.5 1.5 0 0 1 2.5-1.5L9 15",
  shapes: [],
  group: "View",
  create: (editor: EditorContext) => new PanTool(editor),
};
