/** Owns what all objects that grow point by point have in common: how their last point is taken back and they are finished. */

import type { DrawingAction } from "../input/drawingActions";
import type { Painter } from "../view/Painter";
import type { ToolState } from "./Tool";

interface PointByPointTool {
  removeLast(): void;
  finish(): void;
  drawDraft(painter: Painter): void;
}

/** "remove-last" and undo take the last point back, "finish" finishes. */
export abstract class PointByPoint<T extends PointByPointTool> implements ToolState {
  abstract readonly id: string;
  readonly cursor = "crosshair";
  protected readonly tool: T;

  constructor(tool: T) {
    this.tool = tool;
  }

  onAction(action: DrawingAction): boolean {
    if (action !== "remove-last") return false;
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

  draw(painter: Painter): void {
    this.tool.drawDraft(painter);
  }
}
