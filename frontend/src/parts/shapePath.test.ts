import { describe, expect, it } from "vitest";
import { SHAPES } from "../editor";
import { shapePath } from "./shapePath";

describe("shapePath", () => {
  it("closes boxes and polygons with their holes", () => {
    expect(shapePath({ type: "box", box: [1, 2, 3, 4] })).toEqual({ d: "M1 2h3v4h-3Z", open: false });
    const outer = [
      [0, 0],
      [9, 0],
      [9, 9],
      [0, 9],
    ];
    const hole = [
      [2, 2],
      [4, 2],
      [4, 4],
    ];
    const path = shapePath({ type: "polygon", parts: [{ outer, holes: [hole] }] });
    expect(path?.d.match(/Z/g)).toHaveLength(2);
  });

  it("turns boxes clockwise about their centre", () => {
    const path = shapePath({ type: "rotated_box", center: [10, 10], size: [4, 2], angle: 90 });
    expect(path?.d).toBe("M11 8L11 12L9 12L9 8Z");
  });

  it("draws an ellipse round and leaves lines open", () => {
    const round = shapePath({ type: "ellipse", center: [5, 5], radii: [2, 1], angle: 0 });
    expect(round?.open).toBe(false);
    expect(round?.d).toMatch(/^M7 5L.*Z$/);
    expect(round?.d).toContain("L3 5L");
    expect(
      shapePath({
        type: "polyline",
        points: [
          [0, 0],
          [1, 2],
        ],
      }),
    ).toEqual({ d: "M0 0L1 2", open: true });
  });

  it("leaves out absent points of a skeleton", () => {
    const path = shapePath({
      type: "skeleton",
      points: [
        [5, 5, 2],
        [0, 0, 0],
      ],
    });
    expect(path?.d.match(/M/g)).toHaveLength(1);
  });

  it("draws the pixels of a mask and nothing for a tag", () => {
    // Columns of three pixels: 1 off, 2 on, 1 on, 7 off, 1 on.
    const mask = SHAPES.find((shape) => shape.type === "mask")?.sample({ width: 16, height: 16 });
    expect(shapePath({ ...mask })?.d).toContain("M2 4h1v2h-1z");
    expect(shapePath({ type: "tag" })).toBeNull();
    expect(shapePath({ type: "unheard-of" })).toBeNull();
  });
});
