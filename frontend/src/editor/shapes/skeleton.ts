/**
 * Owns the skeleton: `{"type": "skeleton", "points": [[x, y, v], …]}` in the order of the class's points. v is 0 where a
 * point is absent (x and y are 0 then), 1 where it is occluded, 2 where it is visible. A single point is a skeleton too.
 */

import { boxContains, boxesIntersect, boxExpand, type Box } from "../geometry/box";
import { lineIntersectsBox } from "../geometry/line";
import { clamp, distance, roundCoordinate, segmentDistance, type Point, type Vertex } from "../geometry/point";
import { ringBounds } from "../geometry/polygon";
import { transformPoint } from "../geometry/transform";
import type { PathSink } from "../surface";
import { PLAIN_SHAPE, ShapeError, type Edges, type Handle, type ShapeUtil } from "./ShapeUtil";

export type Visibility = 0 | 1 | 2;
export type Joint = readonly [x: number, y: number, visibility: Visibility];

export interface SkeletonShape {
  readonly type: "skeleton";
  readonly points: readonly Joint[];
}

const ABSENT: Joint = [0, 0, 0];
/** Units of the screen: half a mark, and what is too small for marks. */
const MARK = 3;
const SMALL = 12;

/** Shapes are immutable, so their bounds can be kept. */
const boundsOf = new WeakMap<SkeletonShape, Box>();

export const skeletonShape: ShapeUtil<SkeletonShape> = {
  ...PLAIN_SHAPE,
  type: "skeleton",
  title: "Skeleton",
  paint: "line",
  sample: () =>
    jointsToSkeleton([
      [3, 3, 2],
      [9, 4, 1],
      [0, 0, 0],
      [6, 11, 2],
    ]),
  fromApi({ points }) {
    const joints = Array.isArray(points) ? points.filter(isJoint) : [];
    if (!Array.isArray(points) || joints.length !== points.length || joints.every(isAbsent)) {
      throw new ShapeError(
        'Skeleton: "points" must be a list of [x, y, v] with v 0, 1 or 2, and at least one of them not 0.',
      );
    }
    return jointsToSkeleton(joints.map((joint) => (isAbsent(joint) ? ABSENT : joint)));
  },
  toApi: (shape) => shape,
  bounds(shape) {
    const known = boundsOf.get(shape);
    if (known) return known;
    const bounds = ringBounds(present(shape).map(([x, y]): Vertex => [x, y]));
    boundsOf.set(shape, bounds);
    return bounds;
  },
  area: () => 0,
  hitTest(shape, point, tolerance, edges = []) {
    const bounds = skeletonShape.bounds(shape);
    if (bounds === null || !boxContains(boxExpand(bounds, tolerance), point)) return false;
    if (present(shape).some((joint) => distance(place(joint), point) <= tolerance)) return true;
    return bones(shape, edges).some(([a, b]) => segmentDistance(point, place(a), place(b)) <= tolerance);
  },
  intersects(shape, box) {
    const bounds = skeletonShape.bounds(shape);
    if (bounds === null || !boxesIntersect(bounds, box)) return false;
    return present(shape).some((joint) => lineIntersectsBox([[joint[0], joint[1]]], box));
  },
  clamp(shape, size) {
    if (!skeletonShape.intersects(shape, [0, 0, size.width, size.height])) return null;
    return mapPresent(shape, ([x, y, visibility]) => [
      roundCoordinate(clamp(x, 0, size.width)),
      roundCoordinate(clamp(y, 0, size.height)),
      visibility,
    ]);
  },
  translate: (shape, dx, dy) => mapPresent(shape, ([x, y, visibility]) => [x + dx, y + dy, visibility]),
  transform: (shape, by) =>
    mapPresent(shape, (joint) => {
      const { x, y } = transformPoint(by, place(joint));
      return [x, y, joint[2]];
    }),
  lines: (shape) => present(shape).map(([x, y]): readonly Vertex[] => [[x, y]]),
  handles: (shape) =>
    shape.points.flatMap((joint, index): Handle[] =>
      isAbsent(joint)
        ? []
        : [{ id: String(index), point: place(joint), cursor: "move", joint: index, faint: joint[2] === 1 }],
    ),
  moveHandle: (shape, handle, to) => skeletonShape.editVertices(shape, new Set([handle]), () => to) ?? shape,
  editVertices(shape, handles, edit) {
    const points = shape.points.map((joint, index): Joint => {
      if (!handles.has(String(index)) || isAbsent(joint)) return joint;
      const at = edit(place(joint), String(index));
      return at === null ? ABSENT : [at.x, at.y, joint[2]];
    });
    return points.every(isAbsent) ? null : jointsToSkeleton(points);
  },
  toggleVertex(shape, handle) {
    const joint = shape.points[Number(handle)];
    return joint === undefined || isAbsent(joint) ? null : markJoint(shape, Number(handle), joint[2] === 2 ? 1 : 2);
  },
  trace(shape, sink, pixel, edges = []) {
    for (const [a, b] of bones(shape, edges)) {
      sink.moveTo(a[0], a[1]);
      sink.lineTo(b[0], b[1]);
    }
    const [, , width, height] = skeletonShape.bounds(shape) ?? [0, 0, 0, 0];
    const isSmall = shape.points.length > 1 && Math.max(width, height) < SMALL * pixel;
    for (const joint of isSmall ? present(shape).slice(0, 1) : present(shape)) traceJoint(joint, sink, MARK * pixel);
  },
};

