/** Owns moves that keep things inside the picture. */

import type { Box } from "./box";
import { clamp, type Point, type Size } from "./point";

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
