/** Owns the contract of a shape: everything about one shape is one ShapeUtil in one file. Knows no store, tool or class. */

import type { MaskBitmap } from "../geometry/bitmap";
import type { Box } from "../geometry/box";
import type { Point, Size } from "../geometry/point";
import type { EdgePlace } from "../geometry/polygon";
import type { PathSink } from "../surface";

/** Shapes are immutable, plain JSON and the same in the store, the journal and on the wire. */
export interface ShapeBase {
  readonly type: string;
}

/** Something that can be dragged to change a shape; `id` means something to its shape only. */
export interface Handle {
  readonly id: string;
  readonly point: Point;
  /** CSS cursor. */
  readonly cursor: string;
}

export interface ShapeUtil<S extends ShapeBase> {
  readonly type: S["type"];
  readonly title: string;
  /** How it is drawn: an outline that can share a path with others, a bitmap, or nothing on the picture. */
  readonly paint: "path" | "bitmap" | "none";
  /** A valid one inside a picture of `size` (at least 16 x 16), for contract tests. */
  sample(size: Size): S;
  /** Reads what came from outside; throws a ShapeError that says what would be right. */
  fromApi(value: Readonly<Record<string, unknown>>): S;
  toApi(shape: S): S;
  /** Null for shapes without a place. */
  bounds(shape: S): Box | null;
  area(shape: S): number;
  /** `tolerance` in image pixels applies to the outline. */
  hitTest(shape: S, point: Point, tolerance: number): boolean;
  intersects(shape: S, box: Box): boolean;
  /** The part inside the picture with rounded coordinates, or null when that is too small to be an object. */
  clamp(shape: S, size: Size): S | null;
  translate(shape: S, dx: number, dy: number): S;
  handles(shape: S): readonly Handle[];
  /** `shape` is what it was when the drag began, so a handle may pass its opposite. */
  moveHandle(shape: S, handle: string, to: Point): S;
  /** Where a vertex could be put in, within `tolerance` of `point`. */
  findEdge(shape: S, point: Point, tolerance: number): EdgePlace | null;
  insertVertex(shape: S, place: EdgePlace): { readonly shape: S; readonly handle: string };
  /** Null when the shape needs this vertex. */
  deleteVertex(shape: S, handle: string): S | null;
  /** Adds the outline to a path in image pixels; details finer than `pixel` may be left out. */
  trace(shape: S, sink: PathSink, pixel: number): void;
  /** The pixels of a shape that is painted as a bitmap. */
  bitmap(shape: S): MaskBitmap | null;
}

/** What came from outside is not this shape; the message says what would be right. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** For shapes that have no handles, no vertices and no bitmap: spread first, then override. */
export const PLAIN_SHAPE = {
  handles: (): readonly Handle[] => [],
  moveHandle: <S extends ShapeBase>(shape: S): S => shape,
  findEdge: (): EdgePlace | null => null,
  insertVertex: <S extends ShapeBase>(shape: S): { shape: S; handle: string } => ({ shape, handle: "" }),
  deleteVertex: (): null => null,
  trace: (): void => undefined,
  bitmap: (): MaskBitmap | null => null,
} as const;

/** A box from outside: four finite numbers, width and height not negative. */
export function readBox(value: unknown, where: string): Box {
  if (Array.isArray(value) && value.length === 4 && value.every((part) => Number.isFinite(part))) {
    const [x, y, width, height] = value as [number, number, number, number];
    if (width >= 0 && height >= 0) return [x, y, width, height];
  }
  throw new ShapeError(`${where}: "box" must be [x, y, width, height], four numbers with width and height from 0 up.`);
}
