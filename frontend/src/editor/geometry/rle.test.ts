import { describe, expect, it } from "vitest";

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
});

describe("run-length text", () => {
  it("is refused with the place of the fault when no encoder writes it", () => {
    expect(() => stringToCounts("52 3")).toThrow("Character 3 of the run lengths is not COCO RLE text.");
    expect(() => stringToCounts("5o")).toThrow("Character 3 of the run lengths is not COCO RLE text.");
  });
});
