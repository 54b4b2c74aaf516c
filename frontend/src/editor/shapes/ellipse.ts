/** Owns the ellipse: `{"type": "ellipse", "center": [x, y], "radii": [rx, ry], "angle": degrees}`; rx lies along the angle. */

import { boxExpand, boxesIntersect, type Box } from "../geometry/box";
import { direction, roundAngle } from "../geometry/direction";
import type { Point, Vertex } from "../geometry/point";
import {
  orientedClamp,
  orientedHandles,
  orientedLocal,
  orientedMoveHandle,
  orientedPoint,
  orientedTransform,
  type OrientedBox,
} from "../geometry/oriented";
import { ringIntersectsBox, type Ring } from "../geometry/polygon";
import { transformPoint, type Transform } from "../geometry/transform";
import { ringToPolygonShape } from "./polygon";
import { PLAIN_SHAPE, readPair, ShapeError, type ShapeUtil } from "./ShapeUtil";

export interface EllipseShape {
  readonly type: "ellipse";
  readonly center: Vertex;
  readonly radii: Vertex;
  readonly angle: number;
}

/** An outline strays by at most this from the curve, in the unit that is asked for. */
const CHORD = 0.1;
const CORNERS = [16, 360] as const;

export const ellipseShape: ShapeUtil<EllipseShape> = {
  ...PLAIN_SHAPE,
  type: "ellipse",
  title: "Ellipse",
  paint: "path",
  sample: () => ({ type: "ellipse", center: [8, 7], radii: [5, 3], angle: 30 }),
  fromApi(value) {
    const radii = readPair(value.radii, 'Ellipse: "radii"');
    if (radii[0] <= 0 || radii[1] <= 0) throw new ShapeError('Ellipse: "radii" must be greater than 0.');
    const angle = value.angle ?? 0;
    if (typeof angle !== "number" || !Number.isFinite(angle)) {
      throw new ShapeError('Ellipse: "angle" must be a number of degrees.');
    }
    return { type: "ellipse", center: readPair(value.center, 'Ellipse: "center"'), radii, angle };
  },
  toApi: (shape) => shape,
  bounds: ({ center, radii, angle }): Box => {
    const { x, y } = direction(angle);
    const [across, down] = [Math.hypot(radii[0] * x, radii[1] * y), Math.hypot(radii[0] * y, radii[1] * x)];
    return [center[0] - across, center[1] - down, 2 * across, 2 * down];
  },
  area: ({ radii }) => Math.PI * radii[0] * radii[1],
  hitTest(shape, point, tolerance) {
    const { x, y } = orientedLocal(frame(shape), point);
    return (x / (shape.radii[0] + tolerance)) ** 2 + (y / (shape.radii[1] + tolerance)) ** 2 <= 1;
  },
  intersects(shape, box) {
    const bounds = ellipseShape.bounds(shape);
    return bounds !== null && boxesIntersect(bounds, box) && ringIntersectsBox(outline(shape, CHORD), box);
  },
  clamp(shape, size) {
    const inside = boxExpand([0, 0, size.width, size.height], -1e-6);
    const clamped = ellipseShape.intersects(shape, inside) ? orientedClamp(frame(shape), size) : null;
    return clamped && orientedToEllipse(clamped);
  },
  translate: (shape, dx, dy) => ({ ...shape, center: [shape.center[0] + dx, shape.center[1] + dy] }),
  transform(shape, by) {
    const [x, y] = shape.center;
    const center = transformPoint(by, { x, y });
    const changed = orientedTransform(frame(shape), by, center);
    return changed ? orientedToEllipse(changed) : sheared(shape, by, center);
  },
  toPolygon: (shape) => ringToPolygonShape(outline(shape, CHORD)),
  handles: (shape, pixel = 1) => orientedHandles(frame(shape), pixel),
  moveHandle: (shape, handle, to, snap = false) =>
    orientedToEllipse(orientedMoveHandle(frame(shape), handle, to, snap)),
  trace(shape, sink, pixel) {
    outline(shape, Math.max(pixel, 0.01) * CHORD).forEach(([x, y], index) => {
      if (index === 0) sink.moveTo(x, y);
      else sink.lineTo(x, y);
    });
    sink.closePath();
  },
};

/** The ellipse that touches the four sides. */
export function orientedToEllipse({ center, size, angle }: OrientedBox): EllipseShape {
  return { type: "ellipse", center, radii: [size[0] / 2, size[1] / 2], angle };
}

function frame({ center, radii, angle }: EllipseShape): OrientedBox {
  return { center, size: [2 * radii[0], 2 * radii[1]], angle };
}

/** As many corners as keep its edges within `chord` image pixels of the curve. */
function outline(shape: EllipseShape, chord: number): Ring {
  const largest = Math.max(...shape.radii);
  const needed = largest > chord ? Math.ceil(Math.PI / Math.acos(1 - chord / largest)) : 0;
  const count = Math.min(Math.max(needed, CORNERS[0]), CORNERS[1]);
  return Array.from({ length: count }, (_, at): Vertex => {
    const turn = (2 * Math.PI * at) / count;
    const { x, y } = orientedPoint(frame(shape), shape.radii[0] * Math.cos(turn), shape.radii[1] * Math.sin(turn));
    return [x, y];
  });
}

/** An ellipse stays one however it is scaled; its new axes are the singular vectors of what was done to the old ones. */
function sheared(shape: EllipseShape, by: Transform, center: Point): EllipseShape {
  const origin = transformPoint(by, { x: 0, y: 0 });
  const { x, y } = direction(shape.angle);
  const [along, across] = [
    { x: x * shape.radii[0], y: y * shape.radii[0] },
    { x: -y * shape.radii[1], y: x * shape.radii[1] },
  ].map((axis) => {
    const moved = transformPoint(by, axis);
    return { x: moved.x - origin.x, y: moved.y - origin.y };
  }) as [Point, Point];
  const even = Math.hypot((along.x + across.y) / 2, (along.y - across.x) / 2);
  const odd = Math.hypot((along.x - across.y) / 2, (along.y + across.x) / 2);
  const turn = Math.atan2(along.y + across.x, along.x - across.y) + Math.atan2(along.y - across.x, along.x + across.y);
  return {
    type: "ellipse",
    center: [center.x, center.y],
    radii: [even + odd, Math.abs(even - odd)],
    angle: roundAngle((turn * 90) / Math.PI),
  };
}
