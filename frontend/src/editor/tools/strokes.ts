/** Owns painting on masks, which brush and eraser share: one stroke is one undo step, kept as run lengths. */

import { bitmapCopy, bitmapCreate, bitmapGrow, bitmapPaint, type MaskBitmap } from "../geometry/bitmap";
import { boxExpand, boxClamp, boxUnion, boxWithin, pointsToBox, type Box } from "../geometry/box";
import { clamp, type ImagePoint } from "../geometry/point";
import type { ToolPointer, WheelInput } from "../input/events";
import { bitmapToMask, maskToBitmap, type MaskShape } from "../shapes/mask";
import type { Painter } from "../view/Painter";
import { classToColor } from "../view/styles";
import { draftColor } from "./drafting";
import { Tool, type ToolState } from "./Tool";

const MAX_BRUSH = 1000;
/** Image pixels around the first dab of a new mask, so that it need not grow at once. */
const ROOM = 64;

export interface StrokeTarget {
  readonly id: string;
  readonly classId: number;
  readonly shape: MaskShape;
}

interface Stroke {
  readonly target: StrokeTarget | null;
  readonly value: 0 | 1;
  bitmap: MaskBitmap;
  /** What the bitmap was made from, whose picture it can take over. */
  from: object | null;
  last: ImagePoint;
  /** Painted since it was drawn last. */
  dirty: Box | null;
}

export abstract class StrokeTool extends Tool {
  pointer: ImagePoint | null = null;
  private stroke: Stroke | null = null;

  /** Begins a stroke if this press means one. */
  abstract press(pointer: ToolPointer): void;

  protected createStates(): readonly [ToolState, ...ToolState[]] {
    return [new Idle(this), new Painting(this)];
  }

  /** The selected mask, when it is exactly one and not locked. */
  protected selectedMask(): StrokeTarget | null {
    const id = this.editor.selection.single();
    return id === null ? null : this.findMask(id);
  }

  protected findMask(id: string): StrokeTarget | null {
    const record = this.editor.store.findAnnotation(id);
    if (record?.shape.type !== "mask" || record.locked || record.hidden) return null;
    return { id, classId: record.classId, shape: record.shape };
  }

  protected begin(pointer: ToolPointer, target: StrokeTarget | null, value: 0 | 1): void {
    const at = this.snap(pointer.point);
    const bitmap = target ? copyOf(target.shape) : bitmapCreate(this.reach(at, at, ROOM));
    this.stroke = { target, value, bitmap, from: target?.shape ?? null, last: at, dirty: null };
    this.editor.claim(target ? [target.id] : []);
    this.transition("painting");
    this.paintTo(at);
  }

  moveTo(pointer: ToolPointer): void {
    this.aim(pointer);
    if (this.stroke) this.paintTo(this.snap(pointer.point));
  }

  aim(pointer: ToolPointer): void {
    this.pointer = pointer.point;
    this.editor.requestOverlay();
  }

  finish(): void {
    const { stroke } = this;
    this.drop();
    if (!stroke) return;
    const shape = bitmapToMask(stroke.bitmap);
    const { edits } = this.editor;
    this.editor.moveTint(stroke.bitmap, shape);
    if (stroke.target === null) {
      if (shape) edits.create(shape);
    } else if (shape === null) edits.remove([stroke.target.id], "Erase mask");
    else if (!sameMask(shape, stroke.target.shape)) {
      edits.patch([stroke.target.id], { shape }, stroke.value === 1 ? "Brush stroke" : "Eraser stroke");
    }
  }

  drop(): void {
    this.stroke = null;
    this.editor.claim([]);
  }

  resize(factor: number): void {
    this.editor.session.update((session) => ({ ...session, brushSize: scaleBrush(session.brushSize, factor) }));
    this.editor.requestOverlay();
  }

  override draw(painter: Painter): void {
    const { stroke } = this;
    if (stroke) {
      const color = stroke.target ? classToColor(stroke.target.classId, this.editor.store) : draftColor(this.editor);
      const fill = this.editor.settings.get().opacity + 0.15;
      painter.bitmap(stroke.bitmap, { color, fill, width: 0, dash: [] }, stroke.dirty, stroke.from);
      stroke.dirty = null;
    }
    if (this.pointer) this.drawBrush(painter, this.pointer);
  }

  private drawBrush(painter: Painter, at: ImagePoint): void {
    const radius = this.editor.session.get().brushSize / 2;
    painter.circle(at, radius, { color: "#000000", fill: 0, width: 2.5, dash: [] });
    painter.circle(at, radius, { color: "#ffffff", fill: 0, width: 1, dash: [] });
    painter.circle(at, painter.pixel, { color: "#ffffff", fill: 1, width: 0, dash: [] });
  }

  private paintTo(at: ImagePoint): void {
    const { stroke } = this;
    if (!stroke) return;
    const reach = this.reach(stroke.last, at);
    const { x, y, width, height } = stroke.bitmap;
    if (stroke.value === 1 && !boxWithin(reach, [x, y, width, height])) {
      stroke.from = stroke.bitmap;
      stroke.bitmap = bitmapGrow(stroke.bitmap, reach, this.editor.imageSize());
    }
    const painted = bitmapPaint(stroke.bitmap, stroke.last, at, this.radius(), stroke.value);
    stroke.dirty = boxUnion(stroke.dirty, painted);
    stroke.last = at;
    this.editor.requestOverlay();
  }

  /** Whole pixels of the picture that a stroke from `a` to `b` can touch, and `room` around them. */
  private reach(a: ImagePoint, b: ImagePoint, room = 1): Box {
    const around = boxExpand(pointsToBox(a, b), this.radius() + room);
    const [x, y, width, height] = boxClamp(around, this.editor.imageSize());
    const [left, top] = [Math.floor(x), Math.floor(y)];
    return [left, top, Math.ceil(x + width) - left, Math.ceil(y + height) - top];
  }

  private radius(): number {
    return Math.max(this.editor.session.get().brushSize / 2, 0.5);
  }

  /** A brush of one pixel paints the pixel under it, wherever in the pixel the pointer is. */
  private snap(point: ImagePoint): ImagePoint {
    if (this.radius() >= 1) return point;
    return { x: Math.floor(point.x) + 0.5, y: Math.floor(point.y) + 0.5 };
  }
}

/** Whole pixels, and always at least one more or less. */
export function scaleBrush(size: number, factor: number): number {
  const scaled = Math.round(size * factor);
  return clamp(scaled === size ? size + Math.sign(factor - 1) : scaled, 1, MAX_BRUSH);
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

function copyOf(shape: MaskShape): MaskBitmap {
  return bitmapCopy(maskToBitmap(shape), shape.box);
}

function sameMask(a: MaskShape, b: MaskShape): boolean {
  return a.counts === b.counts && a.box.every((value, index) => value === b.box[index]);
}
