import { describe, expect, it } from "vitest";

import { RecordingSurface } from "../testing/RecordingContext";
import { apiToShape, SHAPES, shapeUtil, type Shape } from ".";
import { boxShape } from "./box";
import { bitmapToMask, maskShape } from "./mask";
import { polygonShape } from "./polygon";
import type { ShapeUtil } from "./ShapeUtil";

const SIZE = { width: 40, height: 30 };
const UTILS = SHAPES.map((util) => util as ShapeUtil<Shape>);

describe.each(UTILS)("the shape $type", (util) => {
  const sample = util.sample(SIZE);

  it("comes back from the wire as it went", () => {
    const wire: unknown = JSON.parse(JSON.stringify(util.toApi(sample)));
    expect(apiToShape(wire)).toEqual(sample);
  });

  it("is inside the picture already and stays as it is", () => {
    expect(util.clamp(sample, SIZE)).toEqual(sample);
  });

  it("moves there and back", () => {
    expect(util.translate(util.translate(sample, 5, 4), -5, -4)).toEqual(sample);
    const [before, after] = [util.bounds(sample), util.bounds(util.translate(sample, 5, 4))];
    expect(after).toEqual(before && [before[0] + 5, before[1] + 4, before[2], before[3]]);
  });

  it("is gone when nothing of it is inside the picture", () => {
    const gone = util.clamp(util.translate(sample, 500, 0), SIZE);
    expect(gone).toEqual(util.bounds(sample) === null ? sample : null);
  });

  it("is not hit outside its bounds, and touches the boxes it covers", () => {
    const bounds = util.bounds(sample);
    expect(util.hitTest(sample, { x: 39, y: 29 }, 1)).toBe(false);
    expect(util.intersects(sample, [30, 25, 5, 4])).toBe(false);
    expect(bounds !== null && util.intersects(sample, bounds)).toBe(bounds !== null);
  });

  it("keeps its original when a handle moves, and a handle moved to its own place changes nothing", () => {
    const before = JSON.stringify(sample);
    for (const handle of util.handles(sample)) {
      expect(util.moveHandle(sample, handle.id, handle.point)).toEqual(sample);
      util.moveHandle(sample, handle.id, { x: 1, y: 2 });
    }
    expect(JSON.stringify(sample)).toBe(before);
  });

  it("is drawn in the way it says", () => {
    const surface = new RecordingSurface();
    util.trace(sample, surface.context, 0.1);
    expect(surface.calls.length > 0).toBe(util.paint !== "none");
    expect(util.bitmap(sample) !== null).toBe(util.paint === "bitmap");
  });

  it("is not changed by what is read from it", () => {
    expect(util.area(sample)).toBe(util.area(structuredClone(sample)));
    expect(shapeUtil(sample)).toBe(util);
  });
});

describe("reading shapes", () => {
  const known = SHAPES.map(({ type }) => `"${type}"`).join(", ");

  it.each([
    [null, `A shape needs a "type" that is one of ${known}; this one has undefined.`],
    [{ type: "blob" }, `A shape needs a "type" that is one of ${known}; this one has "blob".`],
    [
      { type: "box", box: [1, 2, -3, 4] },
      'Box: "box" must be [x, y, width, height], four numbers with width and height from 0 up.',
    ],
    [
      { type: "polygon", parts: [] },
      'Polygon: "parts" must be a list of at least one {"outer": ring, "holes": [ring, …]}.',
    ],
    [
      {
        type: "polygon",
        parts: [
          {
            outer: [
              [0, 0],
              [1, 1],
            ],
          },
        ],
      },
      "Polygon, part 1: a ring is at least three [x, y] pairs of numbers, without a repeated closing point.",
    ],
    [{ type: "mask", box: [0, 0, 2.5, 2], counts: "4" }, 'Mask: "box" must be whole pixels.'],
    [{ type: "mask", box: [0, 0, 2, 2], counts: "5" }, "Mask: the runs cover 5 pixels, but the box has 2 x 2."],
  ])("refuses %j with a sentence", (value, sentence) => {
    expect(() => apiToShape(value)).toThrow(sentence);
  });

  it("drops a repeated closing point", () => {
    const outer = [
      [0, 0],
      [4, 0],
      [4, 4],
      [0, 0],
    ];
    expect(apiToShape({ type: "polygon", parts: [{ outer }] })).toEqual({
      type: "polygon",
      parts: [
        {
          outer: [
            [0, 0],
            [4, 0],
            [4, 4],
          ],
          holes: [],
        },
      ],
    });
  });
});

