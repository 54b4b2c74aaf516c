/** Owns the pixels that a tip covers on its way from one point to another. Knows no mask. */

import type { Point } from "./point";

export type BrushTip = "round" | "square";

/** Called with half-open rows of one column, columns ascending. */
type Visit = (x: number, start: number, end: number) => void;

/** Visits the pixels whose centre the tip passes; `radius` is half its width in image pixels. */
export function eachBrushed(from: Point, to: Point, radius: number, tip: BrushTip, visit: Visit): void {
  const left = Math.ceil(Math.min(from.x, to.x) - radius - 0.5);
  const right = Math.floor(Math.max(from.x, to.x) + radius - 0.5);
  for (let x = left; x <= right; x += 1) {
    const span = tip === "round" ? roundSpan(from, to, radius, x + 0.5) : squareSpan(from, to, radius, x + 0.5);
    if (span === null) continue;
    const [start, end] = [Math.ceil(span[0] - 0.5), Math.floor(span[1] - 0.5) + 1];
    if (start < end) visit(x, start, end);
  }
}

/** Where the vertical line at `x` is inside the capsule around the segment: a capsule is convex, so it is one span. */
function roundSpan(from: Point, to: Point, radius: number, x: number): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const end of [from, to]) {
    const dx = x - end.x;
    if (Math.abs(dx) > radius) continue;
    const reach = Math.sqrt(radius * radius - dx * dx);
    low = Math.min(low, end.y - reach);
    high = Math.max(high, end.y + reach);
  }
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length > 0) {
    const nx = (-(to.y - from.y) / length) * radius;
    const ny = ((to.x - from.x) / length) * radius;
    for (const sign of [1, -1]) {
      const ax = from.x + sign * nx;
      const bx = to.x + sign * nx;
      if (ax === bx || x < Math.min(ax, bx) || x > Math.max(ax, bx)) continue;
      const y = from.y + sign * ny + ((x - ax) / (bx - ax)) * (to.y - from.y);
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
  }
  return low > high ? null : [low, high];
}

/** The same for a square that keeps upright: what it passes while its own sides are around `x`. */
function squareSpan(from: Point, to: Point, radius: number, x: number): [number, number] | null {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  let [begin, end] = [0, 1];
  if (dx === 0) {
    if (Math.abs(x - from.x) > radius) return null;
  } else {
    const [a, b] = [(x - radius - from.x) / dx, (x + radius - from.x) / dx];
    begin = Math.max(begin, Math.min(a, b));
    end = Math.min(end, Math.max(a, b));
    if (begin > end) return null;
  }
  const [first, last] = [from.y + begin * dy, from.y + end * dy];
  return [Math.min(first, last) - radius, Math.max(first, last) + radius];
}
