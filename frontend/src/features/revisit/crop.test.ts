import { describe, expect, it } from "vitest";
import { cropAround } from "./crop";

const size = { width: 640, height: 480 };

describe("cropAround", () => {
  it("is a square about the object with room around it", () => {
    expect(cropAround({ shape: { type: "box", box: [100, 100, 100, 50] } }, size)).toEqual([65, 40, 170, 170]);
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
    expect(cropAround({ shape: polygon }, size)).toEqual([-35, -35, 170, 170]);
  });

  it("does not shrink to nothing, and is the whole picture for a tag", () => {
    expect(cropAround({ shape: { type: "skeleton", points: [[50, 50, 2]] } }, size)).toEqual([26, 26, 48, 48]);
    expect(cropAround({ shape: { type: "tag" } }, size)).toEqual([0, 0, 640, 480]);
  });
});
