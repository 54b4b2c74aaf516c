/** Owns the rotated box: `{"type": "rotated_box", "center": [x, y], "size": [width, height], "angle": degrees}`. */

import { boxExpand, type Box } from "../geometry/box";
import type { Vertex } from "../geometry/point";
import {
  orientedClamp,
  orientedCorners,
  orientedHandles,
  orientedLocal,
  orientedMoveHandle,
  orientedTransform,
  type OrientedBox,
} from "../geometry/oriented";
import { ringBounds, ringIntersectsBox } from "../geometry/polygon";
import { transformPoint } from "../geometry/transform";
import { ringToPolygonShape } from "./polygon";
import { PLAIN_SHAPE, readPair, ShapeError, type ShapeUtil } from "./ShapeUtil";

export interface RotatedBoxShape extends OrientedBox {
  readonly type: "rotated_box";
}

/** Shapes are immutable, so their bounds can be kept. */
const boundsOf = new WeakMap<RotatedBoxShape, Box>();

export const rotatedBoxShape: ShapeUtil<RotatedBoxShape> = {
  ...PLAIN_SHAPE,
  type: "rotated_box",
  title: "Rotated box",
  paint: "path",
  sample: () => ({ type: "rotated_box", center: [8, 7], size: [8, 5], angle: 30 }),
  fromApi(value) {
    const size = readPair(value.size, 'Rotated box: "size"');
    if (size[0] <= 0 || size[1] <= 0) throw new ShapeError('Rotated box: "size" must be greater than 0.');
    const angle = value.angle ?? 0;
    if (typeof angle !== "number" || !Number.isFinite(angle)) {
      throw new ShapeError('Rotated box: "angle" must be a number of degrees.');
    }
    return { type: "rotated_box", center: readPair(value.center, 'Rotated box: "center"'), size, angle };
  },
  toApi: (shape) => shape,
  bounds(shape) {
    const known = boundsOf.get(shape);
    if (known) return known;
    const bounds = ringBounds(orientedCorners(shape));
    boundsOf.set(shape, bounds);
    return bounds;
  },
  area: ({ size }) => size[0] * size[1],
  hitTest(shape, point, tolerance) {
    const { x, y } = orientedLocal(shape, point);
    return Math.abs(x) <= shape.size[0] / 2 + tolerance && Math.abs(y) <= shape.size[1] / 2 + tolerance;
  },
  intersects: (shape, box) => ringIntersectsBox(orientedCorners(shape), box),
  clamp(shape, size) {
    const inside = boxExpand([0, 0, size.width, size.height], -1e-6);
    const clamped = rotatedBoxShape.intersects(shape, inside) ? orientedClamp(shape, size) : null;
    return clamped && orientedToShape(clamped);
  },
  translate: (shape, dx, dy) => ({ ...shape, center: [shape.center[0] + dx, shape.center[1] + dy] }),
  transform(shape, by) {
    const [x, y] = shape.center;
    const changed = orientedTransform(shape, by, transformPoint(by, { x, y }));
    return changed && orientedToShape(changed);
  },
  toPolygon: (shape) => ringToPolygonShape(orientedCorners(shape)),
  handles: (shape, pixel = 1) => orientedHandles(shape, pixel),
  moveHandle: (shape, handle, to, snap = false) => orientedToShape(orientedMoveHandle(shape, handle, to, snap)),
  trace(shape, sink) {
    orientedCorners(shape).forEach(([x, y]: Vertex, index) => {
      if (index === 0) sink.moveTo(x, y);
      else sink.lineTo(x, y);
    });
    sink.closePath();
  },
};

export function orientedToShape({ center, size, angle }: OrientedBox): RotatedBoxShape {
  return { type: "rotated_box", center, size, angle };
}
