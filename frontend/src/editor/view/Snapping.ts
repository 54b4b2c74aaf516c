/** Owns what the pointer is drawn to while something is drawn or dragged: vertices, borders, the edge of the picture. */

import { findBorderPlace, partsToBorders, type Border, type BorderPlace } from "../geometry/border";
import { boxExpand } from "../geometry/box";
import { clampPoint, roundCoordinate, type ImagePoint, type Size } from "../geometry/point";
import type { ToolPointer } from "../input/events";
import { shapeUtil, type Shape } from "../shapes";
import type { Signal } from "../signal";
import type { Session } from "../store/session";
import type { HitTester } from "./HitTester";

/** Of the distance within which things count as hit: 9 CSS pixels with a mouse. */
const REACH = 1.5;
const NONE: ReadonlySet<string> = new Set();

/** A place on the border of an object. */
export interface ObjectPlace extends BorderPlace {
  readonly id: string;
  /** Which of the object's borders. */
  readonly border: number;
}

export interface Snap {
  readonly kind: "vertex" | "border" | "picture";
  readonly point: ImagePoint;
  /** Null on the edge of the picture. */
  readonly place: ObjectPlace | null;
}

interface SnappingParts {
  readonly hits: HitTester;
  readonly session: Signal<Session>;
  readonly imageSize: () => Size;
}

export class Snapping {
  private readonly parts: SnappingParts;
  private snap: Snap | null = null;

  constructor(parts: SnappingParts) {
    this.parts = parts;
  }

  /** What the latest `aim` was drawn to. */
  get current(): Snap | null {
    return this.snap;
  }

  clear(): void {
    this.snap = null;
  }

  /** The place that the pointer means, inside the picture; objects in `except` draw nothing to them. Ctrl suspends. */
  aim(pointer: ToolPointer, except: ReadonlySet<string> = NONE): ImagePoint {
    const point = clampPoint(pointer.point, this.parts.imageSize());
    const isOn = this.parts.session.get().snapping && !pointer.ctrl;
    this.snap = isOn ? this.find(point, REACH * pointer.tolerance, except) : null;
    return this.snap?.point ?? point;
  }

  private find(point: ImagePoint, reach: number, except: ReadonlySet<string>): Snap | null {
    let best: (Snap & { readonly away: number }) | null = null;
    for (const { id, shape } of this.parts.hits.shown(boxExpand([point.x, point.y, 0, 0], reach))) {
      if (except.has(id)) continue;
      shapeToBorders(shape).forEach((border, number) => {
        const near = findBorderPlace(border, point, reach);
        const kind = near?.isVertex === true ? "vertex" : "border";
        if (near === null || !isBetter(kind, near.away, best)) return;
        const at = kind === "vertex" ? near.place.point : rounded(near.place.point);
        best = { kind, point: at, place: { ...near.place, point: at, id, border: number }, away: near.away };
      });
    }
    const edge = pictureEdge(point, reach, this.parts.imageSize());
    if (edge !== null && isBetter("picture", edge.away, best)) best = edge;
    return best;
  }
}

/** Rings of what has an inside, and the lines and points of what has none. */
export function shapeToBorders(shape: Shape): readonly Border[] {
  const util = shapeUtil(shape);
  const polygon = util.toPolygon(shape);
  return polygon ? partsToBorders(polygon.parts) : util.lines(shape).map((line) => ({ line, closed: false }));
}

/** Vertices come before all else within reach; else the nearest wins. */
function isBetter(kind: Snap["kind"], away: number, best: { kind: string; away: number } | null): boolean {
  if (best === null) return true;
  const [isVertex, hasVertex] = [kind === "vertex", best.kind === "vertex"];
  return isVertex === hasVertex ? away < best.away : isVertex;
}

function pictureEdge(point: ImagePoint, reach: number, size: Size): (Snap & { readonly away: number }) | null {
  const [x, y] = [nearEnd(point.x, size.width, reach), nearEnd(point.y, size.height, reach)];
  if (x === null && y === null) return null;
  const at = { x: x ?? point.x, y: y ?? point.y };
  return { kind: "picture", point: at, place: null, away: Math.hypot(at.x - point.x, at.y - point.y) };
}

function nearEnd(value: number, end: number, reach: number): number | null {
  if (Math.min(value, end - value) > reach) return null;
  return value < end / 2 ? 0 : end;
}

function rounded({ x, y }: ImagePoint): ImagePoint {
  return { x: roundCoordinate(x), y: roundCoordinate(y) };
}