export function jointsToSkeleton(points: readonly Joint[]): SkeletonShape {
  return { type: "skeleton", points };
}

/** Null when it was the last one that is there. An absent point that comes back stands in the middle of the others. */
export function markJoint(shape: SkeletonShape, index: number, visibility: Visibility): SkeletonShape | null {
  if (visibility === 0) {
    const changed = changeJoint(shape, index, () => ABSENT);
    return changed.points.every(isAbsent) ? null : changed;
  }
  const [left, top, width, height] = skeletonShape.bounds(shape) ?? [0, 0, 0, 0];
  return changeJoint(shape, index, (joint) =>
    isAbsent(joint) ? [left + width / 2, top + height / 2, visibility] : [joint[0], joint[1], visibility],
  );
}

export function isAbsent(joint: Joint): boolean {
  return joint[2] === 0;
}

function present(shape: SkeletonShape): readonly Joint[] {
  return shape.points.filter((joint) => !isAbsent(joint));
}

function place([x, y]: Joint): Point {
  return { x, y };
}

/** The edges whose ends are both there. */
function bones(shape: SkeletonShape, edges: Edges): (readonly [Joint, Joint])[] {
  return edges.flatMap(([from, to]): (readonly [Joint, Joint])[] => {
    const [a, b] = [shape.points[from], shape.points[to]];
    return a && b && !isAbsent(a) && !isAbsent(b) ? [[a, b]] : [];
  });
}

function changeJoint(shape: SkeletonShape, index: number, change: (joint: Joint) => Joint): SkeletonShape {
  return jointsToSkeleton(shape.points.map((joint, at) => (at === index ? change(joint) : joint)));
}

function mapPresent(shape: SkeletonShape, change: (joint: Joint) => Joint): SkeletonShape {
  return jointsToSkeleton(shape.points.map((joint) => (isAbsent(joint) ? joint : change(joint))));
}

/** A diamond where it is visible, a cross where it is occluded: no colour needed to tell them apart. */
function traceJoint([x, y, visibility]: Joint, sink: PathSink, half: number): void {
  if (visibility === 1) {
    sink.moveTo(x - half, y - half);
    sink.lineTo(x + half, y + half);
    sink.moveTo(x + half, y - half);
    sink.lineTo(x - half, y + half);
    return;
  }
  sink.moveTo(x, y - half);
  sink.lineTo(x + half, y);
  sink.lineTo(x, y + half);
  sink.lineTo(x - half, y);
  sink.closePath();
}

function isJoint(value: unknown): value is Joint {
  return (
    Array.isArray(value) &&
    value.length === 3 &&
    value.every((part) => Number.isFinite(part)) &&
    [0, 1, 2].includes(value[2] as number)
  );
}
