import { describe, expect, it } from "vitest";

import { bitmapCreate, bitmapPaint, bitmapToCounts, bitmapTightBox, countsToBitmap } from "./bitmap";
import { countsArea, countsToString, countsTotal, stringToCounts } from "./rle";
import vectors from "./rle.vectors.json";

/** Made by pycocotools 2.0.11 (`mask.encode`, `mask.area`). */
describe.each(vectors)("COCO run lengths of $name", ({ height, width, counts, text, area }) => {
  it("are written as pycocotools writes them", () => {
    expect(countsToString(counts)).toBe(text);
  });

  it("are read as pycocotools reads them", () => {
    expect([...stringToCounts(text)]).toEqual(counts);
    expect(countsTotal(stringToCounts(text))).toBe(height * width);
    expect(countsArea(counts)).toBe(area);
  });

  it("survive a bitmap", () => {
    const bitmap = countsToBitmap([0, 0, width, height], counts);
    expect(bitmapToCounts(bitmap, [0, 0, width, height])).toEqual(counts);
  });
});

describe("run-length text", () => {
  it("is refused with the place of the fault when no encoder writes it", () => {
    expect(() => stringToCounts("52 3")).toThrow("Character 3 of the run lengths is not COCO RLE text.");
    expect(() => stringToCounts("5o")).toThrow("Character 3 of the run lengths is not COCO RLE text.");
  });
});

describe("bitmaps", () => {
  it("paint a disc whose pixels have their centre within the radius", () => {
    const bitmap = bitmapCreate([10, 20, 9, 9]);
    const touched = bitmapPaint(bitmap, { x: 14.5, y: 24.5 }, { x: 14.5, y: 24.5 }, 2, 1);
    expect(touched).toEqual([12, 22, 5, 5]);
    expect(bitmapTightBox(bitmap)).toEqual([12, 22, 5, 5]);
    expect(bitmap.data.reduce((sum, pixel) => sum + pixel, 0)).toBe(13);
  });

  it("paint a stroke without gaps at any angle and width", () => {
    for (const [x, y] of [
      [60, 3],
      [3, 60],
      [50, 41],
      [7, 55],
    ] as const) {
      for (const radius of [0.5, 1, 3.3]) {
        const bitmap = bitmapCreate([0, 0, 64, 64]);
        bitmapPaint(bitmap, { x: 3.5, y: 3.5 }, { x: x + 0.5, y: y + 0.5 }, radius, 1);
        expect(isConnected(bitmap.data, 64)).toBe(true);
      }
    }
  });

  it("crop their runs to the pixels that are set", () => {
    const bitmap = bitmapCreate([0, 0, 20, 10]);
    bitmapPaint(bitmap, { x: 5.5, y: 4.5 }, { x: 7.5, y: 4.5 }, 0.5, 1);
    const box = bitmapTightBox(bitmap);
    expect(box).toEqual([5, 4, 3, 1]);
    expect(bitmapToCounts(bitmap, box ?? [0, 0, 0, 0])).toEqual([0, 3]);
  });
});

function isConnected(data: Uint8Array, height: number): boolean {
  const left = new Set<number>();
  data.forEach((pixel, at) => pixel === 1 && left.add(at));
  const queue = [...left].slice(0, 1);
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (!left.delete(at)) continue;
    for (const dx of [-height, 0, height]) for (const dy of [-1, 0, 1]) queue.push(at + dx + dy);
  }
  return left.size === 0;
}
