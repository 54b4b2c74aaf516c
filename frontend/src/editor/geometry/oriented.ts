/**
 * Owns rectangles at any angle, which rotated boxes and ellipses share. Angles are degrees, clockwise as seen (y points
 * down), from the x axis to the first side.
 */

import { direction, directionAngle, roundAngle, turned } from "./direction";
import { roundCoordinate, type Point, type Size, type Vertex } from "./point";
import type { Ring } from "./polygon";
import type { Transform } from "./transform";

export interface OrientedBox {
  readonly center: Vertex;
  /** Along the angle, and across it. */
  readonly size: Vertex;
  readonly angle: number;
}

/** Shift turns by these. */
const TURN_STEP = 15;
/** CSS pixels from the side to the handle that turns. */
const TURN_DISTANCE = 24;

/** A handle's name holds the sides it moves; its place is in halves of the size; `at` is where it looks, in degrees. */
const SIDES = [
  { id: "nw", u: -1, v: -1, at: 45 },
  { id: "n", u: 0, v: -1, at: 90 },
  { id: "ne", u: 1, v: -1, at: 135 },
  { id: "e", u: 1, v: 0, at: 0 },
  { id: "se", u: 1, v: 1, at: 45 },
  { id: "s", u: 0, v: 1, at: 90 },
  { id: "sw", u: -1, v: 1, at: 135 },
  { id: "w", u: -1, v: 0, at: 0 },
] as const;
const CURSORS = ["ew-resize", "nwse-resize", "ns-resize", "nesw-resize"] as const;

/** `u` along the angle and `v` across it, from the centre, to image pixels. */
export function orientedPoint({ center, angle }: OrientedBox, u: number, v: number): Point {
  const { x, y } = direction(angle);
  return { x: center[0] + u * x - v * y, y: center[1] + u * y + v * x };
}

/** Image pixels to along (x) and across (y) the angle, from the centre. */
export function orientedLocal({ center, angle }: OrientedBox, point: Point): Point {
  const { x, y } = direction(angle);
  const [dx, dy] = [point.x - center[0], point.y - center[1]];
  return { x: dx * x + dy * y, y: dy * x - dx * y };
}

/** From the one left of the front, clockwise as seen. */
export function orientedCorners(box: OrientedBox): Ring {
  const [width, height] = box.size;
  return [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([u = 0, v = 0]): Vertex => {
    const { x, y } = orientedPoint(box, (u * width) / 2, (v * height) / 2);
    return [x, y];
  });
}

export interface OrientedHandle {
  readonly id: string;
  readonly point: Point;
  readonly cursor: string;
  readonly free: true;
}

/** Corners, sides and one to turn by; `pixel` is how many image pixels a CSS pixel covers. */
export function orientedHandles(box: OrientedBox, pixel: number): readonly OrientedHandle[] {
  const [width, height] = box.size;
  const turn = orientedPoint(box, 0, -height / 2 - TURN_DISTANCE * pixel);
  const sides = SIDES.map(({ id, u, v, at }): OrientedHandle => {
    const cursor = CURSORS[Math.round(turned(at + box.angle) / 45) % 4] ?? "move";
    return { id, cursor, point: orientedPoint(box, (u * width) / 2, (v * height) / 2), free: true };
  });
  return [...sides, { id: "turn", cursor: "grab", point: turn, free: true }];
}

/** The side opposite to the handle stays where it is, and so does the angle. `snap`: turns by steps of 15 degrees. */
export function orientedMoveHandle(box: OrientedBox, handle: string, to: Point, snap: boolean): OrientedBox {
  if (handle === "turn") {
    const center = { x: box.center[0], y: box.center[1] };
    const wanted = directionAngle(center, to) + 90;
    return { ...box, angle: roundAngle(snap ? Math.round(wanted / TURN_STEP) * TURN_STEP : wanted) };
  }
  const { x, y } = orientedLocal(box, to);
  const [along, across] = [box.size[0] / 2, box.size[1] / 2];
  const [left, right] = [handle.includes("w") ? x : -along, handle.includes("e") ? x : along];
  const [top, bottom] = [handle.includes("n") ? y : -across, handle.includes("s") ? y : across];
  const center = orientedPoint(box, (left + right) / 2, (top + bottom) / 2);
  return { ...box, center: [center.x, center.y], size: [Math.abs(right - left), Math.abs(bottom - top)] };
}

/** The rectangle with this base side whose other side goes through `to`. Its width runs along the base. */
export function baseToOriented(a: Point, b: Point, to: Point): OrientedBox {
  const angle = roundAngle(directionAngle(a, b));
  const width = Math.hypot(b.x - a.x, b.y - a.y);
  const middle: Vertex = [(a.x + b.x) / 2, (a.y + b.y) / 2];
  const base: OrientedBox = { center: middle, size: [width, 0], angle };
  const height = orientedLocal(base, to).y;
  const center = orientedPoint(base, 0, height / 2);
  return { center: [center.x, center.y], size: [width, Math.abs(height)], angle };
}

/** Null where the sides would no longer be at right angles: uneven scaling of something that stands at a slant. */
export function orientedTransform(box: OrientedBox, by: Transform, center: Point): OrientedBox | null {
  const { x, y } = direction(box.angle);
  const [scaleX, scaleY] = [Math.abs(by.scaleX), Math.abs(by.scaleY)];
  if (x !== 0 && y !== 0 && Math.abs(scaleX - scaleY) > 1e-9) return null;
  const isMirrored = by.scaleX * by.scaleY < 0;
  return {
    center: [center.x, center.y],
    size: [box.size[0] * Math.hypot(scaleX * x, scaleY * y), box.size[1] * Math.hypot(scaleX * y, scaleY * x)],
    angle: turned(by.rotate + (isMirrored ? -box.angle : box.angle)),
  };
}

/**
 * With rounded coordinates and its centre inside the picture, where the server wants it; cutting would make something else
 * of it, so it may reach beyond. Null when it does not reach into the picture, or is under a pixel.
 */
export function orientedClamp(box: OrientedBox, size: Size): OrientedBox | null {
  const [width, height] = box.size;
  if (width < 1 || height < 1) return null;
  const center: Vertex = [inside(box.center[0], size.width), inside(box.center[1], size.height)];
  return { center, size: [roundCoordinate(width), roundCoordinate(height)], angle: turned(box.angle) };
}

function inside(value: number, limit: number): number {
  return roundCoordinate(Math.min(Math.max(value, 0), limit)) + 0;
}
