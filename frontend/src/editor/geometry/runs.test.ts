import { describe, expect, it } from "vitest";

import { runsEnclosed, runsHoles } from "./enclosed";
import { MaskDraft } from "./MaskDraft";
import vectors from "./rle.vectors.json";
import {
  countsToRuns,
  NO_RUNS,
  runsArea,
  runsBox,
  runsClip,
  runsHas,
  runsIntersect,
  runsSubtract,
  runsToCounts,
  runsTouch,
  runsUnion,
  type MaskRuns,
} from "./runs";
import { seededRuns } from "../testing/noise";

const SIZE = { width: 64, height: 64 };

function pixels(runs: MaskRuns, width: number, height: number): boolean[] {
  return Array.from({ length: width * height }, (_, at) => runsHas(runs, { x: at % width, y: Math.floor(at / width) }));
}

function disc(radius: number, at = { x: 32.5, y: 32.5 }): MaskDraft {
  const draft = new MaskDraft(NO_RUNS, SIZE);
  draft.paint({ from: at, to: at, radius, tip: "round", value: 1 });
  return draft;
}

describe.each(vectors)("runs of $name", ({ height, width, counts, area }) => {
  it("come from COCO run lengths and go back to the same", () => {
    const runs = countsToRuns([0, 0, width, height], counts);
    expect(runsToCounts(runs, [0, 0, width, height])).toEqual(counts);
    expect(runsArea(runs)).toBe(area);
  });
});

describe("runs", () => {
  const a = seededRuns(31, 23, 0.4);
  const b = seededRuns(31, 23, 0.6);

  it("are joined, cut and intersected pixel by pixel", () => {
    const [inA, inB] = [pixels(a, 31, 23), pixels(b, 31, 23)];
    expect(pixels(runsUnion(a, b), 31, 23)).toEqual(inA.map((set, at) => set || inB[at]));
    expect(pixels(runsSubtract(a, b), 31, 23)).toEqual(inA.map((set, at) => set && inB[at] !== true));
    expect(pixels(runsIntersect(a, b), 31, 23)).toEqual(inA.map((set, at) => set && inB[at]));
    expect(runsUnion()).toBe(NO_RUNS);
  });

  it("are clipped to a box, and know what touches them", () => {
    const clipped = runsClip(a, [5, 4, 10, 8]);
    const inside = pixels(a, 31, 23).map((set, at) => {
      const [x, y] = [at % 31, Math.floor(at / 31)];
      return set && x >= 5 && x < 15 && y >= 4 && y < 12;
    });
    expect(pixels(clipped, 31, 23)).toEqual(inside);
    const dot = countsToRuns([7, 9, 1, 1], [0, 1]);
    expect(runsTouch(dot, [7.5, 9.5, 0.2, 0.2])).toBe(true);
    expect(runsTouch(dot, [8, 9, 3, 3])).toBe(false);
    expect(runsTouch(dot, [0, 10, 30, 3])).toBe(false);
    expect(runsBox(dot)).toEqual([7, 9, 1, 1]);
    expect(runsBox(NO_RUNS)).toBeNull();
  });
});

