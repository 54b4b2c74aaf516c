/**
 * Owns masks as vertical runs of pixels. Whatever is done to one costs what its outline costs, never what the picture
 * costs: a mask in a picture of 100 megapixels is painted on, cut and joined without one array of pixels.
 */

import type { Box } from "./box";
import type { Point } from "./point";
import type { Counts } from "./rle";
import { NO_SPANS, spansClip, spansCombine, spansHas, spansLength, spansTouch, type Spans } from "./spans";

/** The set pixels of column `left + i` of the picture are the rows in `columns[i]`. */
export interface MaskRuns {
  readonly left: number;
  readonly columns: readonly Spans[];
}

export const NO_RUNS: MaskRuns = { left: 0, columns: [] };

/** From run lengths of the crop `box`, column by column, unset pixels first. */
export function countsToRuns([left, top, width, height]: Box, counts: Counts): MaskRuns {
  const columns: Spans[] = new Array<Spans>(width).fill(NO_SPANS);
  const whole: Spans = [top, top + height];
  let open: number[] | null = null;
  let current = -1;
  let at = 0;
  for (let index = 0; index < counts.length; index += 1) {
    const end = at + (counts[index] ?? 0);
    for (let from = at; index % 2 === 1 && from < end;) {
      const column = Math.floor(from / height);
      const first = from - column * height;
      const last = Math.min(end - column * height, height);
      if (first === 0 && last === height) columns[column] = whole;
      else {
        if (column !== current || open === null) columns[column] = open = [];
        open.push(top + first, top + last);
        current = column;
      }
      from = column * height + last;
    }
    at = end;
  }
  return { left, columns };
}

/** The run lengths of the crop `box`, which holds every set pixel. */
export function runsToCounts(runs: MaskRuns, [left, top, width, height]: Box): number[] {
  const counts: number[] = [];
  let edge = 0;
  for (let column = 0; column < width; column += 1) {
    const spans = columnAt(runs, left + column);
    const base = column * height - top;
    for (let index = 0; index < spans.length; index += 2) {
      const [start, end] = [base + (spans[index] ?? 0), base + (spans[index + 1] ?? 0)];
      // A run goes on from the foot of one column to the head of the next.
      if (start === edge && counts.length > 0) counts[counts.length - 1] = (counts.at(-1) ?? 0) + end - start;
      else counts.push(start - edge, end - start);
      edge = end;
    }
  }
  const rest = width * height - edge;
  if (rest > 0 || counts.length === 0) counts.push(rest);
  return counts;
}

export function columnAt(runs: MaskRuns, x: number): Spans {
  return runs.columns[x - runs.left] ?? NO_SPANS;
}

/** The smallest box around the set pixels; null when none is set. */
export function runsBox(runs: MaskRuns): Box | null {
  const { left, columns } = runs;
  const first = columns.findIndex((spans) => spans.length > 0);
  if (first === -1) return null;
  let last = first;
  let [top, bottom] = [Infinity, -Infinity];
  for (let index = first; index < columns.length; index += 1) {
    const spans = columns[index] ?? NO_SPANS;
    if (spans.length === 0) continue;
    last = index;
    top = Math.min(top, spans[0] ?? Infinity);
    bottom = Math.max(bottom, spans[spans.length - 1] ?? -Infinity);
  }
  return [left + first, top, last - first + 1, bottom - top];
}

export function runsArea(runs: MaskRuns): number {
  return runs.columns.reduce((area, spans) => area + spansLength(spans), 0);
}

export function runsHas(runs: MaskRuns, point: Point): boolean {
  return spansHas(columnAt(runs, Math.floor(point.x)), Math.floor(point.y));
}

/** Whether a set pixel shares more than its border with `box`. */
export function runsTouch(runs: MaskRuns, [x, y, width, height]: Box): boolean {
  const [top, bottom] = [Math.floor(y), Math.ceil(y + height)];
  for (let column = Math.floor(x); column < Math.ceil(x + width); column += 1) {
    if (spansTouch(columnAt(runs, column), top, bottom)) return true;
  }
  return false;
}

/** What lies inside `box`, whole pixels. */
export function runsClip(runs: MaskRuns, [left, top, width, height]: Box): MaskRuns {
  const columns = Array.from({ length: Math.max(width, 0) }, (_, index) =>
    spansClip(columnAt(runs, left + index), top, top + height),
  );
  return { left, columns };
}

/** Pixels in any of them. */
export function runsUnion(...all: readonly MaskRuns[]): MaskRuns {
  return all.reduce((a, b) => runsCombine(a, b, (inA, inB) => inA || inB), NO_RUNS);
}

/** Pixels in `a` that are not in `b`. */
export function runsSubtract(a: MaskRuns, b: MaskRuns): MaskRuns {
  return runsCombine(a, b, (inA, inB) => inA && !inB);
}

/** Pixels in both. */
export function runsIntersect(a: MaskRuns, b: MaskRuns): MaskRuns {
  return runsCombine(a, b, (inA, inB) => inA && inB);
}

function runsCombine(a: MaskRuns, b: MaskRuns, keep: (inA: boolean, inB: boolean) => boolean): MaskRuns {
  if (a.columns.length === 0 || b.columns.length === 0) {
    const [other, kept] = a.columns.length === 0 ? [b, keep(false, true)] : [a, keep(true, false)];
    return kept ? other : NO_RUNS;
  }
  const left = Math.min(a.left, b.left);
  const right = Math.max(a.left + a.columns.length, b.left + b.columns.length);
  const columns = Array.from({ length: right - left }, (_, index) =>
    spansCombine(columnAt(a, left + index), columnAt(b, left + index), keep),
  );
  return { left, columns };
}
