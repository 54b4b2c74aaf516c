/** Owns the polygon: `{"type": "polygon", "parts": [{"outer": [[x, y], …], "holes": [[[x, y], …], …]}]}`. */

import { boxContains, boxesIntersect, boxExpand, boxUnion, type Box } from "../geometry/box";
import { clamp, roundCoordinate, type Point, type Size, type Vertex } from "../geometry/point";
import {
  findEdgePlace,
  partContains,
  partRings,
  partsArea,
  ringArea,
  ringBounds,
  ringClean,
  ringDistance,
  ringIntersectsBox,
  ringSignedArea,
  vertexToPoint,
  type PolygonPart,
  type Ring,
} from "../geometry/polygon";
import { transformVertex } from "../geometry/transform";
import type { PathSink } from "../surface";
import { PLAIN_SHAPE, ShapeError, type Handle, type ShapeUtil } from "./ShapeUtil";

export interface PolygonShape {
  readonly type: "polygon";
  readonly parts: readonly PolygonPart[];
}

/** Shapes are immutable, so their bounds can be kept: 10,000 polygons are asked for them on every redraw. */
const boundsOf = new WeakMap<PolygonShape, Box>();

export const polygonShape: ShapeUtil<PolygonShape> = {
  ...PLAIN_SHAPE,
  type: "polygon",
  title: "Polygon",
  paint: "path",
  sample: () => ({
    type: "polygon",
    parts: [
      {
        outer: [
          [1, 1],
          [12, 1],
          [12, 11],
          [1, 11],
        ],
        holes: [
          [
            [4, 4],
            [4, 8],
            [8, 8],
          ],
        ],
      },
    ],
  }),
  fromApi: (value) => ({ type: "polygon", parts: readParts(value.parts) }),
  toApi: (shape) => shape,
  bounds(shape) {
    const known = boundsOf.get(shape);
    if (known) return known;
    const bounds = shape.parts.reduce<Box | null>((all, part) => boxUnion(all, ringBounds(part.outer)), null);
    if (bounds) boundsOf.set(shape, bounds);
    return bounds;
  },
  area: (shape) => partsArea(shape.parts),
  hitTest(shape, point, tolerance) {
    const bounds = polygonShape.bounds(shape);
    if (bounds === null || !boxContains(boxExpand(bounds, tolerance), point)) return false;
    return shape.parts.some(
      (part) => partContains(part, point) || partRings(part).some((ring) => ringDistance(ring, point) <= tolerance),
    );
  },
  intersects(shape, box) {
    const bounds = polygonShape.bounds(shape);
    return (
      bounds !== null && boxesIntersect(bounds, box) && shape.parts.some((part) => ringIntersectsBox(part.outer, box))
    );
  },
  clamp(shape, size) {
    const parts = shape.parts.flatMap((part) => clampPart(part, size));
    return partsArea(parts) > 0 ? { type: "polygon", parts } : null;
  },
  translate: (shape, dx, dy) => mapRings(shape, (ring) => ring.map(([x, y]): Vertex => [x + dx, y + dy])),
  transform: (shape, by) => mapRings(shape, (ring) => ring.map((vertex) => transformVertex(by, vertex))),
  toPolygon: (shape) => shape,
  handles: (shape) =>
    shape.parts.flatMap((part, partIndex) =>
      partRings(part).flatMap((ring, ringIndex) =>
        ring.map((vertex, index): Handle => ({
          id: `${partIndex}/${ringIndex}/${index}`,
          point: vertexToPoint(vertex),
          cursor: "move",
        })),
      ),
    ),
  moveHandle: (shape, handle, to) => polygonShape.editVertices(shape, new Set([handle]), () => to) ?? shape,
  findEdge: (shape, point, tolerance) => findEdgePlace(shape.parts, point, tolerance),
  insertVertex(shape, place) {
    const changed = changeRing(shape, place, (ring) => [
      ...ring.slice(0, place.index),
      [place.point.x, place.point.y],
      ...ring.slice(place.index),
    ]);
    return { shape: changed, handle: `${place.part}/${place.ring}/${place.index}` };
  },
  /** A ring with fewer than three vertices is none: its hole or part goes with it. */
  editVertices(shape, handles, edit) {
    const chosen = handlesByRing(handles);
    const parts = shape.parts.flatMap((part, partIndex): PolygonPart[] => {
      const [outer, ...holes] = partRings(part).map((ring, ringIndex) =>
        editRing(ring, `${partIndex}/${ringIndex}`, chosen, edit),
      );
      return outer && outer.length >= 3 ? [{ outer, holes: holes.filter((hole) => hole.length >= 3) }] : [];
    });
    return parts.length === 0 ? null : { type: "polygon", parts };
  },
  trace(shape, sink, pixel) {
    for (const part of shape.parts) {
      traceRing(part.outer, sink, pixel, true);
      for (const hole of part.holes) traceRing(hole, sink, pixel, false);
    }
  },
};

