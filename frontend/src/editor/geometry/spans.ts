/** Owns sets of whole numbers as half-open spans, flat: `[start, end, start, end, …]`, ascending, never touching. */

export type Spans = readonly number[];

export const NO_SPANS: Spans = [];

/** The same array when nothing was to be added. */
export function spansAdd(spans: Spans, start: number, end: number): Spans {
  if (start >= end) return spans;
  const count = spans.length;
  if (count === 0) return [start, end];
  const first = findSpan(spans, start);
  if (first < count && at(spans, first) <= start && end <= at(spans, first + 1)) return spans;
  let last = first;
  while (last < count && at(spans, last) <= end) last += 2;
  if (last === first) return [...spans.slice(0, first), start, end, ...spans.slice(first)];
  const low = Math.min(start, at(spans, first));
  const high = Math.max(end, at(spans, last - 1));
  return [...spans.slice(0, first), low, high, ...spans.slice(last)];
}

/** The same array when nothing was to be removed. */
export function spansRemove(spans: Spans, start: number, end: number): Spans {
  if (start >= end || !spansTouch(spans, start, end)) return spans;
  const left: number[] = [];
  for (let index = 0; index < spans.length; index += 2) {
    const [low, high] = [at(spans, index), at(spans, index + 1)];
    if (high <= start || low >= end) left.push(low, high);
    else {
      if (low < start) left.push(low, start);
      if (high > end) left.push(end, high);
    }
  }
  return left;
}

/** The numbers for which `keep` says yes; it must say no to what is in neither. */
export function spansCombine(a: Spans, b: Spans, keep: (inA: boolean, inB: boolean) => boolean): Spans {
  const combined: number[] = [];
  let [i, j] = [0, 0];
  let inside = false;
  while (i < a.length || j < b.length) {
    const edge = Math.min(a[i] ?? Infinity, b[j] ?? Infinity);
    if (a[i] === edge) i += 1;
    if (b[j] === edge) j += 1;
    const now = keep(i % 2 === 1, j % 2 === 1);
    if (now !== inside) combined.push(edge);
    inside = now;
  }
  return combined;
}

/** What lies in `low … high`. */
export function spansClip(spans: Spans, low: number, high: number): Spans {
  if (spans.length === 0 || (at(spans, 0) >= low && at(spans, spans.length - 1) <= high)) return spans;
  return spansCombine(spans, [low, high], (inA, inB) => inA && inB);
}

export function spansHas(spans: Spans, value: number): boolean {
  return spansTouch(spans, value, value + 1);
}

/** Whether any number of `start … end` is in the set. */
export function spansTouch(spans: Spans, start: number, end: number): boolean {
  let index = findSpan(spans, start);
  if (at(spans, index + 1) === start) index += 2;
  return index < spans.length && at(spans, index) < end;
}

export function spansLength(spans: Spans): number {
  let length = 0;
  for (let index = 0; index < spans.length; index += 2) length += at(spans, index + 1) - at(spans, index);
  return length;
}

/** Index of the first span that ends at `value` or later. */
function findSpan(spans: Spans, value: number): number {
  let [low, high] = [0, spans.length / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(spans, 2 * middle + 1) < value) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

function at(spans: Spans, index: number): number {
  return spans[index] ?? Infinity;
}
