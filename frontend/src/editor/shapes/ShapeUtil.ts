/** Owns the contract of a shape: everything about one shape is one ShapeUtil in one file. Knows no store, tool or class. */

import type { Box } from "../geometry/box";
import type { Point, Size, Vertex } from "../geometry/point";
import type { EdgePlace } from "../geometry/polygon";
import type { MaskRuns } from "../geometry/runs";
import type { Transform } from "../geometry/transform";
import type { PathSink } from "../surface";
import type { PolygonShape } from "./polygon";

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
  /** May be dragged out of the picture. */
  readonly free?: boolean;
  /** Which point of the class's skeleton it is. */
  readonly joint?: number;
  /** Stands for something that is hidden in the picture. */
  readonly faint?: boolean;
}

/** Pairs of points that the class's skeleton connects. */
export type Edges = readonly (readonly [from: number, to: number])[];

export interface ShapeUtil<S extends ShapeBase> {
  readonly type: S["type"];
  readonly title: string;
  /** How it is drawn: an outline that can share a path with others, lines without an inside, a bitmap, or not at all. */
  readonly paint: "path" | "line" | "bitmap" | "none";
  /** A valid one inside a picture of `size` (at least 16 x 16), for contract tests. */
  sample(size: Size): S;
  /** Reads what came from outside; throws a ShapeError that says what would be right. */
  fromApi(value: Readonly<Record<string, unknown>>): S;
  toApi(shape: S): S;
  /** Null for shapes without a place. */
  bounds(shape: S): Box | null;
  area(shape: S): number;
  /** `tolerance` in image pixels applies to the outline. */
  hitTest(shape: S, point: Point, tolerance: number, edges?: Edges): boolean;
  intersects(shape: S, box: Box): boolean;
  /** The part inside the picture with rounded coordinates, or null when that is too small to be an object. */
  clamp(shape: S, size: Size): S | null;
  translate(shape: S, dx: number, dy: number): S;
  /** Null where the outcome would be no such shape, as for a rotated box that is scaled unevenly. */
  transform(shape: S, by: Transform): S | null;
  /** The outline as a polygon; null for shapes that enclose nothing, and for bitmaps. */
  toPolygon(shape: S): PolygonShape | null;
  /** Where others can be drawn to or along, of shapes that enclose nothing: lines, and lone points as lines of one. */
  lines(shape: S): readonly (readonly Vertex[])[];
  /** `pixel`: image pixels that a CSS pixel covers, for handles that keep a distance. */
  handles(shape: S, pixel?: number): readonly Handle[];
  /** `shape` is what it was when the drag began, so a handle may pass its opposite. `snap`: in even steps. */
  moveHandle(shape: S, handle: string, to: Point, snap?: boolean): S;
  /** Where a vertex could be put in, within `tolerance` of `point`. */
  findEdge(shape: S, point: Point, tolerance: number): EdgePlace | null;
  insertVertex(shape: S, place: EdgePlace): { readonly shape: S; readonly handle: string };
  /** What `edit` makes of these vertices; null drops one. Null where the shape has no vertices, or too few would be left. */
  editVertices(shape: S, handles: ReadonlySet<string>, edit: (at: Point, handle: string) => Point | null): S | null;
  /** Visible becomes occluded and the other way round; null when its vertices have no such mark. */
  toggleVertex(shape: S, handle: string): S | null;
  /** Adds the outline to a path in image pixels; details finer than `pixel` may be left out. */
  trace(shape: S, sink: PathSink, pixel: number, edges?: Edges): void;
  /** The pixels of a shape that is painted as a bitmap. */
  runs(shape: S): MaskRuns | null;
}

/** What came from outside is not this shape; the message says what would be right. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** For shapes that have no handles, no vertices, no inside and no bitmap: spread first, then override. */
export const PLAIN_SHAPE = {
  transform: (): null => null,
  toPolygon: (): null => null,
  lines: (): readonly (readonly Vertex[])[] => [],
  handles: (): readonly Handle[] => [],
  moveHandle: <S extends ShapeBase>(shape: S): S => shape,
  findEdge: (): EdgePlace | null => null,
  insertVertex: <S extends ShapeBase>(shape: S): { shape: S; handle: string } => ({ shape, handle: "" }),
  editVertices: (): null => null,
  toggleVertex: (): null => null,
  trace: (): void => undefined,
  runs: (): MaskRuns | null => null,
} as const;

/** A box from outside: four finite numbers, width and height not negative. */
export function readBox(value: unknown, where: string): Box {
  if (Array.isArray(value) && value.length === 4 && value.every((part) => Number.isFinite(part))) {
    const [x, y, width, height] = value as [number, number, number, number];
    if (width >= 0 && height >= 0) return [x, y, width, height];
  }
  throw new ShapeError(`${where}: "box" must be [x, y, width, height], four numbers with width and height from 0 up.`);
}

/** Two finite numbers from outside. */
export function readPair(value: unknown, where: string): Vertex {
  if (Array.isArray(value) && value.length === 2 && value.every((part) => Number.isFinite(part))) {
    return [value[0] as number, value[1] as number];
  }
  throw new ShapeError(`${where} must be two numbers.`);
}
