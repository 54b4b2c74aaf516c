import { describe, expect, it } from "vitest";
import { boundsOf, cropAround, isSmall, union } from "./crop";

const size = { width: 640, height: 480 };

describe("cropAround", () => {
  it("is a square about the object with room around it", () => {
    expect(cropAround(boundsOf({ type: "box", box: [100, 100, 100, 50] }), size)).toEqual([65, 40, 170, 170]);
    const polygon = {
      type: "polygon",
      parts: [
        {
          outer: [
            [0, 0],
            [100, 0],
            [100, 100],
          ],
        },
      ],
    };
    expect(cropAround(boundsOf(polygon), size)).toEqual([-35, -35, 170, 170]);
  });

  it("does not shrink to nothing, and is the whole picture for a tag", () => {
    expect(cropAround(boundsOf({ type: "skeleton", points: [[50, 50, 2]] }), size)).toEqual([26, 26, 48, 48]);
    expect(cropAround(boundsOf({ type: "tag" }), size)).toEqual([0, 0, 640, 480]);
  });
});

describe("union", () => {
  it("holds all of its bounds, and is nothing of none", () => {
    const both = union([
      [10, 20, 5, 5],
      [0, 30, 4, 40],
    ]);
    expect(both).toEqual([0, 20, 15, 50]);
    expect(union([])).toBeNull();
  });
});

describe("isSmall", () => {
  it("goes by the longer sides of both", () => {
    expect([isSmall([0, 0, 255, 2], size), isSmall([0, 0, 2, 256], size)]).toEqual([true, false]);
  });
});
