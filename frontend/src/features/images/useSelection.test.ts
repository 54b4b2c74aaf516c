import { expect, test } from "vitest";
import { rangeOf } from "./useSelection";

test("a range goes either way and holds both ends", () => {
  expect(rangeOf([5, 3, 9, 1], 9, 5)).toEqual([5, 3, 9]);
  expect(rangeOf([5, 3, 9, 1], 3, 1)).toEqual([3, 9, 1]);
});

test("without a start in view only the clicked image is taken", () => {
  expect(rangeOf([5, 3], null, 3)).toEqual([3]);
  expect(rangeOf([5, 3], 77, 3)).toEqual([3]);
});
