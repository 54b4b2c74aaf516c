/** Owns the skeleton that is being drawn: which points it has, which comes next, what they are called. */

import { distance, type ImagePoint, type ScreenPoint } from "../../geometry/point";
import type { ToolPointer } from "../../input/events";
import { isAbsent, jointsToSkeleton, markJoint, type Joint, type SkeletonShape } from "../../shapes/skeleton";
import { shapeUtil } from "../../shapes";
import type { SkeletonTemplate } from "../../store/records";
import type { Painter } from "../../view/Painter";
import { draftColor, draftStyle } from "../drafting";
import { drawHandles } from "../select/handles";
import { Tool, type ToolState } from "../Tool";
import { Adjusting, Dragging, Idle, Moving, Placing } from "./states";

/** Without a template a skeleton has at most as many points as the server takes. */
const MOST_POINTS = 1000;
const ABSENT: Joint = [0, 0, 0];

export class SkeletonTool extends Tool {
  readonly id = "skeleton";
  joints: readonly Joint[] = [];
  start: ImagePoint = { x: 0, y: 0 };
  pressed: ScreenPoint = { x: 0, y: 0 };
  /** The point in hand while it is adjusted. */
  held: number | null = null;
  /** The point under the pointer. */
  near: number | null = null;
  private pointer: ImagePoint | null = null;

  protected createStates(): readonly [ToolState, ...ToolState[]] {
    return [new Idle(this), new Dragging(this), new Placing(this), new Adjusting(this), new Moving(this)];
  }

  get template(): SkeletonTemplate | null {
    const { activeClass } = this.editor.session.get();
    return (activeClass === null ? null : this.editor.store.findClass(activeClass))?.skeleton ?? null;
  }

  get isComplete(): boolean {
    return this.joints.length >= (this.template?.points.length ?? MOST_POINTS);
  }

  press(pointer: ToolPointer): void {
    this.joints = [];
    this.start = this.editor.snapping.aim(pointer);
    this.pressed = pointer.screen;
    this.aim(pointer);
  }

  aim(pointer: ToolPointer): void {
    this.pointer = this.editor.snapping.aim(pointer);
    this.editor.requestOverlay();
  }

  /** The whole template in the box from where the press was to the pointer. */
  stretch(pointer: ToolPointer): void {
    this.aim(pointer);
    const to = this.pointer ?? this.start;
    const [left, top] = [Math.min(this.start.x, to.x), Math.min(this.start.y, to.y)];
    const [width, height] = [Math.abs(to.x - this.start.x), Math.abs(to.y - this.start.y)];
    this.joints = (this.template?.places ?? []).map(([x, y]): Joint => [left + x * width, top + y * height, 2]);
  }

  /** Shift: it is hidden in the picture, and this is where it would be. */
  place(pointer: ToolPointer): void {
    const { x, y } = this.editor.snapping.aim(pointer);
    this.joints = [...this.joints, [x, y, pointer.shift ? 1 : 2]];
    if (this.isComplete) this.finish();
  }

  /** The next point is not labelled. */
  skip(): void {
    if (this.template === null) return;
    this.joints = [...this.joints, ABSENT];
    if (this.isComplete) this.finish();
    this.editor.requestOverlay();
  }

  removeLast(): void {
    this.joints = this.joints.slice(0, -1);
    if (this.joints.length === 0) this.transition("idle");
    this.editor.requestOverlay();
  }

  /** Points of the template that were not reached are not labelled. */
  finish(): void {
    const missing = Math.max((this.template?.points.length ?? 0) - this.joints.length, 0);
    const joints = [...this.joints, ...Array.from({ length: missing }, () => ABSENT)];
    this.transition("idle");
    if (!joints.every(isAbsent)) this.editor.edits.create(jointsToSkeleton(joints));
  }

  /** The point within reach of the pointer. */
  jointAt(pointer: ToolPointer): number | null {
    const reach = pointer.tolerance * 1.5;
    const near = this.joints
      .map(([x, y], index) => ({ index, away: distance({ x, y }, pointer.point) }))
      .filter(({ index, away }) => away <= reach && !isAbsent(this.joints[index] ?? ABSENT))
      .sort((a, b) => a.away - b.away);
    return near[0]?.index ?? null;
  }

  moveHeld(pointer: ToolPointer): void {
    const { x, y } = this.editor.snapping.aim(pointer);
    this.joints = this.joints.map((joint, index) => (index === this.held ? [x, y, joint[2]] : joint));
    this.editor.requestOverlay();
  }

  /** Visible becomes occluded and the other way round. */
  toggleNear(): boolean {
    const shape = this.shape;
    const changed = this.near === null ? null : shapeUtil(shape).toggleVertex(shape, String(this.near));
    return this.change(changed as SkeletonShape | null);
  }

  /** The point under the pointer is not labelled. */
  dropNear(): boolean {
    return this.change(this.near === null ? null : markJoint(this.shape, this.near, 0));
  }

  override exit(): void {
    super.exit();
    this.joints = [];
  }

  drawDraft(painter: Painter): void {
    const { shape } = this;
    const color = draftColor(this.editor);
    painter.shape(shape, { ...draftStyle(this.editor), edges: this.template?.edges ?? [] });
    drawHandles(painter, shapeUtil(shape).handles(shape), color, this.template?.points ?? []);
  }

  /** The name of the point that the next click sets, beside the pointer. */
  drawNext(painter: Painter): void {
    const name = this.template?.points[this.joints.length];
    if (!this.pointer || name === undefined) return;
    const at = { x: this.pointer.x + 12 * painter.pixel, y: this.pointer.y - 8 * painter.pixel };
    painter.label(at, name, draftColor(this.editor));
  }

  private get shape(): SkeletonShape {
    return jointsToSkeleton(this.joints);
  }

  private change(shape: SkeletonShape | null): boolean {
    if (shape === null) return false;
    this.joints = shape.points;
    this.editor.requestOverlay();
    return true;
  }
}