describe("a draft", () => {
  it("holds the pixels whose centre the round tip passed", () => {
    const draft = disc(2, { x: 14.5, y: 24.5 });
    expect(runsBox(draft)).toEqual([12, 22, 5, 5]);
    expect(runsArea(draft)).toBe(13);
  });

  it("holds a square of the square tip, and what it sweeps", () => {
    const draft = new MaskDraft(NO_RUNS, SIZE);
    draft.paint({ from: { x: 10, y: 10 }, to: { x: 20, y: 14 }, radius: 3, tip: "square", value: 1 });
    expect(runsBox(draft)).toEqual([7, 7, 16, 10]);
    expect(runsHas(draft, { x: 7, y: 7 })).toBe(true);
    expect(runsHas(draft, { x: 22, y: 16 })).toBe(true);
    expect(runsHas(draft, { x: 22, y: 7 })).toBe(false);
    expect(runsHas(draft, { x: 7, y: 16 })).toBe(false);
  });

  it.each(["round", "square"] as const)("is painted without gaps at any angle and width with a %s tip", (tip) => {
    for (const [x, y] of [
      [60, 3],
      [3, 60],
      [50, 41],
      [7, 55],
    ] as const) {
      for (const radius of [0.5, 1, 3.3]) {
        const draft = new MaskDraft(NO_RUNS, SIZE);
        draft.paint({ from: { x: 3.5, y: 3.5 }, to: { x: x + 0.5, y: y + 0.5 }, radius, tip, value: 1 });
        expect(isConnected(pixels(draft, 64, 64), 64)).toBe(true);
      }
    }
  });

  it("leaves the mask that it began from as it was, and says where it changed", () => {
    const before = disc(6);
    const counts = runsToCounts(before, [0, 0, 64, 64]);
    const draft = new MaskDraft(before, SIZE);
    const dab = { from: { x: 32.5, y: 32.5 }, to: { x: 60, y: 32.5 }, radius: 3, tip: "round", value: 0 } as const;
    expect(draft.paint(dab)).toEqual([29, 29, 10, 7]);
    expect(draft.paint(dab)).toBeNull();
    expect(runsArea(draft)).toBeLessThan(runsArea(before));
    expect(runsToCounts(before, [0, 0, 64, 64])).toEqual(counts);
  });

  it("stays inside the picture and off the pixels of others", () => {
    const others = countsToRuns([0, 0, 10, 10], [0, 100]);
    const draft = new MaskDraft(NO_RUNS, SIZE);
    draft.paint({ from: { x: 0, y: 0 }, to: { x: 0, y: 63 }, radius: 12, tip: "square", value: 1 }, others);
    expect(runsArea(runsIntersect(draft, others))).toBe(0);
    expect(runsArea(draft)).toBe(12 * 64 - 100);
    expect(draft.box).toEqual([0, 0, 12, 64]);
  });
});

describe("what a mask encloses", () => {
  function ring(): MaskDraft {
    const draft = disc(20);
    draft.paint({ from: { x: 32.5, y: 32.5 }, to: { x: 32.5, y: 32.5 }, radius: 10, tip: "round", value: 0 });
    return draft;
  }

  it("is the hole around a point, and nothing outside or on it", () => {
    const hole = runsEnclosed(ring(), { x: 32, y: 32 });
    expect(hole === null ? 0 : runsArea(hole)).toBe(runsArea(disc(10)));
    expect(runsEnclosed(ring(), { x: 1, y: 1 })).toBeNull();
    expect(runsEnclosed(ring(), { x: 32, y: 16 })).toBeNull();
    expect(runsEnclosed(NO_RUNS, { x: 1, y: 1 })).toBeNull();
  });

  it("is nothing while there is a gap, and a wall that touches by its corners is no gap", () => {
    const open = new MaskDraft(ring(), SIZE);
    open.paint({ from: { x: 32.5, y: 32.5 }, to: { x: 63, y: 32.5 }, radius: 0.5, tip: "round", value: 0 });
    expect(runsEnclosed(open, { x: 32, y: 32 })).toBeNull();
    const diamond: MaskRuns = {
      left: 0,
      columns: [
        [1, 2],
        [0, 1, 2, 3],
        [1, 2],
      ],
    };
    expect(runsHoles(diamond)).toEqual({ left: -1, columns: [[], [], [1, 2], [], []] });
  });

  it("is all of its holes", () => {
    const noise = seededRuns(40, 40, 0.6);
    const holes = runsHoles(noise);
    const filled = runsUnion(noise, holes ?? NO_RUNS);
    expect(runsArea(filled)).toBeGreaterThan(runsArea(noise));
    expect(runsHoles(filled)).toBeNull();
    expect(runsHoles(disc(5))).toBeNull();
  });
});

function isConnected(set: readonly boolean[], width: number): boolean {
  const left = new Set(set.flatMap((one, at) => (one ? [at] : [])));
  const queue = [...left].slice(0, 1);
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (!left.delete(at)) continue;
    for (const dx of [-width, 0, width]) for (const dy of [-1, 0, 1]) queue.push(at + dx + dy);
  }
  return left.size === 0;
}
