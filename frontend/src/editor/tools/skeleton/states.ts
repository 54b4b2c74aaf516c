/** Owns the states of the skeleton tool: a drag places the template, clicks go point by point. */

import type { DrawingAction } from "../../input/drawingActions";
import type { ToolPointer } from "../../input/events";
import type { Painter } from "../../view/Painter";
import { isDrag, isPrimary } from "../drafting";
import { PointByPoint } from "../pointByPoint";
import type { ToolState } from "../Tool";
import type { SkeletonTool } from "./SkeletonTool";

abstract class SkeletonState implements ToolState {
  abstract readonly id: string;
  readonly cursor: string = "crosshair";
  protected readonly tool: SkeletonTool;

  constructor(tool: SkeletonTool) {
    this.tool = tool;
  }
}

export class Idle extends SkeletonState {
  readonly id = "idle";

  onPointerDown(pointer: ToolPointer): void {
    if (!isPrimary(pointer)) return;
    this.tool.press(pointer);
    this.tool.transition("dragging");
  }

  onPointerMove(pointer: ToolPointer): void {
    this.tool.joints = [];
    this.tool.aim(pointer);
  }

  draw(painter: Painter): void {
    this.tool.drawNext(painter);
  }
}

/** The button is down: a release nearby sets the first point; with a template, one far from here places all of them. */
export class Dragging extends SkeletonState {
  readonly id = "dragging";

  onPointerMove(pointer: ToolPointer): void {
    if (isDrag(this.tool.pressed, pointer.screen)) this.tool.stretch(pointer);
  }

  onPointerUp(pointer: ToolPointer): void {
    const isPlaced = isDrag(this.tool.pressed, pointer.screen) && this.tool.template?.places !== undefined;
    if (isPlaced) {
      this.tool.stretch(pointer);
      this.tool.transition("adjusting");
      return;
    }
    this.tool.joints = [];
    this.tool.transition("placing");
    this.tool.place(pointer);
  }

  draw(painter: Painter): void {
    this.tool.drawDraft(painter);
  }
}

/** Point by point. The next one may be left out, and the right button takes the last one back, as its key does. */
export class Placing extends PointByPoint<SkeletonTool> {
  readonly id = "placing";

  onPointerDown(pointer: ToolPointer): void {
    if (pointer.button === 2) this.tool.removeLast();
    if (!isPrimary(pointer)) return;
    if (pointer.clicks > 1 && this.tool.template === null) this.tool.finish();
    else this.tool.place(pointer);
  }

  onPointerMove(pointer: ToolPointer): void {
    this.tool.aim(pointer);
  }

  override onAction(action: DrawingAction): boolean {
    if (action !== "skip-point") return super.onAction(action);
    this.tool.skip();
    return true;
  }

  override draw(painter: Painter): void {
    super.draw(painter);
    this.tool.drawNext(painter);
  }
}

/** The template lies there: its points are dragged, and marked or left out by keys; Enter or a click elsewhere ends. */
export class Adjusting extends SkeletonState {
  readonly id = "adjusting";

  onPointerDown(pointer: ToolPointer): void {
    if (!isPrimary(pointer)) return;
    this.tool.held = this.tool.jointAt(pointer);
    if (this.tool.held === null) this.tool.finish();
    else this.tool.transition("moving");
  }

  onPointerMove(pointer: ToolPointer): void {
    this.tool.near = this.tool.jointAt(pointer);
  }

  onAction(action: DrawingAction): boolean {
    if (action === "occlude-point") return this.tool.toggleNear();
    return action === "skip-point" && this.tool.dropNear();
  }

  onComplete(): void {
    this.tool.finish();
  }

  draw(painter: Painter): void {
    this.tool.drawDraft(painter);
  }
}

/** One point of the template is dragged. */
export class Moving extends SkeletonState {
  readonly id = "moving";
  override readonly cursor = "move";

  onPointerMove(pointer: ToolPointer): void {
    this.tool.moveHeld(pointer);
  }

  onPointerUp(pointer: ToolPointer): void {
    this.tool.moveHeld(pointer);
    this.tool.transition("adjusting");
  }

  draw(painter: Painter): void {
    this.tool.drawDraft(painter);
  }
}
