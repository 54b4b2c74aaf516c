import { expect, test } from "vitest";
import { dayLabel, dayNumber, imagesPath, pairGrid, sizeGrid } from "./charts";

test("a bar leads to its images; an empty one, or one without a filter, nowhere", () => {
  expect(imagesPath(3, { class: 1, split: "train", version: 2 }, 5)).toBe(
    "/projects/3/images?class=1&version=2&split=train",
  );
  expect(imagesPath(3, { class: 1 }, 0)).toBeNull();
  expect(imagesPath(3, null, 5)).toBeNull();
  expect(imagesPath(3, {})).toBe("/projects/3/images");
});

test("sizes stand in columns of widths and, from the highest down, in rows of heights", () => {
  const size = (width: [number, number], height: [number, number], count: number) => ({
    width,
    height,
    count,
    filter: {},
  });
  const grid = sizeGrid([
    size([512, 723], [362, 511], 2),
    size([91, 127], [91, 127], 1),
    size([512, 723], [512, 723], 4),
  ]);
  expect(grid.widths).toEqual([
    [91, 127],
    [512, 723],
  ]);
  expect(grid.heights.map(([first]) => first)).toEqual([512, 362, 91]);
  expect(grid.rows.map((row) => row.map((cell) => cell?.count ?? 0))).toEqual([
    [0, 4],
    [0, 2],
    [1, 0],
  ]);
});

test("of pairs of classes each stands once, the classes that meet most first", () => {
  const pair = (one: number, two: number, count: number) => ({ classes: [one, two], count, filter: {} });
  const grid = pairGrid([pair(1, 2, 5), pair(2, 3, 4), pair(1, 4, 1)], 3);
  expect(grid.classes).toEqual([2, 1, 3]);
  expect(grid.isCut).toBe(true);
  expect(grid.rows.map((row) => row.map((cell) => cell?.count ?? 0))).toEqual([
    [0, 0, 0],
    [5, 0, 0],
    [4, 0, 0],
  ]);
});

test("a day of the API and the day at the axis are the same", () => {
  expect(dayLabel(dayNumber("2026-01-02"))).toBe("2 Jan 2026");
});
