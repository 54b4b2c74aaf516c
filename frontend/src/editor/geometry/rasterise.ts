/** Owns which pixels a polygon covers: exactly those that pycocotools and the server say. */

import type { Point } from "./point";
import { partRings, type PolygonPart, type Ring } from "./polygon";
import { NO_RUNS, runsSubtract, runsUnion, type MaskRuns } from "./runs";
import type { Spans } from "./spans";

/** COCO draws outlines on a grid this much finer. */
const SCALE = 5;

/** The rings lie inside the picture. */
export function partsToRuns(parts: readonly PolygonPart[]): MaskRuns {
  return runsUnion(
    ...parts.map((part) => {
      const [outer = NO_RUNS, ...holes] = partRings(part).map(ringToRuns);
      return runsSubtract(outer, runsUnion(...holes));
    }),
  );
}

/** A port of `rleFrPoly`: the outline's crossings of the middle of each column are where runs begin and end. */
export function ringToRuns(ring: Ring): MaskRuns {
  const fine = ring.map(([x, y]) => ({ x: Math.trunc(SCALE * x + 0.5), y: Math.trunc(SCALE * y + 0.5) }));
  const left = Math.floor(Math.min(...fine.map(({ x }) => x)) / SCALE);
  const right = Math.ceil(Math.max(...fine.map(({ x }) => x)) / SCALE);
  const crossings: number[][] = Array.from({ length: Math.max(right - left, 0) }, () => []);
  let before: Point | null = null;
  fine.forEach((start, index) => {
    for (const point of finePoints(start, fine[(index + 1) % fine.length] ?? start)) {
      if (before !== null && before.x !== point.x) addCrossing(crossings, left, before, point);
      before = point;
    }
  });
  return { left, columns: crossings.map(crossingsToSpans) };
}

/** Every point of the fine grid from `a` to `b`, rounded as C rounds. */
function* finePoints(a: Point, b: Point): Generator<Point> {
  const [dx, dy] = [Math.abs(b.x - a.x), Math.abs(b.y - a.y)];
  const isFlat = dx >= dy;
  const isFlipped = isFlat ? a.x > b.x : a.y > b.y;
  const [from, to] = isFlipped ? [b, a] : [a, b];
  const length = isFlat ? dx : dy;
  const slope = length === 0 ? 0 : (isFlat ? to.y - from.y : to.x - from.x) / length;
  for (let step = 0; step <= length; step += 1) {
    const t = isFlipped ? length - step : step;
    yield isFlat
      ? { x: from.x + t, y: Math.trunc(from.y + slope * t + 0.5) }
      : { x: Math.trunc(from.x + slope * t + 0.5), y: from.y + t };
  }
}

function addCrossing(crossings: number[][], left: number, before: Point, point: Point): void {
  const x = ((point.x < before.x ? point.x : point.x - 1) + 0.5) / SCALE - 0.5;
  if (!Number.isInteger(x)) return;
  crossings[x - left]?.push(Math.ceil(Math.max((Math.min(point.y, before.y) + 0.5) / SCALE - 0.5, 0)));
}

/** A closed outline crosses a column an even number of times; a pair in one place encloses nothing. */
function crossingsToSpans(crossings: readonly number[]): Spans {
  const spans: number[] = [];
  for (const value of [...crossings].sort((a, b) => a - b)) {
    if (spans.at(-1) === value) spans.pop();
    else spans.push(value);
  }
  return spans;
}
