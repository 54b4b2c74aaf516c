/** Owns the exchange of a part of an outline for a line that begins and ends on it. */

import { ringWay } from "./border";
import type { Point, Vertex } from "./point";
import { ringArea, ringClean, type EdgePlace, type Ring } from "./polygon";

/** Of the two outlines that the line can make, the one that encloses more: whoever redraws means the smaller part to go. */
export function ringRedraw(ring: Ring, from: EdgePlace, to: EdgePlace, line: readonly Vertex[]): Ring {
  const drawn: readonly Vertex[] = [toVertex(from.point), ...line, toVertex(to.point)];
  const one = ringClean([...drawn, ...ringWay(ring, to, from)]);
  const other = ringClean([...ringWay(ring, from, to), ...[...drawn].reverse()]);
  return ringArea(one) >= ringArea(other) ? one : other;
}

function toVertex({ x, y }: Point): Vertex {
  return [x, y];
}
