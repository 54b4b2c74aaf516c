import { expect, test } from "vitest";
import { measuresOf, shortNumber } from "./measures";

test("the two bounds of a measure are one chip, and taking it away takes both", () => {
  expect(measuresOf({ min_objects: "2", max_objects: "5", max_width: "640", class: "1" })).toEqual([
    { kind: "range", name: "objects", from: "2", to: "5", keys: ["min_objects", "max_objects"] },
    { kind: "range", name: "width", from: undefined, to: "640", keys: ["min_width", "max_width"] },
  ]);
});

test("a health check is a chip of its own", () => {
  expect(measuresOf({ finding: "same_bytes" })).toEqual([
    { kind: "word", name: "finding", value: "same_bytes", keys: ["finding"] },
  ]);
});

test("bounds are written with three figures, whole numbers in full", () => {
  expect(["0.917004", "1024", "0"].map(shortNumber)).toEqual(["0.917", "1024", "0"]);
});
