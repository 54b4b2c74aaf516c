import { expect, test } from "vitest";
import { atOrAbove } from "./histogram";

test("a threshold on a bin's border counts whole bins, one within a bin its share", () => {
  const bins = [10, 20, 30, 40];
  expect([0, 0.5, 0.625, 0.75, 1].map((threshold) => atOrAbove(bins, threshold))).toEqual([100, 70, 55, 40, 0]);
});
