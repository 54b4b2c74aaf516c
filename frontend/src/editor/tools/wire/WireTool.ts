/** Owns the live wire: the line from the last anchor to the pointer clings to edges of the picture, a click fixes it. */

import type { EditorContext } from "../../context";
import { distance, type Vertex } from "../../geometry/point";
import { ringArea, ringClean } from "../../geometry/polygon";
import type { ToolPointer } from "../../input/events";
import { ringToPolygonShape } from "../../shapes/polygon";
import type { Painter } from "../../view/Painter";
import { draftColor, draftStyle, insidePicture, isPrimary } from "../drafting";
import { PointByPoint } from "../pointByPoint";
import { Tool, type ToolDefinition, type ToolState } from "../Tool";
import { Wire } from "./Wire";

/** CSS pixels. */
const CLOSE_DISTANCE = 9;

class WireTool extends Tool {
  readonly id = "wire";
  private readonly wire: Wire = new Wire(
    this.editor,
    () => this.editor.requestOverlay(),
    (outline) => this.keep(outline.map(({ x, y }): Vertex => [x, y])),
  );

  protected createStates(): readonly [ToolState, ...ToolState[]] {
    return [new Idle(this), new Drawing(this)];
  }

  override exit(): void {
    super.exit();
    this.wire.dispose();
  }

  /** With Ctrl no edge draws it. */
  aim(pointer: ToolPointer): void {
    this.wire.aim(insidePicture(this.editor, pointer), pointer.ctrl);
    this.editor.requestOverlay();
  }

  press(pointer: ToolPointer): void {
    this.wire.press(insidePicture(this.editor, pointer), pointer.ctrl);
    this.transition("drawing");
  }

  isClosing(pointer: ToolPointer): boolean {
    const [first, , third] = this.wire.anchors;
    if (!first || !third) return false;
    return distance(this.editor.camera.toScreen(first), pointer.screen) <= CLOSE_DISTANCE;
  }

  removeLast(): void {
    this.wire.removeLast();
    if (this.wire.anchors.length === 0) this.reset();
    this.editor.requestOverlay();
  }

  finish(): void {
    this.wire.close();
  }

  reset(): void {
    this.wire.clear();
    this.transition("idle");
  }

  drawTarget(painter: Painter): void {
    const { target } = this.wire;
    if (target) painter.dot(target, draftColor(this.editor), 6);
  }

  drawDraft(painter: Painter): void {
    const style = { ...draftStyle(this.editor), fill: 0 };
    const { wire } = this;
    painter.line([...wire.line, ...wire.lineBack.slice(1)], { ...draftStyle(this.editor), width: 0 }, true);
    painter.line(wire.lineBack, { ...style, width: 1, dash: [4, 4] });
    painter.line(wire.line, style);
    painter.line(wire.lineAhead, style);
    const [first, ...others] = wire.anchors;
    painter.handles(others, draftColor(this.editor), 5);
    if (first) painter.handles([first], draftColor(this.editor), others.length >= 2 ? 10 : 6);
  }

  /** Too small an object is dropped without a word. */
  private keep(outline: readonly Vertex[]): void {
    const ring = ringClean(outline);
    this.reset();
    if (ring.length >= 3 && ringArea(ring) > 0) this.editor.edits.create(ringToPolygonShape(ring));
    this.editor.refreshTool();
  }
}

class Idle implements ToolState {
  readonly id = "idle";
  readonly cursor = "crosshair";
  private readonly tool: WireTool;

  constructor(tool: WireTool) {
    this.tool = tool;
  }

  onPointerDown(pointer: ToolPointer): void {
    if (isPrimary(pointer)) this.tool.press(pointer);
  }

  onPointerMove(pointer: ToolPointer): void {
    this.tool.aim(pointer);
  }

  draw(painter: Painter): void {
    this.tool.drawTarget(painter);
  }
}

class Drawing extends PointByPoint<WireTool> {
  readonly id = "drawing";

  /** The right button takes the last anchor back, as its key does. */
  onPointerDown(pointer: ToolPointer): void {
    if (pointer.button === 2) this.tool.removeLast();
    if (!isPrimary(pointer)) return;
    if (pointer.clicks > 1 || this.tool.isClosing(pointer)) this.tool.finish();
    else this.tool.press(pointer);
  }

  onPointerMove(pointer: ToolPointer): void {
    this.tool.aim(pointer);
  }

  onCancel(): void {
    this.tool.reset();
  }
}

export const wire: ToolDefinition = {
  id: "wire",
  title: "Live wire",
  keys: ["Shift+W"],
  icon: "M4 19c1-6 3-3 5-7s1-7 6-6M17 5h3v3h-3zM3 18h2v2H3zM14 13l2 2l4-4",
  shapes: ["polygon"],
  group: "Smart",
  create: (editor: EditorContext) => new WireTool(editor),
};
