import { expect, test } from "vitest";
import { placeOf } from "./neighbours";

test("neighbours and what to fetch ahead", () => {
  expect(placeOf([10, 20, 30, 40], 20)).toEqual({ index: 1, previous: 10, next: 30, ahead: [30, 40, 10] });
});

test("there is nothing before the first and after the last", () => {
  expect(placeOf([10, 20], 10)).toMatchObject({ previous: null, next: 20 });
  expect(placeOf([10, 20], 20)).toMatchObject({ previous: 10, next: null });
});

test("from an image that the filters do not hold, the first one is next", () => {
  expect(placeOf([10, 30], 20)).toMatchObject({ index: -1, previous: null, next: 10, ahead: [10, 30] });
});