export function ringToPolygonShape(outer: Ring): PolygonShape {
  return { type: "polygon", parts: [{ outer, holes: [] }] };
}

interface RingPlace {
  readonly part: number;
  readonly ring: number;
}

/** Indices of vertices by "part/ring". */
function handlesByRing(handles: ReadonlySet<string>): ReadonlyMap<string, ReadonlySet<number>> {
  const byRing = new Map<string, Set<number>>();
  for (const handle of handles) {
    const at = handle.lastIndexOf("/");
    const [ring, index] = [handle.slice(0, at), Number(handle.slice(at + 1))];
    byRing.set(ring, (byRing.get(ring) ?? new Set()).add(index));
  }
  return byRing;
}

function editRing(
  ring: Ring,
  name: string,
  chosen: ReadonlyMap<string, ReadonlySet<number>>,
  edit: (at: Point, handle: string) => Point | null,
): Ring {
  const indices = chosen.get(name);
  if (indices === undefined) return ring;
  return ring.flatMap((vertex, index): Vertex[] => {
    if (!indices.has(index)) return [vertex];
    const at = edit(vertexToPoint(vertex), `${name}/${index}`);
    return at === null ? [] : [[at.x, at.y]];
  });
}

export function findRing(shape: PolygonShape, at: RingPlace): Ring | undefined {
  const part = shape.parts[at.part];
  return at.ring === 0 ? part?.outer : part?.holes[at.ring - 1];
}

function mapRings(shape: PolygonShape, change: (ring: Ring) => Ring): PolygonShape {
  return {
    type: "polygon",
    parts: shape.parts.map((part) => ({ outer: change(part.outer), holes: part.holes.map(change) })),
  };
}

export function changeRing(shape: PolygonShape, at: RingPlace, change: (ring: Ring) => Ring): PolygonShape {
  const parts = shape.parts.map((part, index) => {
    if (index !== at.part) return part;
    if (at.ring === 0) return { ...part, outer: change(part.outer) };
    return { ...part, holes: part.holes.map((hole, number) => (number === at.ring - 1 ? change(hole) : hole)) };
  });
  return { type: "polygon", parts };
}

function clampPart(part: PolygonPart, size: Size): PolygonPart[] {
  const outer = clampRing(part.outer, size);
  if (!outer) return [];
  return [{ outer, holes: part.holes.map((hole) => clampRing(hole, size)).filter((hole) => hole !== null) }];
}

function clampRing(ring: Ring, size: Size): Ring | null {
  const inside = ringClean(
    ring.map(([x, y]): Vertex => [roundCoordinate(clamp(x, 0, size.width)), roundCoordinate(clamp(y, 0, size.height))]),
  );
  return inside.length >= 3 && ringArea(inside) > 0 ? inside : null;
}

/** Outer rings run clockwise and holes against it, so that one non-zero fill of many polygons leaves only holes open. */
function traceRing(ring: Ring, sink: PathSink, pixel: number, clockwise: boolean): void {
  const count = ring.length;
  const forward = ringSignedArea(ring) >= 0 === clockwise;
  let lastX = 0;
  let lastY = 0;
  for (let step = 0; step < count; step += 1) {
    const vertex = ring[forward ? step : count - 1 - step];
    if (!vertex) continue;
    const [x, y] = vertex;
    if (step === 0) sink.moveTo(x, y);
    else if (Math.abs(x - lastX) < pixel && Math.abs(y - lastY) < pixel) continue;
    else sink.lineTo(x, y);
    lastX = x;
    lastY = y;
  }
  sink.closePath();
}

const RING_RULE = "a ring is at least three [x, y] pairs of numbers, without a repeated closing point";

function readParts(value: unknown): PolygonPart[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new ShapeError('Polygon: "parts" must be a list of at least one {"outer": ring, "holes": [ring, …]}.');
  }
  return value.map((part: unknown, index) => {
    const { outer, holes } = (part ?? {}) as { outer?: unknown; holes?: unknown };
    return {
      outer: readRing(outer, `part ${index + 1}`),
      holes: Array.isArray(holes) ? holes.map((hole: unknown) => readRing(hole, `a hole of part ${index + 1}`)) : [],
    };
  });
}

function readRing(value: unknown, where: string): Ring {
  const vertices = Array.isArray(value) ? value.filter(isVertex) : [];
  const ring = ringClean(vertices);
  if (!Array.isArray(value) || vertices.length !== value.length || ring.length < 3) {
    throw new ShapeError(`Polygon, ${where}: ${RING_RULE}.`);
  }
  return ring;
}

function isVertex(value: unknown): value is Vertex {
  return Array.isArray(value) && value.length === 2 && value.every((part) => Number.isFinite(part));
}
