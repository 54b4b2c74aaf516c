/** Owns borders that others are drawn along: rings and open lines, places on them, and the ways from one place to another. */

import { distance, segmentFraction, type Point, type Vertex } from "./point";
import { partRings, vertexToPoint, type PolygonPart } from "./polygon";

export interface Border {
  /** A single vertex is a lone point. */
  readonly line: readonly Vertex[];
  /** The last vertex is joined to the first. */
  readonly closed: boolean;
}

/** A place on a border: a new vertex would stand before `index`. */
export interface BorderPlace {
  readonly index: number;
  readonly point: Point;
}

interface NearBorder {
  readonly place: BorderPlace;
  readonly away: number;
  readonly isVertex: boolean;
}

export function partsToBorders(parts: readonly PolygonPart[]): Border[] {
  return parts.flatMap((part) => partRings(part).map((line) => ({ line, closed: true })));
}

/** The nearest vertex within `reach`; where there is none, the nearest place on an edge. */
export function findBorderPlace(border: Border, point: Point, reach: number): NearBorder | null {
  const vertex = nearestVertex(border, point, reach);
  return vertex ?? nearestOnEdge(border, point, reach);
}

function nearestVertex({ line }: Border, point: Point, reach: number): NearBorder | null {
  let found = -1;
  let nearest = reach;
  for (let index = 0; index < line.length; index += 1) {
    const vertex = line[index];
    const away = vertex === undefined ? Infinity : Math.hypot(vertex[0] - point.x, vertex[1] - point.y);
    if (away > nearest) continue;
    found = index;
    nearest = away;
  }
  const vertex = line[found];
  return vertex ? { place: { index: found, point: vertexToPoint(vertex) }, away: nearest, isVertex: true } : null;
}

function nearestOnEdge({ line, closed }: Border, point: Point, reach: number): NearBorder | null {
  let best: BorderPlace | null = null;
  let nearest = reach;
  for (let index = 1; index < line.length + (closed ? 1 : 0); index += 1) {
    const [from, to] = [line[index - 1], line[index % line.length]];
    if (!from || !to || !mayBeNear(from, to, point, nearest)) continue;
    const [a, b] = [vertexToPoint(from), vertexToPoint(to)];
    const at = segmentFraction(point, a, b);
    const place = { x: a.x + at * (b.x - a.x), y: a.y + at * (b.y - a.y) };
    const away = distance(place, point);
    if (away > nearest) continue;
    nearest = away;
    best = { index, point: place };
  }
  return best && { place: best, away: nearest, isVertex: false };
}

/** Most edges of a long border are far away, and this is cheaper than to measure how far. */
function mayBeNear([ax, ay]: Vertex, [bx, by]: Vertex, { x, y }: Point, reach: number): boolean {
  return (
    Math.min(ax, bx) - reach <= x &&
    Math.max(ax, bx) + reach >= x &&
    Math.min(ay, by) - reach <= y &&
    Math.max(ay, by) + reach >= y
  );
}

/** The vertices that are passed from one place to the other, shorter way first; one way only where the line is open. */
export function borderWays(border: Border, from: BorderPlace, to: BorderPlace): readonly (readonly Vertex[])[] {
  const ways = border.closed
    ? [ringWay(border.line, from, to), [...ringWay(border.line, to, from)].reverse()]
    : [openWay(border.line, from, to)];
  return ways
    .map((way) => withoutEnds(way, from.point, to.point))
    .map((way) => ({ way, length: wayLength([pair(from.point), ...way, pair(to.point)]) }))
    .sort((a, b) => a.length - b.length)
    .map(({ way }) => way);
}

/** The vertices that are passed on the way forward round a ring. */
export function ringWay(ring: readonly Vertex[], from: BorderPlace, to: BorderPlace): readonly Vertex[] {
  const [start, end] = [from.index % ring.length, to.index % ring.length];
  const isAhead = start === end && along(ring, from) <= along(ring, to);
  const count = isAhead ? 0 : (end - start + ring.length) % ring.length || ring.length;
  return Array.from({ length: count }, (_, step) => ring[(start + step) % ring.length]).filter(
    (vertex) => vertex !== undefined,
  );
}

function openWay(line: readonly Vertex[], from: BorderPlace, to: BorderPlace): readonly Vertex[] {
  return from.index <= to.index ? line.slice(from.index, to.index) : line.slice(to.index, from.index).reverse();
}

/** How far from the beginning of its edge a place is. */
function along(ring: readonly Vertex[], { index, point }: BorderPlace): number {
  const start = ring.at(index - 1);
  return start ? distance(vertexToPoint(start), point) : 0;
}

function withoutEnds(way: readonly Vertex[], from: Point, to: Point): readonly Vertex[] {
  const isAt = (vertex: Vertex | undefined, point: Point): boolean => vertex?.[0] === point.x && vertex[1] === point.y;
  const start = isAt(way[0], from) ? 1 : 0;
  const end = way.length > start && isAt(way.at(-1), to) ? way.length - 1 : way.length;
  return way.slice(start, end);
}

function wayLength(way: readonly Vertex[]): number {
  let length = 0;
  way.forEach(([x, y], index) => {
    const before = way[index - 1];
    if (before) length += Math.hypot(x - before[0], y - before[1]);
  });
  return length;
}

function pair({ x, y }: Point): Vertex {
  return [x, y];
}
