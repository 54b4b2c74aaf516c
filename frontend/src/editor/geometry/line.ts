/** Owns open lines of vertices, as pure functions. */

import { boxContains, type Box } from "./box";
import { segmentDistance, segmentFraction, type Point, type Vertex } from "./point";
import { boxRing, segmentsCross, vertexToPoint, type EdgePlace } from "./polygon";

export function lineDistance(line: readonly Vertex[], point: Point): number {
  let nearest = Infinity;
  for (let index = 1; index < line.length; index += 1) {
    const [a, b] = [line[index - 1], line[index]];
    if (a && b) nearest = Math.min(nearest, segmentDistance(point, vertexToPoint(a), vertexToPoint(b)));
  }
  return nearest;
}

export function lineIntersectsBox(line: readonly Vertex[], box: Box): boolean {
  if (line.some((vertex) => boxContains(box, vertexToPoint(vertex)))) return true;
  const corners = boxRing(box);
  return line.some((vertex, index) => {
    const next = line[index + 1];
    return (
      next !== undefined &&
      corners.some((corner, at) => segmentsCross(vertex, next, corner, corners[(at + 1) % 4] ?? corner))
    );
  });
}

/** The nearest place on the line within `tolerance`, or null; a line is one ring of one part. */
export function findLinePlace(line: readonly Vertex[], point: Point, tolerance: number): EdgePlace | null {
  let best: EdgePlace | null = null;
  let nearest = tolerance;
  for (let index = 1; index < line.length; index += 1) {
    const [from, to] = [line[index - 1], line[index]];
    if (!from || !to) continue;
    const [a, b] = [vertexToPoint(from), vertexToPoint(to)];
    const away = segmentDistance(point, a, b);
    if (away > nearest) continue;
    nearest = away;
    const at = segmentFraction(point, a, b);
    best = { part: 0, ring: 0, index, point: { x: a.x + at * (b.x - a.x), y: a.y + at * (b.y - a.y) } };
  }
  return best;
}
