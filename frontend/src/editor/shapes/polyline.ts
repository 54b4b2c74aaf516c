/** Owns the polyline: `{"type": "polyline", "points": [[x, y], …]}`, an open line of at least two points. */

import { boxContains, boxesIntersect, boxExpand, type Box } from "../geometry/box";
import { findLinePlace, lineDistance, lineIntersectsBox } from "../geometry/line";
import { clamp, roundCoordinate, type Vertex } from "../geometry/point";
import { ringBounds, vertexToPoint } from "../geometry/polygon";
import { transformVertex } from "../geometry/transform";
import { PLAIN_SHAPE, ShapeError, type Handle, type ShapeUtil } from "./ShapeUtil";

export interface PolylineShape {
  readonly type: "polyline";
  readonly points: readonly Vertex[];
}

/** Shapes are immutable, so their bounds can be kept. */
const boundsOf = new WeakMap<PolylineShape, Box>();

export const polylineShape: ShapeUtil<PolylineShape> = {
  ...PLAIN_SHAPE,
  type: "polyline",
  title: "Line",
  paint: "line",
  sample: () =>
    pointsToPolyline([
      [2, 2],
      [12, 5],
      [6, 11],
    ]),
  fromApi({ points }) {
    const vertices = Array.isArray(points) ? points.filter(isVertex) : [];
    const line = withoutRepeats(vertices);
    if (!Array.isArray(points) || vertices.length !== points.length || line.length < 2) {
      throw new ShapeError('Line: "points" must be a list of at least two different [x, y] pairs of numbers.');
    }
    return pointsToPolyline(line);
  },
  toApi: (shape) => shape,
  bounds(shape) {
    const known = boundsOf.get(shape);
    if (known) return known;
    const bounds = ringBounds(shape.points);
    boundsOf.set(shape, bounds);
    return bounds;
  },
  area: () => 0,
  hitTest(shape, point, tolerance) {
    const bounds = polylineShape.bounds(shape);
    const isNear = bounds !== null && boxContains(boxExpand(bounds, tolerance), point);
    return isNear && lineDistance(shape.points, point) <= tolerance;
  },
  intersects(shape, box) {
    const bounds = polylineShape.bounds(shape);
    return bounds !== null && boxesIntersect(bounds, box) && lineIntersectsBox(shape.points, box);
  },
  clamp(shape, size) {
    if (!polylineShape.intersects(shape, [0, 0, size.width, size.height])) return null;
    const points = withoutRepeats(
      shape.points.map(([x, y]): Vertex => [
        roundCoordinate(clamp(x, 0, size.width)),
        roundCoordinate(clamp(y, 0, size.height)),
      ]),
    );
    return points.length >= 2 ? pointsToPolyline(points) : null;
  },
  translate: (shape, dx, dy) => pointsToPolyline(shape.points.map(([x, y]): Vertex => [x + dx, y + dy])),
  transform: (shape, by) => pointsToPolyline(shape.points.map((vertex) => transformVertex(by, vertex))),
  lines: ({ points }) => [points],
  handles: (shape) =>
    shape.points.map((vertex, index): Handle => ({
      id: String(index),
      point: vertexToPoint(vertex),
      cursor: "move",
    })),
  moveHandle: (shape, handle, to) => polylineShape.editVertices(shape, new Set([handle]), () => to) ?? shape,
  findEdge: (shape, point, tolerance) => findLinePlace(shape.points, point, tolerance),
  insertVertex(shape, { index, point }) {
    const points = shape.points.toSpliced(index, 0, [point.x, point.y]);
    return { shape: pointsToPolyline(points), handle: String(index) };
  },
  editVertices(shape, handles, edit) {
    const points = shape.points.flatMap((vertex, index): Vertex[] => {
      if (!handles.has(String(index))) return [vertex];
      const at = edit(vertexToPoint(vertex), String(index));
      return at === null ? [] : [[at.x, at.y]];
    });
    return points.length < 2 ? null : pointsToPolyline(points);
  },
  trace(shape, sink, pixel) {
    let [lastX, lastY] = [0, 0];
    shape.points.forEach(([x, y], index) => {
      const isEnd = index === 0 || index === shape.points.length - 1;
      if (!isEnd && Math.abs(x - lastX) < pixel && Math.abs(y - lastY) < pixel) return;
      if (index === 0) sink.moveTo(x, y);
      else sink.lineTo(x, y);
      [lastX, lastY] = [x, y];
    });
  },
};

export function pointsToPolyline(points: readonly Vertex[]): PolylineShape {
  return { type: "polyline", points };
}

function withoutRepeats(points: readonly Vertex[]): readonly Vertex[] {
  const kept = points.filter(([x, y], index) => {
    const before = points[index - 1];
    return before?.[0] !== x || before[1] !== y;
  });
  return kept.length === points.length ? points : kept;
}

function isVertex(value: unknown): value is Vertex {
  return Array.isArray(value) && value.length === 2 && value.every((part) => Number.isFinite(part));
}
