/** Owns a mask that is being painted: a copy whose columns are replaced one by one, so beginning a stroke costs nothing. */

import { boxUnion, type Box } from "./box";
import { eachBrushed, type BrushTip } from "./brush";
import type { Point, Size } from "./point";
import { columnAt, runsBox, type MaskRuns } from "./runs";
import { NO_SPANS, spansAdd, spansCombine, spansRemove, type Spans } from "./spans";

export interface Dab {
  readonly from: Point;
  readonly to: Point;
  /** Half the tip's width in image pixels. */
  readonly radius: number;
  readonly tip: BrushTip;
  /** 1 sets pixels, 0 clears them. */
  readonly value: 0 | 1;
}

export class MaskDraft implements MaskRuns {
  readonly left = 0;
  readonly columns: Spans[];
  private readonly size: Size;
  private reach: Box | null;

  constructor(runs: MaskRuns, size: Size) {
    this.size = size;
    this.columns = Array.from({ length: size.width }, (_, x) => columnAt(runs, x));
    this.reach = runsBox(runs);
  }

  /** Holds every pixel that is or was set; null when there was none. */
  get box(): Box | null {
    return this.reach;
  }

  /** Pixels of `others` stay as they are. Answers the box in which something may have changed, or null. */
  paint(dab: Dab, others: MaskRuns | null = null): Box | null {
    let changed = null as Box | null;
    eachBrushed(dab.from, dab.to, dab.radius, dab.tip, (x, from, to) => {
      const [start, end] = [Math.max(from, 0), Math.min(to, this.size.height)];
      if (x < 0 || x >= this.size.width || start >= end) return;
      const before = this.columns[x] ?? NO_SPANS;
      const after = changeColumn(before, start, end, dab.value, others === null ? NO_SPANS : columnAt(others, x));
      if (after === before) return;
      this.columns[x] = after;
      changed = boxUnion(changed, [x, start, 1, end - start]);
    });
    return this.note(changed, dab.value);
  }

  /** Sets or clears what `runs` hold; else as `paint`. */
  put(runs: MaskRuns, value: Value, others: MaskRuns | null = null): Box | null {
    let changed: Box | null = null;
    runs.columns.forEach((spans, index) => {
      const x = runs.left + index;
      if (x < 0 || x >= this.size.width) return;
      const kept = others === null ? NO_SPANS : columnAt(others, x);
      for (let at = 0; at < spans.length; at += 2) {
        const [start, end] = [Math.max(spans[at] ?? 0, 0), Math.min(spans[at + 1] ?? 0, this.size.height)];
        const before = this.columns[x] ?? NO_SPANS;
        const after = start < end ? changeColumn(before, start, end, value, kept) : before;
        if (after === before) continue;
        this.columns[x] = after;
        changed = boxUnion(changed, [x, start, 1, end - start]);
      }
    });
    return this.note(changed, value);
  }

  private note(changed: Box | null, value: Value): Box | null {
    if (changed !== null && value === 1) this.reach = boxUnion(this.reach, changed);
    return changed;
  }
}

type Value = Dab["value"];

function changeColumn(before: Spans, start: number, end: number, value: Value, others: Spans): Spans {
  if (value === 0) return spansRemove(before, start, end);
  if (others.length === 0) return spansAdd(before, start, end);
  const free = spansCombine([start, end], others, (inTip, inOthers) => inTip && !inOthers);
  let after = before;
  for (let index = 0; index < free.length; index += 2) {
    after = spansAdd(after, free[index] ?? 0, free[index + 1] ?? 0);
  }
  return after;
}
