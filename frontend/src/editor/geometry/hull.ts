/** Owns the convex hull of points, and the smallest rectangle at any angle around it. */

import { directionAngle, roundAngle, turned } from "./direction";
import { orientedLocal, orientedPoint, type OrientedBox } from "./oriented";
import type { Vertex } from "./point";
import { vertexToPoint, type Ring } from "./polygon";

/** Clockwise on the screen, without vertices that lie between two others (Andrew's monotone chain). */
function convexHull(vertices: readonly Vertex[]): Ring {
  const sorted = [...vertices].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const lower = chain(sorted);
  const upper = chain(sorted.reverse());
  return [...lower.slice(0, -1), ...upper.slice(0, -1)];
}

function chain(vertices: readonly Vertex[]): Vertex[] {
  const hull: Vertex[] = [];
  for (const vertex of vertices) {
    while (hull.length > 1 && bend(hull.at(-2), hull.at(-1), vertex) <= 0) hull.pop();
    hull.push(vertex);
  }
  return hull;
}

function bend(a: Vertex | undefined, b: Vertex | undefined, c: Vertex): number {
  return a && b ? (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]) : 1;
}

/** Of smallest area: one of its sides lies on a side of the hull. Null when the points enclose nothing. */
export function smallestOriented(vertices: readonly Vertex[]): OrientedBox | null {
  const hull = convexHull(vertices);
  if (hull.length < 3) return null;
  let best: OrientedBox | null = null;
  hull.forEach((vertex, index) => {
    const next = hull[(index + 1) % hull.length] ?? vertex;
    const angle = roundAngle(upright(directionAngle(vertexToPoint(vertex), vertexToPoint(next))));
    const around = orientedAround(hull, angle);
    if (best === null || area(around) < area(best) - 1e-9) best = around;
  });
  return best;
}

/** The same rectangle with its first side as near to the x axis as can be. */
function upright(angle: number): number {
  return turned(angle - 90 * Math.round(angle / 90));
}

function orientedAround(hull: Ring, angle: number): OrientedBox {
  const origin: OrientedBox = { center: [0, 0], size: [0, 0], angle };
  const local = hull.map((vertex) => orientedLocal(origin, vertexToPoint(vertex)));
  const [us, vs] = [local.map(({ x }) => x), local.map(({ y }) => y)];
  const [left, right] = [Math.min(...us), Math.max(...us)];
  const [top, bottom] = [Math.min(...vs), Math.max(...vs)];
  const { x, y } = orientedPoint(origin, (left + right) / 2, (top + bottom) / 2);
  return { center: [x, y], size: [right - left, bottom - top], angle };
}

function area({ size }: OrientedBox): number {
  return size[0] * size[1];
}
