/** Owns painting on masks, which brush and eraser share: one stroke is one undo step. */

import { boxExpand, boxUnion, pointsToBox, type Box } from "../../geometry/box";
import { MaskDraft } from "../../geometry/MaskDraft";
import { clamp, type ImagePoint } from "../../geometry/point";
import { NO_RUNS } from "../../geometry/runs";
import type { ToolPointer, WheelInput } from "../../input/events";
import { maskToRuns } from "../../shapes/mask";
import type { Painter } from "../../view/Painter";
import { classToColor, type PaintStyle } from "../../view/styles";
import { draftColor } from "../drafting";
import { Tool, type ToolState } from "../Tool";
import { Others } from "./Others";
import { keepMask, type MaskTarget } from "./target";

/** Image pixels. */
export const LARGEST_BRUSH = 1000;
export const RIM: PaintStyle = { color: "#000000", fill: 0, width: 2.5, dash: [] };
export const LINE: PaintStyle = { color: "#ffffff", fill: 0, width: 1, dash: [] };
const DOT: PaintStyle = { color: "#ffffff", fill: 1, width: 0, dash: [] };

/** What is being painted. */
export interface Stroke {
  readonly target: MaskTarget | null;
  readonly value: 0 | 1;
  readonly draft: MaskDraft;
  readonly others: Others;
  /** Where the pointer was when it painted last. */
  from: ImagePoint;
  /** Painted since it was drawn last. */
  dirty: Box | null;
}

export abstract class StrokeTool extends Tool {
  private pointer: ImagePoint | null = null;
  private stroke: Stroke | null = null;

  /** Begins a stroke if this press means one. */
  abstract press(pointer: ToolPointer): void;

  protected createStates(): readonly [ToolState, ...ToolState[]] {
    return [new Idle(this), new Painting(this)];
  }

  protected begin(pointer: ToolPointer, target: MaskTarget | null, value: 0 | 1): void {
    const draft = new MaskDraft(target ? maskToRuns(target.shape) : NO_RUNS, this.editor.imageSize());
    const others = new Others(this.editor, target?.id ?? null);
    const from = snap(pointer.point, this.radius(pointer));
    this.stroke = { target, value, draft, others, from, dirty: null };
    this.editor.claim(target ? [target.id] : []);
    this.transition("painting");
    this.paintTo(pointer);
  }

  moveTo(pointer: ToolPointer): void {
    this.aim(pointer);
    this.paintTo(pointer);
  }

  aim(pointer: ToolPointer): void {
    this.pointer = pointer.point;
    this.editor.requestOverlay();
  }

  finish(): void {
    const { stroke } = this;
    this.stroke = null;
    if (!stroke) return;
    const { target, draft, value } = stroke;
    const shape = keepMask(this.editor, target, draft, value === 1 ? "Brush stroke" : "Eraser stroke");
    this.editor.moveTint(draft, shape);
    this.editor.claim([]);
  }

  drop(): void {
    if (this.stroke) this.editor.moveTint(this.stroke.draft, null);
    this.stroke = null;
    this.editor.claim([]);
  }

  resize(factor: number): void {
    this.editor.session.update((session) => {
      const { brush } = session;
      return { ...session, brush: { ...brush, size: scaleBrush(brush.size, factor) } };
    });
    this.editor.requestOverlay();
  }

  override draw(painter: Painter): void {
    const { stroke } = this;
    if (stroke) {
      const color = stroke.target ? classToColor(stroke.target.classId, this.editor.store) : draftColor(this.editor);
      const fill = this.editor.settings.get().opacity + 0.15;
      const style = { color, fill, width: 0, dash: [] };
      painter.draft(stroke.draft, style, stroke.dirty, stroke.target?.shape ?? null);
      stroke.dirty = null;
    }
    if (this.pointer) this.drawTip(painter, this.pointer);
  }

  /** Where the pointer is. */
  protected drawTip(painter: Painter, at: ImagePoint): void {
    const { size, tip } = this.editor.session.get().brush;
    const square: Box = [at.x - size / 2, at.y - size / 2, size, size];
    for (const style of [RIM, LINE]) {
      if (tip === "round") painter.circle(at, size / 2, style);
      else painter.box(square, style);
    }
    painter.circle(at, painter.pixel, DOT);
  }

  private paintTo(pointer: ToolPointer): void {
    const { stroke } = this;
    if (!stroke) return;
    stroke.dirty = boxUnion(stroke.dirty, this.lay(stroke, pointer));
    this.editor.requestOverlay();
  }

  /** Changes the mask on the way to the pointer; answers the image pixels that may have changed. */
  protected lay(stroke: Stroke, pointer: ToolPointer): Box | null {
    const radius = this.radius(pointer);
    const to = snap(pointer.point, radius);
    const { tip } = this.editor.session.get().brush;
    const dab = { from: stroke.from, to, radius, tip, value: stroke.value };
    const reach = boxExpand(pointsToBox(stroke.from, to), radius + 1);
    stroke.from = to;
    return stroke.draft.paint(dab, stroke.value === 1 ? stroke.others.within(reach) : null);
  }

  private radius({ pressure }: ToolPointer): number {
    const { brush } = this.editor.session.get();
    return Math.max((brush.size / 2) * (brush.pressure ? pressure : 1), 0.5);
  }
}

/** Whole pixels, and always at least one more or less. */
export function scaleBrush(size: number, factor: number): number {
  const scaled = Math.round(size * factor);
  return clamp(scaled === size ? size + Math.sign(factor - 1) : scaled, 1, LARGEST_BRUSH);
}

/** A brush of one pixel paints the pixel under it, wherever in the pixel the pointer is. */
function snap(point: ImagePoint, radius: number): ImagePoint {
  return radius >= 1 ? point : { x: Math.floor(point.x) + 0.5, y: Math.floor(point.y) + 0.5 };
}

class Idle implements ToolState {
  readonly id: string = "idle";
  readonly cursor = "none";
  protected readonly tool: StrokeTool;

  constructor(tool: StrokeTool) {
    this.tool = tool;
  }

  onPointerDown(pointer: ToolPointer): void {
    this.tool.press(pointer);
  }

  onPointerMove(pointer: ToolPointer): void {
    this.tool.aim(pointer);
  }

  onWheel(wheel: WheelInput): boolean {
    this.tool.resize(wheel.deltaY < 0 ? 1.15 : 1 / 1.15);
    return true;
  }
}

class Painting extends Idle {
  override readonly id = "painting";

  override onPointerDown(): void {
    // Another button: the stroke goes on.
  }

  override onPointerMove(pointer: ToolPointer): void {
    this.tool.moveTo(pointer);
  }

  onPointerUp(pointer: ToolPointer): void {
    this.tool.moveTo(pointer);
    this.tool.transition("idle");
    this.tool.finish();
  }

  onCancel(): void {
    this.tool.drop();
  }
}
