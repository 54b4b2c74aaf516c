import { describe, expect, it } from "vitest";

import type { Vertex } from "./point";
import { runsToParts } from "./outline";
import { partsToRuns, ringToRuns } from "./rasterise";
import vectors from "./rasterise.vectors.json";
import { countsToString } from "./rle";
import { countsToRuns, runsArea, runsSubtract, runsToCounts, type MaskRuns } from "./runs";
import { seededRuns } from "../testing/noise";

/** Made by pycocotools 2.0.11 (`mask.frPyObjects`, `mask.area`). */
describe.each(vectors)("the outline $name", ({ ring, height, width, text, area }) => {
  it("covers the pixels that pycocotools says", () => {
    const runs = ringToRuns(ring.map(([x = 0, y = 0]): Vertex => [x, y]));
    expect(countsToString(runsToCounts(runs, [0, 0, width, height]))).toBe(text);
    expect(runsArea(runs)).toBe(area);
  });
});

describe("parts and holes", () => {
  it("are pixels of any part that are in none of its holes", () => {
    const square = (from: number, to: number): Vertex[] => [
      [from, from],
      [to, from],
      [to, to],
      [from, to],
    ];
    const parts = [
      { outer: square(0, 10), holes: [square(2, 8), square(4, 6)] },
      { outer: square(4, 6), holes: [] },
    ];
    expect(runsArea(partsToRuns(parts))).toBe(100 - 36 + 4);
  });
});

describe("outlines of pixels", () => {
  const isSame = (a: MaskRuns, b: MaskRuns): boolean =>
    runsArea(runsSubtract(a, b)) === 0 && runsArea(runsSubtract(b, a)) === 0;

  it("rasterise to exactly the same pixels, with their holes", () => {
    for (const density of [0.1, 0.35, 0.5, 0.65, 0.9]) {
      const runs = seededRuns(37, 29, density);
      expect(isSame(partsToRuns(runsToParts(runs)), runs)).toBe(true);
    }
  });

  it("have a corner only where they turn", () => {
    const block = countsToRuns([3, 4, 5, 6], [0, 30]);
    expect(runsToParts(block)).toEqual([
      {
        outer: [
          [3, 4],
          [8, 4],
          [8, 10],
          [3, 10],
        ],
        holes: [],
      },
    ]);
  });

  it("keep together what touches at a corner, and know whose a hole is", () => {
    const diagonal = countsToRuns([0, 0, 2, 2], [0, 1, 2, 1]);
    expect(runsToParts(diagonal)).toHaveLength(1);
    const ring = countsToRuns([0, 0, 3, 3], [0, 4, 1, 4]);
    const islet = countsToRuns([6, 0, 1, 1], [0, 1]);
    const [small, large] = runsToParts({ left: 0, columns: [...ring.columns, [], [], [], ...islet.columns] });
    expect(small?.holes).toEqual([]);
    expect(large?.holes).toHaveLength(1);
  });
});
