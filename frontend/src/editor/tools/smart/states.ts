/** Owns the states of the smart tool. */

import type { DrawingAction } from "../../input/drawingActions";
import type { KeyInput, ToolPointer, WheelInput } from "../../input/events";
import type { Painter } from "../../view/Painter";
import { isDrag } from "../drafting";
import type { ToolState } from "../Tool";
import type { SmartTool } from "./SmartTool";

export class Idle implements ToolState {
  readonly id: string = "idle";
  readonly cursor = "crosshair";
  protected readonly tool: SmartTool;

  constructor(tool: SmartTool) {
    this.tool = tool;
  }

  onPointerDown(pointer: ToolPointer): void {
    this.tool.press(pointer);
  }

  onPointerMove(pointer: ToolPointer): void {
    this.tool.aim(pointer);
    this.tool.hover();
  }

  onAction(action: DrawingAction): boolean {
    if (action !== "flip-sign") return false;
    this.tool.flip();
    return true;
  }

  onWheel(wheel: WheelInput): boolean {
    return this.tool.turn(wheel.deltaY < 0 ? 1 : -1);
  }

  draw(painter: Painter): void {
    this.tool.drawPrompt(painter);
  }
}

/** Points or a box are set; a preview is shown or on its way. */
export class Prompting extends Idle {
  override readonly id: string = "prompting";

  override onPointerMove(pointer: ToolPointer): void {
    this.tool.aim(pointer);
  }

  override onAction(action: DrawingAction): boolean {
    if (action === "remove-last") {
      this.tool.removeLast();
      return true;
    }
    return action === "next-candidate" ? this.tool.nextCandidate() : super.onAction(action);
  }

  onKeyUp(key: KeyInput): void {
    if (key.key === "Control" || key.key === "Meta") this.tool.sendQueued();
  }

  onComplete(): void {
    this.tool.accept();
  }

  onUndo(): boolean {
    this.tool.removeLast();
    return true;
  }

  onCancel(): void {
    this.tool.reset();
  }
}

/** The button is down: a click is a point, a drag a box or a stroke. */
export class Pressing extends Prompting {
  override readonly id: string = "pressing";

  override onPointerDown(): void {
    // Another button: the first one decides.
  }

  override onPointerMove(pointer: ToolPointer): void {
    this.tool.aim(pointer);
    if (!isDrag(this.tool.pressed, pointer.screen)) return;
    if (this.tool.drawsStroke(pointer)) this.tool.beginStroke(pointer);
    else this.tool.transition("boxing");
  }

  onPointerUp(pointer: ToolPointer): void {
    this.tool.addPoint(pointer);
  }
}

export class Boxing extends Pressing {
  override readonly id = "boxing";

  override onPointerMove(pointer: ToolPointer): void {
    this.tool.aim(pointer);
  }

  override onPointerUp(pointer: ToolPointer): void {
    this.tool.aim(pointer);
    this.tool.addBox();
  }

  override draw(painter: Painter): void {
    this.tool.drawPrompt(painter);
    this.tool.drawBoxing(painter);
  }
}

/** The button is down and a stroke follows the pointer. */
export class Stroking extends Pressing {
  override readonly id = "stroking";

  override onPointerMove(pointer: ToolPointer): void {
    this.tool.extendStroke(pointer);
  }

  override onPointerUp(pointer: ToolPointer): void {
    this.tool.extendStroke(pointer);
    this.tool.addStroke();
  }
}
