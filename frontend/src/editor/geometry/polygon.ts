/** Owns polygons made of parts with holes, as pure functions over rings of vertices. */

import { boxContains, type Box } from "./box";
import { segmentDistance, segmentFraction, type Point, type Vertex } from "./point";

/** At least three vertices, without a repeated closing one. */
export type Ring = readonly Vertex[];

export interface PolygonPart {
  readonly outer: Ring;
  readonly holes: readonly Ring[];
}

/** A place on an edge: the new vertex would stand before `index` of ring `ring` (0 = outer, 1 … = holes) of `part`. */
export interface EdgePlace {
  readonly part: number;
  readonly ring: number;
  readonly index: number;
  readonly point: Point;
}

export function vertexToPoint(vertex: Vertex): Point {
  return { x: vertex[0], y: vertex[1] };
}

export function partRings(part: PolygonPart): readonly Ring[] {
  return part.holes.length === 0 ? [part.outer] : [part.outer, ...part.holes];
}

/** Positive when the ring runs clockwise on the screen (y down). */
export function ringSignedArea(ring: Ring): number {
  let sum = 0;
  let previous = ring[ring.length - 1];
  for (const vertex of ring) {
    if (previous) sum += previous[0] * vertex[1] - vertex[0] * previous[1];
    previous = vertex;
  }
  return sum / 2;
}

export function ringArea(ring: Ring): number {
  return Math.abs(ringSignedArea(ring));
}

export function partsArea(parts: readonly PolygonPart[]): number {
  let area = 0;
  for (const part of parts) {
    area += ringArea(part.outer);
    for (const hole of part.holes) area -= ringArea(hole);
  }
  return Math.max(area, 0);
}

export function ringBounds(ring: Ring): Box {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (const [x, y] of ring) {
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return [left, top, right - left, bottom - top];
}

export function boxRing([x, y, width, height]: Box): Ring {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}

/** Even-odd rule. */
export function ringContains(ring: Ring, point: Point): boolean {
  let inside = false;
  let previous = ring[ring.length - 1];
  for (const vertex of ring) {
    if (previous && vertex[1] > point.y !== previous[1] > point.y) {
      const x = ((previous[0] - vertex[0]) * (point.y - vertex[1])) / (previous[1] - vertex[1]) + vertex[0];
      if (point.x < x) inside = !inside;
    }
    previous = vertex;
  }
  return inside;
}

export function partContains(part: PolygonPart, point: Point): boolean {
  return ringContains(part.outer, point) && !part.holes.some((hole) => ringContains(hole, point));
}

export function ringDistance(ring: Ring, point: Point): number {
  let nearest = Infinity;
  let previous = ring[ring.length - 1];
  for (const vertex of ring) {
    if (previous) nearest = Math.min(nearest, segmentDistance(point, vertexToPoint(previous), vertexToPoint(vertex)));
    previous = vertex;
  }
  return nearest;
}

/** The nearest place on any edge within `tolerance`, or null. */
export function findEdgePlace(parts: readonly PolygonPart[], point: Point, tolerance: number): EdgePlace | null {
  let best: EdgePlace | null = null;
  let nearest = tolerance;
  parts.forEach((part, partIndex) => {
    partRings(part).forEach((ring, ringIndex) => {
      ring.forEach((vertex, index) => {
        const next = ring[(index + 1) % ring.length];
        if (!next) return;
        const a = vertexToPoint(vertex);
        const b = vertexToPoint(next);
        const away = segmentDistance(point, a, b);
        if (away > nearest) return;
        nearest = away;
        const at = segmentFraction(point, a, b);
        const place = { x: a.x + at * (b.x - a.x), y: a.y + at * (b.y - a.y) };
        best = { part: partIndex, ring: ringIndex, index: index + 1, point: place };
      });
    });
  });
  return best;
}

/** Whether the filled ring and the box share a point. */
export function ringIntersectsBox(ring: Ring, box: Box): boolean {
  if (ring.some((vertex) => boxContains(box, vertexToPoint(vertex)))) return true;
  if (ringContains(ring, { x: box[0], y: box[1] })) return true;
  const corners = boxRing(box);
  return ring.some((vertex, index) => {
    const next = ring[(index + 1) % ring.length] ?? vertex;
    return corners.some((corner, at) => segmentsCross(vertex, next, corner, corners[(at + 1) % 4] ?? corner));
  });
}

export function segmentsCross(a: Vertex, b: Vertex, c: Vertex, d: Vertex): boolean {
  return side(a, b, c) * side(a, b, d) <= 0 && side(c, d, a) * side(c, d, b) <= 0;
}

function side(a: Vertex, b: Vertex, p: Vertex): number {
  return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
}

/** Ramer-Douglas-Peucker on an open line: no dropped vertex was further than `tolerance` from the result. */
export function lineSimplify(line: readonly Vertex[], tolerance: number): Vertex[] {
  if (line.length < 3) return [...line];
  const keep = new Uint8Array(line.length);
  keep[0] = 1;
  keep[line.length - 1] = 1;
  const spans: [number, number][] = [[0, line.length - 1]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const split = furthest(line, span[0], span[1], tolerance);
    if (split === null) continue;
    keep[split] = 1;
    spans.push([span[0], split], [split, span[1]]);
  }
  return line.filter((_, index) => keep[index] === 1);
}

function furthest(line: readonly Vertex[], from: number, to: number, tolerance: number): number | null {
  const a = line[from];
  const b = line[to];
  if (!a || !b) return null;
  let split: number | null = null;
  let most = tolerance;
  for (let index = from + 1; index < to; index += 1) {
    const vertex = line[index];
    if (!vertex) continue;
    const away = segmentDistance(vertexToPoint(vertex), vertexToPoint(a), vertexToPoint(b));
    if (away > most) {
      most = away;
      split = index;
    }
  }
  return split;
}

/** Drops vertices that repeat the one before, and a closing one that repeats the first. */
export function ringClean(ring: Ring): Ring {
  const kept = ring.filter((vertex, index) => index === 0 || !sameVertex(vertex, ring[index - 1]));
  while (kept.length > 1 && sameVertex(kept[0], kept.at(-1))) kept.pop();
  return kept.length === ring.length ? ring : kept;
}

function sameVertex(a: Vertex | undefined, b: Vertex | undefined): boolean {
  return a?.[0] === b?.[0] && a?.[1] === b?.[1];
}
