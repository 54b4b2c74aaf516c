/** Owns half-open boxes `[x, y, width, height]` in image pixels. */

import { clamp, type Point, type Size } from "./point";

export type Box = readonly [x: number, y: number, width: number, height: number];

export function pointsToBox(a: Point, b: Point): Box {
  return [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.abs(a.x - b.x), Math.abs(a.y - b.y)];
}

/** Null around nothing. */
export function pointsToBounds(points: readonly Point[]): Box | null {
  if (points.length === 0) return null;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    if (x < left) left = x;
    if (y < top) top = y;
    if (x > right) right = x;
    if (y > bottom) bottom = y;
  }
  return [left, top, right - left, bottom - top];
}

export function boxArea(box: Box): number {
  return box[2] * box[3];
}

export function boxContains(box: Box, point: Point): boolean {
  return point.x >= box[0] && point.y >= box[1] && point.x <= box[0] + box[2] && point.y <= box[1] + box[3];
}

export function boxesIntersect(a: Box, b: Box): boolean {
  return a[0] <= b[0] + b[2] && b[0] <= a[0] + a[2] && a[1] <= b[1] + b[3] && b[1] <= a[1] + a[3];
}

export function boxWithin(inner: Box, outer: Box): boolean {
  return (
    inner[0] >= outer[0] &&
    inner[1] >= outer[1] &&
    inner[0] + inner[2] <= outer[0] + outer[2] &&
    inner[1] + inner[3] <= outer[1] + outer[3]
  );
}

export function boxUnion(a: Box | null, b: Box | null): Box | null {
  if (a === null) return b;
  if (b === null) return a;
  const x = Math.min(a[0], b[0]);
  const y = Math.min(a[1], b[1]);
  return [x, y, Math.max(a[0] + a[2], b[0] + b[2]) - x, Math.max(a[1] + a[3], b[1] + b[3]) - y];
}

export function boxExpand(box: Box, by: number): Box {
  return [box[0] - by, box[1] - by, box[2] + 2 * by, box[3] + 2 * by];
}

/** Intersection over union. */
export function boxIou(one: Box, other: Box): number {
  const across = Math.min(one[0] + one[2], other[0] + other[2]) - Math.max(one[0], other[0]);
  const down = Math.min(one[1] + one[3], other[1] + other[3]) - Math.max(one[1], other[1]);
  if (across <= 0 || down <= 0) return 0;
  return (across * down) / (boxArea(one) + boxArea(other) - across * down);
}

export function boxTranslate(box: Box, dx: number, dy: number): Box {
  return [box[0] + dx, box[1] + dy, box[2], box[3]];
}

/** The part of `box` inside the picture; its width or height is 0 when nothing is inside. */
export function boxClamp(box: Box, size: Size): Box {
  const left = clamp(box[0], 0, size.width);
  const top = clamp(box[1], 0, size.height);
  const right = clamp(box[0] + box[2], 0, size.width);
  const bottom = clamp(box[1] + box[3], 0, size.height);
  return [left, top, right - left, bottom - top];
}

export function boxCenter(box: Box): Point {
  return { x: box[0] + box[2] / 2, y: box[1] + box[3] / 2 };
}
