/** Owns points and the brands that keep image pixels and screen pixels apart. */

declare const space: unique symbol;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Pixels of the upright image, origin top left. */
export type ImagePoint = Point & { readonly [space]?: "image" };

/** CSS pixels of the canvas, origin top left. */
export type ScreenPoint = Point & { readonly [space]?: "screen" };

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A vertex as it goes over the wire. */
export type Vertex = readonly [x: number, y: number];

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

export function clampPoint(point: ImagePoint, size: Size): ImagePoint {
  return { x: clamp(point.x, 0, size.width), y: clamp(point.y, 0, size.height) };
}

/** Thousandths of a pixel: finer than any hand, and it keeps the JSON short. */
export function roundCoordinate(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Distance of `point` to the segment from `a` to `b`. */
export function segmentDistance(point: Point, a: Point, b: Point): number {
  const at = segmentFraction(point, a, b);
  return Math.hypot(point.x - (a.x + at * (b.x - a.x)), point.y - (a.y + at * (b.y - a.y)));
}

/** Where on the segment (0 = a, 1 = b) the point nearest to `point` lies. */
export function segmentFraction(point: Point, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const square = dx * dx + dy * dy;
  return square === 0 ? 0 : clamp(((point.x - a.x) * dx + (point.y - a.y) * dy) / square, 0, 1);
}
