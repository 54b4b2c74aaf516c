/** Owns what a mask encloses: regions of unset pixels, joined side by side, that the mask cuts off from the outside. */

import type { Box } from "./box";
import type { Point } from "./point";
import { columnAt, runsBox, type MaskRuns } from "./runs";
import { spansCombine, type Spans } from "./spans";

/** The region around `point`, or null when the pixel is set or open to the outside. */
export function runsEnclosed(runs: MaskRuns, point: Point): MaskRuns | null {
  const gaps = new Gaps(runs);
  const region = gaps.at(Math.floor(point.x), Math.floor(point.y));
  return region === null || region === gaps.outside ? null : gaps.collect((root) => root === region);
}

/** All enclosed regions; null when there is none. */
export function runsHoles(runs: MaskRuns): MaskRuns | null {
  const gaps = new Gaps(runs);
  const holes = gaps.collect((root) => root !== gaps.outside);
  return runsBox(holes) === null ? null : holes;
}

/** The unset spans in and around a mask, and which of them hang together. */
class Gaps {
  private readonly box: Box;
  private readonly columns: Spans[] = [];
  /** Of the first span of each column among all spans. */
  private readonly offsets: number[] = [];
  private readonly parents: number[] = [];

  constructor(runs: MaskRuns) {
    const [x, y, width, height] = runsBox(runs) ?? [0, 0, 0, 0];
    // One pixel more on each side, so that all of the outside hangs together.
    this.box = [x - 1, y - 1, width + 2, height + 2];
    const whole = [y - 1, y + height + 1];
    for (let column = 0; column < width + 2; column += 1) {
      const set = columnAt(runs, x - 1 + column);
      const gaps = spansCombine(whole, set, (inside, isSet) => inside && !isSet);
      this.offsets.push(this.parents.length);
      this.columns.push(gaps);
      for (let index = 0; index < gaps.length; index += 2) this.parents.push(this.parents.length);
      this.join(column);
    }
  }

  get outside(): number {
    return this.find(0);
  }

  at(x: number, y: number): number | null {
    const column = x - this.box[0];
    const gaps = this.columns[column] ?? [];
    for (let index = 0; index < gaps.length; index += 2) {
      if (y >= (gaps[index] ?? 0) && y < (gaps[index + 1] ?? 0)) return this.find(this.idOf(column, index));
    }
    return null;
  }

  collect(isWanted: (root: number) => boolean): MaskRuns {
    const columns = this.columns.map((gaps, column) =>
      gaps.filter((_, index) => isWanted(this.find(this.idOf(column, index & ~1)))),
    );
    return { left: this.box[0], columns };
  }

  private idOf(column: number, index: number): number {
    return (this.offsets[column] ?? 0) + index / 2;
  }

  /** Joins the spans of a column with those beside them in the column before. */
  private join(column: number): void {
    const here = this.columns[column] ?? [];
    const before = this.columns[column - 1] ?? [];
    let [i, j] = [0, 0];
    while (i < here.length && j < before.length) {
      const [start, end] = [here[i] ?? 0, here[i + 1] ?? 0];
      const [from, to] = [before[j] ?? 0, before[j + 1] ?? 0];
      if (start < to && from < end) {
        this.parents[this.find(this.idOf(column, i))] = this.find(this.idOf(column - 1, j));
      }
      if (end < to) i += 2;
      else j += 2;
    }
  }

  private find(id: number): number {
    let root = id;
    for (let parent = this.parents[root] ?? root; parent !== root; parent = this.parents[root] ?? root) {
      this.parents[root] = this.parents[parent] ?? parent;
      root = parent;
    }
    return root;
  }
}
