/** Owns the ways from one kind of shape to another, without loss of parts and holes. */

import { boxClamp, boxWithin, type Box } from "../geometry/box";
import { partsIntersect } from "../geometry/clip";
import { smallestOriented } from "../geometry/hull";
import { roundCoordinate, type Size, type Vertex } from "../geometry/point";
import { boxRing, type PolygonPart } from "../geometry/polygon";
import { runsToParts } from "../geometry/outline";
import { partsToRuns } from "../geometry/rasterise";
import type { MaskRuns } from "../geometry/runs";
import { shapeUtil, type Shape } from ".";
import { maskToRuns, runsToMask } from "./mask";
import { orientedToShape } from "./rotatedBox";

/** What an object can be made into. */
export type ConvertedType = "box" | "rotated_box" | "polygon" | "mask";

/** Null when nothing of it is left, or when it encloses nothing that could become one. */
export function convertShape(shape: Shape, type: ConvertedType, size: Size): Shape | null {
  return shape.type === type ? shape : CONVERSIONS[type](shape, size);
}

const CONVERSIONS: Readonly<Record<ConvertedType, (shape: Shape, size: Size) => Shape | null>> = {
  box(shape, size) {
    const bounds = shapeUtil(shape).bounds(shape);
    return bounds && { type: "box", box: boxClamp(bounds, size) };
  },
  rotated_box(shape) {
    const oriented = smallestOriented(outlineVertices(shape));
    if (oriented === null) return null;
    const { center, size, angle } = oriented;
    return orientedToShape({ center: roundVertex(center), size: roundVertex(size), angle });
  },
  polygon(shape, size) {
    const parts = shapeToParts(shape, size);
    return parts && parts.length > 0 ? { type: "polygon", parts } : null;
  },
  mask(shape, size) {
    const runs = shapeToRuns(shape, size);
    return runs && runsToMask(runs);
  },
};

/** The inside as a polygon that lies in the picture: of a mask, the exact borders of its pixels. Null: it has no inside. */
export function shapeToParts(shape: Shape, size: Size): readonly PolygonPart[] | null {
  if (shape.type === "mask") return runsToParts(maskToRuns(shape));
  const util = shapeUtil(shape);
  const polygon = util.toPolygon(shape);
  const bounds = util.bounds(shape);
  if (polygon === null || bounds === null) return null;
  const picture: Box = [0, 0, size.width, size.height];
  if (boxWithin(bounds, picture)) return polygon.parts;
  return partsIntersect(polygon.parts, [{ outer: boxRing(picture), holes: [] }]);
}

/** The pixels inside, by the same rules as on the server. Null: it has no inside. */
export function shapeToRuns(shape: Shape, size: Size): MaskRuns | null {
  if (shape.type === "mask") return maskToRuns(shape);
  const parts = shapeToParts(shape, size);
  return parts && partsToRuns(parts);
}

/** What a tight box has to hold. */
function outlineVertices(shape: Shape): readonly Vertex[] {
  if (shape.type === "mask") return runsToParts(maskToRuns(shape)).flatMap(({ outer }) => outer);
  const util = shapeUtil(shape);
  const polygon = util.toPolygon(shape);
  if (polygon) return polygon.parts.flatMap(({ outer }) => outer);
  return util.handles(shape).map(({ point }): Vertex => [point.x, point.y]);
}

function roundVertex([x, y]: Vertex): Vertex {
  return [roundCoordinate(x), roundCoordinate(y)];
}
