import { expect, test } from "vitest";
import { frameOf, miniatureOf } from "./viewport";

const PICTURE = { width: 1000, height: 500 };
const WINDOW = { width: 400, height: 300 };

test("the miniature keeps the proportions of the picture", () => {
  expect(miniatureOf(PICTURE)).toEqual({ width: 168, height: 84 });
  expect(miniatureOf({ width: 10, height: 20 })).toEqual({ width: 84, height: 168 });
});

test("the frame is what the window shows of the picture, cut at its edges", () => {
  expect(frameOf({ x: -200, y: -100, zoom: 2 }, WINDOW, PICTURE)).toEqual({ x: 100, y: 50, width: 200, height: 150 });
  expect(frameOf({ x: 100, y: -100, zoom: 1 }, WINDOW, PICTURE)).toEqual({ x: 0, y: 100, width: 300, height: 300 });
});

test("there is no frame while all of the picture is in view, nor where none of it is", () => {
  expect(frameOf({ x: 10, y: 10, zoom: 0.3 }, WINDOW, PICTURE)).toBeNull();
  expect(frameOf({ x: 500, y: 0, zoom: 1 }, WINDOW, PICTURE)).toBeNull();
});