describe("boxes", () => {
  it("flip when a handle passes its opposite", () => {
    const shape = { type: "box", box: [10, 10, 10, 10] } as const;
    expect(boxShape.moveHandle(shape, "e", { x: 4, y: 0 }).box).toEqual([4, 10, 6, 10]);
    expect(boxShape.moveHandle(shape, "nw", { x: 25, y: 30 }).box).toEqual([20, 20, 5, 10]);
  });

  it("are too small under one pixel", () => {
    expect(boxShape.clamp({ type: "box", box: [1, 1, 0.9, 5] }, SIZE)).toBeNull();
  });
});

describe("polygons", () => {
  const sample = polygonShape.sample(SIZE);

  it("are not hit in a hole, but at its border", () => {
    expect(polygonShape.hitTest(sample, { x: 5, y: 6.5 }, 0.1)).toBe(false);
    expect(polygonShape.hitTest(sample, { x: 4, y: 6 }, 0.5)).toBe(true);
    expect(polygonShape.hitTest(sample, { x: 2, y: 2 }, 0)).toBe(true);
    expect(polygonShape.area(sample)).toBe(102);
  });

  it("get a vertex on the nearest edge", () => {
    const place = polygonShape.findEdge(sample, { x: 6, y: 0.6 }, 2);
    expect(place).toEqual({ part: 0, ring: 0, index: 1, point: { x: 6, y: 1 } });
    const { shape, handle } = polygonShape.insertVertex(
      sample,
      place ?? { part: 0, ring: 0, index: 0, point: { x: 0, y: 0 } },
    );
    expect(shape.parts[0]?.outer).toEqual([
      [1, 1],
      [6, 1],
      [12, 1],
      [12, 11],
      [1, 11],
    ]);
    expect(polygonShape.deleteVertex(shape, handle)).toEqual(sample);
  });

  it("lose a hole of three vertices whole, and never their last ring", () => {
    const holeless = polygonShape.deleteVertex(sample, "0/1/0");
    expect(holeless?.parts[0]?.holes).toEqual([]);
    const triangle = {
      type: "polygon",
      parts: [
        {
          outer: [
            [0, 0],
            [4, 0],
            [0, 4],
          ],
          holes: [],
        },
      ],
    } as const;
    expect(polygonShape.deleteVertex(triangle, "0/0/0")).toBeNull();
  });

  it("wind holes against the outer ring, whatever the data says", () => {
    const ring = [
      [0, 0],
      [9, 0],
      [9, 9],
      [0, 9],
    ] as const;
    const hole = [
      [2, 2],
      [5, 2],
      [5, 5],
      [2, 5],
    ] as const;
    for (const outer of [ring, ring.toReversed()]) {
      const surface = new RecordingSurface();
      polygonShape.trace({ type: "polygon", parts: [{ outer, holes: [hole] }] }, surface.context, 0.1);
      const points = surface.calls
        .filter((call) => call.name !== "closePath")
        .map((call) => call.values as [number, number]);
      expect(signedArea(points.slice(0, 4))).toBe(81);
      expect(signedArea(points.slice(4))).toBe(-9);
    }
  });

  it("leave out vertices that no screen pixel would show", () => {
    const outer = Array.from({ length: 360 }, (_, at) => [Math.cos(at / 57.3), Math.sin(at / 57.3)] as const);
    const surface = new RecordingSurface();
    polygonShape.trace({ type: "polygon", parts: [{ outer, holes: [] }] }, surface.context, 1);
    expect(surface.count("lineTo")).toBeLessThan(8);
  });
});

describe("masks", () => {
  it("are cut at the border of the picture", () => {
    const mask = maskShape.sample(SIZE);
    const cut = maskShape.clamp(maskShape.translate(mask, -4, 0), SIZE);
    expect(cut?.box[0]).toBe(0);
    expect(cut?.box[2]).toBeLessThan(4);
  });

  it("are nothing without a pixel", () => {
    expect(bitmapToMask({ x: 3, y: 3, width: 4, height: 4, data: new Uint8Array(16) })).toBeNull();
  });
});

function signedArea(points: readonly (readonly [number, number])[]): number {
  return points.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = points[(at + 1) % points.length] ?? [0, 0];
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);
}
