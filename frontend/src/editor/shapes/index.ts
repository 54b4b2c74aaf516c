/** Owns the list of shapes: a new shape is its file and its line here. */

import { boxShape } from "./box";
import { captionShape } from "./caption";
import { ellipseShape } from "./ellipse";
import { maskShape } from "./mask";
import { polygonShape } from "./polygon";
import { polylineShape } from "./polyline";
import { rotatedBoxShape } from "./rotatedBox";
import { ShapeError, type ShapeUtil } from "./ShapeUtil";
import { skeletonShape } from "./skeleton";
import { tagShape } from "./tag";

export const SHAPES = [
  boxShape,
  rotatedBoxShape,
  polygonShape,
  ellipseShape,
  polylineShape,
  skeletonShape,
  maskShape,
  tagShape,
  captionShape,
] as const;

type ShapeOf<U> = U extends ShapeUtil<infer S> ? S : never;

export type Shape = ShapeOf<(typeof SHAPES)[number]>;

const byType = new Map<string, ShapeUtil<Shape>>(SHAPES.map((util) => [util.type, util as ShapeUtil<Shape>]));

export function shapeUtil(shape: Shape): ShapeUtil<Shape> {
  const util = byType.get(shape.type);
  if (!util) throw new ShapeError(`There is no shape "${shape.type}".`);
  return util;
}

/** Reads a shape from outside; throws a ShapeError with a sentence. */
export function apiToShape(value: unknown): Shape {
  const type: unknown = typeof value === "object" && value !== null ? (value as { type?: unknown }).type : undefined;
  const util = typeof type === "string" ? byType.get(type) : undefined;
  if (!util) {
    const known = SHAPES.map((shape) => `"${shape.type}"`).join(", ");
    throw new ShapeError(`A shape needs a "type" that is one of ${known}; this one has ${JSON.stringify(type)}.`);
  }
  return util.fromApi(value as Readonly<Record<string, unknown>>);
}

/** Whether objects of these types have no place on the picture: the image itself is labelled. */
export function areImageLabels(types: readonly string[]): boolean {
  return types.length > 0 && types.every((type) => byType.get(type)?.paint === "none");
}
