import { describe, expect, it } from "vitest";

import { transformVertex, UNCHANGED } from "../geometry/transform";
import { RecordingSurface } from "../testing/RecordingContext";
import { apiToShape, SHAPES, shapeUtil, type Shape } from ".";
import { boxShape } from "./box";
import { ellipseShape } from "./ellipse";
import { maskShape, runsToMask } from "./mask";
import { polygonShape } from "./polygon";
import { polylineShape } from "./polyline";
import { rotatedBoxShape, type RotatedBoxShape } from "./rotatedBox";
import { jointsToSkeleton, markJoint, skeletonShape } from "./skeleton";
import type { ShapeUtil } from "./ShapeUtil";

const SIZE = { width: 40, height: 30 };
const UTILS = SHAPES.map((util) => util as ShapeUtil<Shape>);

function dropped<S extends Shape>(util: ShapeUtil<S>, shape: S, handle: string): S | null {
  return util.editVertices(shape, new Set([handle]), () => null);
}

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
    expect(after === null).toBe(before === null);
    const moved = before && [before[0] + 5, before[1] + 4, before[2], before[3]];
    after?.forEach((value, index) => expect(value).toBeCloseTo(moved?.[index] ?? NaN, 9));
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
      expect(util.clamp(util.moveHandle(sample, handle.id, handle.point), SIZE)).toEqual(sample);
      util.moveHandle(sample, handle.id, { x: 1, y: 2 });
    }
    expect(JSON.stringify(sample)).toBe(before);
  });

  it("is drawn in the way it says", () => {
    const surface = new RecordingSurface();
    util.trace(sample, surface.context, 0.1);
    expect(surface.calls.length > 0).toBe(util.paint !== "none");
    expect(util.runs(sample) !== null).toBe(util.paint === "bitmap");
  });

  it("is moved by a transform that only moves", () => {
    const moved = util.transform(sample, { ...UNCHANGED, dx: 5, dy: 4 });
    expect(moved && util.clamp(moved, SIZE)).toEqual(moved && util.clamp(util.translate(sample, 5, 4), SIZE));
  });

  it("is turned, scaled and mirrored with its outline, or says that it cannot be", () => {
    for (const by of [
      { ...UNCHANGED, rotate: 90, about: { x: 8, y: 8 } },
      { ...UNCHANGED, rotate: 20, about: { x: 8, y: 8 } },
      { ...UNCHANGED, scaleX: 2, scaleY: 2 },
      { ...UNCHANGED, scaleX: -1, about: { x: 8, y: 0 }, dx: 3 },
      { ...UNCHANGED, scaleX: 2, scaleY: 0.5, rotate: 90 },
      { ...UNCHANGED, scaleX: 1.5, scaleY: 3, rotate: 33 },
    ]) {
      const changed = util.transform(sample, by);
      const outline = util.toPolygon(sample)?.parts[0]?.outer;
      if (changed === null || outline === undefined) continue;
      for (const vertex of outline) {
        const [x, y] = transformVertex(by, vertex);
        expect(util.hitTest(changed, { x, y }, 0.2)).toBe(true);
      }
      expect(util.area(changed)).toBeCloseTo(util.area(sample) * Math.abs(by.scaleX * by.scaleY), 2);
    }
  });

  it("has the polygon that its outline says", () => {
    const polygon = util.toPolygon(sample);
    expect(polygon !== null).toBe(util.paint === "path");
    if (polygon === null) return;
    expect(Math.abs(polygonShape.area(polygon) - util.area(sample)) / util.area(sample)).toBeLessThan(0.05);
    for (const [x, y] of polygon.parts[0]?.outer ?? []) expect(util.hitTest(sample, { x, y }, 0.2)).toBe(true);
  });

  it("loses a vertex or keeps it, and marks it or not, without changing the original", () => {
    const before = JSON.stringify(sample);
    for (const { id } of util.handles(sample)) {
      const without = dropped(util, sample, id);
      expect(without === null || util.handles(without).length < util.handles(sample).length).toBe(true);
      const marked = util.toggleVertex(sample, id);
      expect(marked && util.toggleVertex(marked, id)).toEqual(marked && sample);
    }
    expect(JSON.stringify(sample)).toBe(before);
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
    [{ type: "rotated_box", center: [5, 5], size: [0, 4], angle: 0 }, 'Rotated box: "size" must be greater than 0.'],
    [{ type: "rotated_box", center: [5], size: [1, 4] }, 'Rotated box: "center" must be two numbers.'],
    [{ type: "ellipse", center: [5, 5], radii: [2, -4] }, 'Ellipse: "radii" must be greater than 0.'],
    [
      {
        type: "polyline",
        points: [
          [1, 1],
          [1, 1],
        ],
      },
      'Line: "points" must be a list of at least two different [x, y] pairs of numbers.',
    ],
    [
      { type: "skeleton", points: [[1, 1, 0]] },
      'Skeleton: "points" must be a list of [x, y, v] with v 0, 1 or 2, and at least one of them not 0.',
    ],
    [{ type: "caption" }, 'Caption: "text" must be a text about the picture.'],
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
    expect(dropped(polygonShape, shape, handle)).toEqual(sample);
  });

  it("lose a hole of three vertices whole, and never their last ring", () => {
    const holeless = dropped(polygonShape, sample, "0/1/0");
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
    expect(dropped(polygonShape, triangle, "0/0/0")).toBeNull();
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

describe("rotated boxes", () => {
  const slanted: RotatedBoxShape = { type: "rotated_box", center: [20, 15], size: [10, 6], angle: 33.123456 };
  const place = (id: string, shape = slanted): { x: number; y: number } =>
    rotatedBoxShape.handles(shape).find((handle) => handle.id === id)?.point ?? { x: 0, y: 0 };

  it("keep their angle through every resize, and the opposite side where it was", () => {
    for (const [id, opposite, to] of [
      ["e", "w", { x: 35, y: 20 }],
      ["n", "s", { x: 22, y: 2 }],
      ["se", "nw", { x: 33, y: 28 }],
    ] as const) {
      const grown = rotatedBoxShape.moveHandle(slanted, id, to);
      expect(grown.angle).toBe(33.123456);
      const [before, after] = [place(opposite), place(opposite, grown)];
      expect(after.x).toBeCloseTo(before.x, 9);
      expect(after.y).toBeCloseTo(before.y, 9);
      expect(rotatedBoxShape.area(grown)).toBeGreaterThan(rotatedBoxShape.area(slanted));
    }
    expect(rotatedBoxShape.clamp(slanted, SIZE)?.angle).toBe(33.123456);
    expect(rotatedBoxShape.transform(slanted, { ...UNCHANGED, scaleX: 3, scaleY: 3 })?.angle).toBe(33.123456);
    expect(rotatedBoxShape.transform(slanted, { ...UNCHANGED, scaleX: 3 })).toBeNull();
  });

  it("turn about their centre, by steps of 15 degrees when asked", () => {
    const at = { x: 30, y: 14 };
    expect(rotatedBoxShape.moveHandle(slanted, "turn", at)).toEqual({ ...slanted, angle: 84.29 });
    expect(rotatedBoxShape.moveHandle(slanted, "turn", at, true)).toEqual({ ...slanted, angle: 90 });
  });

  it("may reach beyond the picture, but not with their centre", () => {
    const out = { ...slanted, center: [-2, 15] } as const;
    expect(rotatedBoxShape.clamp(out, SIZE)).toEqual({ ...slanted, center: [0, 15] });
    expect(rotatedBoxShape.clamp({ ...slanted, size: [0.5, 6] }, SIZE)).toBeNull();
  });
});

describe("ellipses", () => {
  it("stay ellipses when they are scaled unevenly", () => {
    const circle = { type: "ellipse", center: [10, 10], radii: [4, 4], angle: 30 } as const;
    const flat = ellipseShape.transform(circle, { ...UNCHANGED, scaleY: 0.5, about: { x: 10, y: 10 } });
    expect(flat?.radii.map((radius) => Math.round(radius * 1e6) / 1e6)).toEqual([4, 2]);
    expect(flat && flat.angle % 180).toBeCloseTo(0, 5);
  });

  it("are hit inside and at the rim only", () => {
    const flat = { type: "ellipse", center: [10, 10], radii: [8, 2], angle: 90 } as const;
    expect(ellipseShape.hitTest(flat, { x: 10, y: 17 }, 0)).toBe(true);
    expect(ellipseShape.hitTest(flat, { x: 17, y: 10 }, 1)).toBe(false);
  });
});

describe("lines", () => {
  const line = polylineShape.sample(SIZE);

  it("are hit at their course, not inside of their bounds", () => {
    expect(polylineShape.hitTest(line, { x: 7, y: 3.4 }, 0.2)).toBe(true);
    expect(polylineShape.hitTest(line, { x: 4, y: 8 }, 1)).toBe(false);
    expect(polylineShape.intersects(line, [3, 8, 1, 1])).toBe(false);
    expect(polylineShape.intersects(line, [6, 3, 2, 1])).toBe(true);
  });

  it("get a vertex where they are touched, never between their ends, and keep two", () => {
    expect(polylineShape.findEdge(line, { x: 4, y: 6.5 }, 1)).toBeNull();
    const place = polylineShape.findEdge(line, { x: 9, y: 8 }, 1);
    expect(place?.index).toBe(2);
    const { shape, handle } = polylineShape.insertVertex(
      line,
      place ?? { part: 0, ring: 0, index: 0, point: { x: 0, y: 0 } },
    );
    expect(shape.points).toHaveLength(4);
    expect(dropped(polylineShape, shape, handle)).toEqual(line);
    const short = dropped(polylineShape, line, "0");
    expect(short && dropped(polylineShape, short, "0")).toBeNull();
  });
});

describe("skeletons", () => {
  const shape = skeletonShape.sample(SIZE);

  it("are hit at their points and at the edges of their class", () => {
    expect(skeletonShape.hitTest(shape, { x: 6, y: 3.5 }, 0.5)).toBe(false);
    expect(skeletonShape.hitTest(shape, { x: 6, y: 3.5 }, 0.5, [[0, 1]])).toBe(true);
    expect(skeletonShape.hitTest(shape, { x: 3, y: 3 }, 0.5)).toBe(true);
    expect(skeletonShape.hitTest(shape, { x: 0, y: 0 }, 0.5, [[0, 2]])).toBe(false);
  });

  it("keep absent points at zero through every move", () => {
    const moved = skeletonShape.transform(shape, { ...UNCHANGED, scaleX: 2, scaleY: 2, dx: 1 });
    expect(moved?.points[2]).toEqual([0, 0, 0]);
    expect(skeletonShape.translate(shape, 3, 3).points[2]).toEqual([0, 0, 0]);
  });

  it("take points away and back, but not the last one", () => {
    const three = markJoint(shape, 2, 2);
    expect(three?.points[2]).toEqual([6, 7, 2]);
    const one = jointsToSkeleton([
      [0, 0, 0],
      [4, 4, 2],
    ]);
    expect(dropped(skeletonShape, one, "1")).toBeNull();
    expect(skeletonShape.toggleVertex(one, "1")?.points[1]).toEqual([4, 4, 1]);
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
    expect(runsToMask({ left: 3, columns: [[], []] })).toBeNull();
  });
});

function signedArea(points: readonly (readonly [number, number])[]): number {
  return points.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = points[(at + 1) % points.length] ?? [0, 0];
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);
}
