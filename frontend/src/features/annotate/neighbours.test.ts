import { expect, test } from "vitest";
import { placeOf } from "./neighbours";

test("neighbours and what to fetch ahead", () => {
  expect(placeOf([10, 20, 30, 40, 50, 60], 20)).toEqual({
    index: 1,
    previous: 10,
    next: 30,
    ahead: [30, 40, 10],
    later: [50, 60],
  });
});

test("there is nothing before the first and after the last", () => {
  expect(placeOf([10, 20], 10)).toMatchObject({ previous: null, next: 20 });
  expect(placeOf([10, 20], 20)).toMatchObject({ previous: 10, next: null });
});

test("an image that the filters leave out stands where its id puts it, so that next goes on from there", () => {
  expect(placeOf([3, 5, 9], 6)).toMatchObject({ index: -1, previous: 5, next: 9, ahead: [9, 5] });
  expect(placeOf([9, 5, 3], 4, "-id")).toMatchObject({ previous: 5, next: 3 });
  expect(placeOf([3, 5], 8)).toMatchObject({ previous: 5, next: null });
  expect(placeOf([9, 3, 5], 4, "name")).toMatchObject({ previous: null, next: 9 });
});
