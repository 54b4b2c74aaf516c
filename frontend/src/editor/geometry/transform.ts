/** Owns moves that keep things inside the picture, and scaling, turning and mirroring of points. */

import type { Box } from "./box";
import { direction } from "./direction";
import { clamp, type Point, type Size, type Vertex } from "./point";

/** The part of a move that keeps `bounds` inside the picture; bounds that stick out already are only moved inwards. */
export function clampMove(bounds: Box, size: Size, move: Point): Point {
  return {
    x: clampAxis(bounds[0], bounds[2], size.width, move.x),
    y: clampAxis(bounds[1], bounds[3], size.height, move.y),
  };
}

function clampAxis(start: number, extent: number, limit: number, move: number): number {
  const low = Math.min(-start, 0);
  const high = Math.max(limit - start - extent, 0);
  return clamp(move, low, high);
}

/** First scaled and then turned about a point, then moved. */
export interface Transform {
  /** Negative: mirrored. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** Degrees, clockwise as seen. */
  readonly rotate: number;
  readonly about: Point;
  readonly dx: number;
  readonly dy: number;
}

/** Nothing happens; spread it and say what should. */
export const UNCHANGED: Transform = { scaleX: 1, scaleY: 1, rotate: 0, about: { x: 0, y: 0 }, dx: 0, dy: 0 };

export function transformPoint(by: Transform, point: Point): Point {
  const { x: cos, y: sin } = direction(by.rotate);
  const x = (point.x - by.about.x) * by.scaleX;
  const y = (point.y - by.about.y) * by.scaleY;
  return { x: by.about.x + x * cos - y * sin + by.dx, y: by.about.y + x * sin + y * cos + by.dy };
}

export function transformVertex(by: Transform, [x, y]: Vertex): Vertex {
  const point = transformPoint(by, { x, y });
  return [point.x, point.y];
}

/** Whether it only moves. */
export function isMove(by: Transform): boolean {
  return by.scaleX === 1 && by.scaleY === 1 && by.rotate % 360 === 0;
}
