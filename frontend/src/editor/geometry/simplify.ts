/** Owns outlines and lines with fewer vertices. */

import { distance, type Vertex } from "./point";
import { lineSimplify, ringArea, vertexToPoint, type PolygonPart, type Ring } from "./polygon";

/** No dropped vertex was further than `tolerance` from the outcome. Every part and hole stays, with three vertices or more. */
export function partsSimplify(parts: readonly PolygonPart[], tolerance: number): PolygonPart[] {
  return parts.map(({ outer, holes }) => ({
    outer: ringSimplify(outer, tolerance),
    holes: holes.map((hole) => ringSimplify(hole, tolerance)),
  }));
}

/** A ring is two lines between its first vertex and the one furthest from that. */
function ringSimplify(ring: Ring, tolerance: number): Ring {
  const [first] = ring;
  if (!first || tolerance <= 0) return ring;
  const away = ring.map((vertex) => distance(vertexToPoint(first), vertexToPoint(vertex)));
  const far = away.indexOf(Math.max(...away));
  const there = lineSimplify(ring.slice(0, far + 1), tolerance);
  const back = lineSimplify([...ring.slice(far), first], tolerance);
  const simple: Vertex[] = [...there, ...back.slice(1, -1)];
  return simple.length >= 3 && ringArea(simple) > 0 ? simple : triangle(ring, far);
}

/** The least that a ring can be: its first vertex, the one at `far`, and the one furthest from the line between them. */
function triangle(ring: Ring, far: number): Ring {
  const [a, b] = [ring[0], ring[far]];
  if (!a || !b) return ring;
  const areas = ring.map((vertex) => ringArea([a, b, vertex]));
  const third = areas.indexOf(Math.max(...areas));
  const kept = ring.filter((_, index) => index === 0 || index === far || index === third);
  return kept.length === 3 && ringArea(kept) > 0 ? kept : ring;
}
