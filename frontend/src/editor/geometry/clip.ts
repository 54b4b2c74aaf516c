/** Owns joining, cutting and intersecting polygons with parts and holes: the one place that knows the clipping library. */

import { difference, intersection, union } from "polyclip-ts";

import type { Vertex } from "./point";
import { ringArea, ringClean, type PolygonPart, type Ring } from "./polygon";

type Parts = readonly PolygonPart[];
type Coordinates = [number, number][][][];

export function partsUnion(first: Parts, ...others: readonly Parts[]): PolygonPart[] {
  return fromCoordinates(union(toCoordinates(first), ...others.map(toCoordinates)));
}

/** `first` without what the others cover. */
export function partsSubtract(first: Parts, ...others: readonly Parts[]): PolygonPart[] {
  return fromCoordinates(difference(toCoordinates(first), ...others.map(toCoordinates)));
}

export function partsIntersect(first: Parts, ...others: readonly Parts[]): PolygonPart[] {
  return fromCoordinates(intersection(toCoordinates(first), ...others.map(toCoordinates)));
}

function toCoordinates(parts: Parts): Coordinates {
  return parts.map(({ outer, holes }) =>
    [outer, ...holes].map((ring) => ring.map(([x, y]): [number, number] => [x, y])),
  );
}

function fromCoordinates(coordinates: Coordinates): PolygonPart[] {
  return coordinates.flatMap((rings): PolygonPart[] => {
    const [outer, ...holes] = rings.map((ring) => ringClean(ring.map(([x, y]): Vertex => [x, y])));
    return outer && encloses(outer) ? [{ outer, holes: holes.filter(encloses) }] : [];
  });
}

function encloses(ring: Ring): boolean {
  return ring.length >= 3 && ringArea(ring) > 0;
}
