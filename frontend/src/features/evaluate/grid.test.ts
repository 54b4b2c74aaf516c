import { expect, test } from "vitest";
import { onCommonGrid } from "./grid";

test("each recall takes the precision of the next point, and nothing beyond the last", () => {
  const { x, values } = onCommonGrid([
    [
      [0.25, 1],
      [0.5, 0.8],
    ],
  ]);
  const at = (recall: number): number | null | undefined => values[0]?.[x.indexOf(recall)];
  expect([at(0), at(0.25), at(0.3), at(0.5), at(0.505)]).toEqual([1, 1, 0.8, 0.8, null]);
});

test("points in any order, and a class without points", () => {
  const { values } = onCommonGrid([
    [
      [1, 0.4],
      [0, 1],
    ],
    [],
  ]);
  expect([values[0]?.[0], values[0]?.at(-1), values[1]?.every((value) => value === null)]).toEqual([1, 0.4, true]);
});
