/**
 * Owns the way from pixels to outlines: rings along the edges of pixels that rasterise to exactly the same pixels. Pixels
 * that touch at a corner belong together, as on the server.
 */

import type { Vertex } from "./point";
import { ringBounds, ringContains, ringSignedArea, type PolygonPart, type Ring } from "./polygon";
import { columnAt, type MaskRuns } from "./runs";
import { NO_SPANS, spansCombine, type Spans } from "./spans";

/** Edges leave the set pixels on their right. */
interface Edge {
  readonly from: Vertex;
  readonly to: Vertex;
}

export function runsToParts(runs: MaskRuns): PolygonPart[] {
  const outers: { readonly ring: Ring; readonly area: number; readonly holes: Ring[] }[] = [];
  const holes: Ring[] = [];
  for (const ring of traceRings(edgesOf(runs))) {
    const area = ringSignedArea(ring);
    if (area > 0) outers.push({ ring, area, holes: [] });
    else holes.push(ring);
  }
  outers.sort((a, b) => a.area - b.area);
  for (const hole of holes) {
    const [x, y] = hole[0] ?? [0, 0];
    const beside = pixelBeside(hole);
    outers.find(({ ring }) => boxHolds(ring, x, y) && ringContains(ring, beside))?.holes.push(hole);
  }
  return outers.map((outer) => ({ outer: outer.ring, holes: outer.holes }));
}

function boxHolds(ring: Ring, x: number, y: number): boolean {
  const [left, top, width, height] = ringBounds(ring);
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

/** The middle of a set pixel to the right of the ring's first edge. */
function pixelBeside(ring: Ring): { x: number; y: number } {
  const [[x, y], [nextX, nextY]] = [ring[0] ?? [0, 0], ring[1] ?? [0, 0]];
  const [dx, dy] = [Math.sign(nextX - x), Math.sign(nextY - y)];
  return { x: x + dx / 2 - dy / 2, y: y + dy / 2 + dx / 2 };
}

function edgesOf(runs: MaskRuns): Edge[] {
  const edges: Edge[] = [];
  for (let index = 0; index <= runs.columns.length; index += 1) {
    const x = runs.left + index;
    const [left, right] = [columnAt(runs, x - 1), columnAt(runs, x)];
    for (let at = 0; at < right.length; at += 2) {
      const [top, bottom] = [right[at] ?? 0, right[at + 1] ?? 0];
      edges.push({ from: [x, top], to: [x + 1, top] }, { from: [x + 1, bottom], to: [x, bottom] });
    }
    eachSpan(onlyIn(left, right), (top, bottom) => edges.push({ from: [x, top], to: [x, bottom] }));
    eachSpan(onlyIn(right, left), (top, bottom) => edges.push({ from: [x, bottom], to: [x, top] }));
  }
  return edges;
}

function onlyIn(a: Spans, b: Spans): Spans {
  return a === b ? NO_SPANS : spansCombine(a, b, (inA, inB) => inA && !inB);
}

function eachSpan(spans: Spans, visit: (start: number, end: number) => void): void {
  for (let at = 0; at < spans.length; at += 2) visit(spans[at] ?? 0, spans[at + 1] ?? 0);
}

/** Follows the edges; where two ways go on, the turn to the left joins what touches at the corner. */
function* traceRings(edges: readonly Edge[]): Generator<Ring> {
  const waiting = new Map<string, Edge[]>();
  for (const edge of edges) {
    const key = edge.from.join();
    const same = waiting.get(key);
    if (same) same.push(edge);
    else waiting.set(key, [edge]);
  }
  for (const first of edges) {
    if (!take(waiting, first)) continue;
    const path = [first];
    for (let edge = next(waiting, first); edge !== null; edge = next(waiting, edge)) path.push(edge);
    yield corners(path);
  }
}

function next(waiting: Map<string, Edge[]>, edge: Edge): Edge | null {
  const ways = waiting.get(edge.to.join()) ?? [];
  const way = ways.length > 1 ? ways.find((one) => turn(edge, one) < 0) : ways[0];
  return way !== undefined && take(waiting, way) ? way : null;
}

function take(waiting: Map<string, Edge[]>, edge: Edge): boolean {
  const ways = waiting.get(edge.from.join()) ?? [];
  const at = ways.indexOf(edge);
  if (at === -1) return false;
  ways.splice(at, 1);
  return true;
}

/** Negative: to the left, on a screen whose y goes down. */
function turn(a: Edge, b: Edge): number {
  return (a.to[0] - a.from[0]) * (b.to[1] - b.from[1]) - (a.to[1] - a.from[1]) * (b.to[0] - b.from[0]);
}

/** Where the path changes its direction. */
function corners(path: readonly Edge[]): Ring {
  return path.filter((edge, index) => turn(path.at(index - 1) ?? edge, edge) !== 0).map(({ from }) => from);
}
