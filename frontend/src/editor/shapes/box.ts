/** Owns the box: `{"type": "box", "box": [x, y, width, height]}`, half-open, in image pixels. */

import { boxArea, boxClamp, boxContains, boxesIntersect, boxExpand, boxTranslate, type Box } from "../geometry/box";
import { roundCoordinate, type Point } from "../geometry/point";
import { transformPoint } from "../geometry/transform";
import { ringToPolygonShape } from "./polygon";
import { PLAIN_SHAPE, readBox, type Handle, type ShapeUtil } from "./ShapeUtil";

export interface BoxShape {
  readonly type: "box";
  readonly box: Box;
}

/** A handle's name holds the sides it moves. */
const HANDLES = [
  { id: "nw", x: 0, y: 0, cursor: "nwse-resize" },
  { id: "n", x: 0.5, y: 0, cursor: "ns-resize" },
  { id: "ne", x: 1, y: 0, cursor: "nesw-resize" },
  { id: "e", x: 1, y: 0.5, cursor: "ew-resize" },
  { id: "se", x: 1, y: 1, cursor: "nwse-resize" },
  { id: "s", x: 0.5, y: 1, cursor: "ns-resize" },
  { id: "sw", x: 0, y: 1, cursor: "nesw-resize" },
  { id: "w", x: 0, y: 0.5, cursor: "ew-resize" },
] as const;

export const boxShape: ShapeUtil<BoxShape> = {
  ...PLAIN_SHAPE,
  type: "box",
  title: "Box",
  paint: "path",
  sample: () => ({ type: "box", box: [2, 3, 8, 6] }),
  fromApi: (value) => ({ type: "box", box: readBox(value.box, "Box") }),
  toApi: (shape) => shape,
  bounds: (shape) => shape.box,
  area: (shape) => boxArea(shape.box),
  hitTest: (shape, point, tolerance) => boxContains(boxExpand(shape.box, tolerance), point),
  intersects: (shape, box) => boxesIntersect(shape.box, box),
  clamp(shape, size) {
    const [x, y, width, height] = boxClamp(shape.box, size);
    if (width < 1 || height < 1) return null;
    return {
      type: "box",
      box: [roundCoordinate(x), roundCoordinate(y), roundCoordinate(width), roundCoordinate(height)],
    };
  },
  translate: (shape, dx, dy) => ({ type: "box", box: boxTranslate(shape.box, dx, dy) }),
  transform({ box: [x, y, width, height] }, by) {
    if (by.rotate % 90 !== 0) return null;
    return cornersToBoxShape(transformPoint(by, { x, y }), transformPoint(by, { x: x + width, y: y + height }));
  },
  toPolygon: ({ box: [x, y, width, height] }) =>
    ringToPolygonShape([
      [x, y],
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
    ]),
  handles({ box }): readonly Handle[] {
    return HANDLES.map(({ id, x, y, cursor }) => ({
      id,
      cursor,
      point: { x: box[0] + x * box[2], y: box[1] + y * box[3] },
    }));
  },
  moveHandle({ box }, handle, to) {
    let [left, top, right, bottom] = [box[0], box[1], box[0] + box[2], box[1] + box[3]];
    if (handle.includes("w")) left = to.x;
    if (handle.includes("e")) right = to.x;
    if (handle.includes("n")) top = to.y;
    if (handle.includes("s")) bottom = to.y;
    return {
      type: "box",
      box: [Math.min(left, right), Math.min(top, bottom), Math.abs(right - left), Math.abs(bottom - top)],
    };
  },
  trace: (shape, sink) => sink.rect(...shape.box),
};

/** The box between two corners. */
export function cornersToBoxShape(a: Point, b: Point): BoxShape {
  return {
    type: "box",
    box: [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.abs(a.x - b.x), Math.abs(a.y - b.y)],
  };
}
