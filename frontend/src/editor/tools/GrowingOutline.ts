/** Owns an outline that grows by legs: straight ones, and such that follow a border on which both their ends lie. */

import type { EditorContext } from "../context";
import { borderWays, findBorderPlace } from "../geometry/border";
import { boxExpand } from "../geometry/box";
import { distance, type ImagePoint, type Vertex } from "../geometry/point";
import { shapeUtil, type Shape } from "../shapes";
import { shapeToBorders } from "../view/Snapping";

/** Image pixels: coordinates are rounded to thousandths. */
const SAME = 0.002;

interface Leg {
  /** What lies between the leg before and `end`, in each way that can be chosen. */
  readonly ways: readonly (readonly ImagePoint[])[];
  readonly way: number;
  readonly end: ImagePoint;
  /** The object whose border it follows. */
  readonly along: string | null;
}

/** Points that the outline took from an object's border without a vertex being there. */
export type SharedEnds = ReadonlyMap<string, readonly ImagePoint[]>;

export class GrowingOutline {
  private readonly editor: EditorContext;
  private legs: Leg[] = [];
  private next: Leg | null = null;

  constructor(editor: EditorContext) {
    this.editor = editor;
  }

  get vertices(): readonly ImagePoint[] {
    return this.legs.flatMap(pointsOf);
  }

  /** As they would be after a press where the pointer is. */
  get verticesAhead(): readonly ImagePoint[] {
    return this.next ? [...this.vertices, ...pointsOf(this.next)] : this.vertices;
  }

  get first(): ImagePoint | null {
    const [leg] = this.legs;
    return leg?.end ?? null;
  }

  get last(): ImagePoint | null {
    return this.legs.at(-1)?.end ?? null;
  }

  /** What a press at `to` would add; the way that was chosen stays chosen while it is on the same border. */
  aim(to: ImagePoint, follow: boolean): void {
    const [along, ways] = (follow && this.last ? this.findWays(this.last, to) : null) ?? [null, [[]]];
    const before = this.next;
    const way = before !== null && before.along === along ? before.way % ways.length : 0;
    this.next = { ways, way, end: to, along };
  }

  press(to: ImagePoint, follow: boolean): void {
    this.aim(to, follow);
    if (this.next) this.legs.push(this.next);
    this.next = null;
  }

  /** Vertices that were drawn freehand. */
  append(points: readonly ImagePoint[]): void {
    this.legs.push(...points.map((end): Leg => ({ ways: [[]], way: 0, end, along: null })));
    this.next = null;
  }

  removeLast(): void {
    this.legs.pop();
    this.next = null;
  }

  clear(): void {
    this.legs = [];
    this.next = null;
  }

  /** The other way round the border: of the leg that would be added, else of the latest one. False where there is none. */
  flip(): boolean {
    if (this.next && this.next.ways.length > 1) {
      this.next = turned(this.next);
      return true;
    }
    return this.flipLast();
  }

  flipLast(): boolean {
    const last = this.legs.at(-1);
    if (last === undefined || last.ways.length < 2) return false;
    this.legs = [...this.legs.slice(0, -1), turned(last)];
    this.next = null;
    return true;
  }

  sharedEnds(): SharedEnds {
    const ends = new Map<string, ImagePoint[]>();
    this.legs.forEach(({ along, end }, index) => {
      const start = this.legs[index - 1]?.end;
      if (along === null || start === undefined) return;
      ends.set(along, [...(ends.get(along) ?? []), start, end]);
    });
    return ends;
  }

  /** Ways along the border on which both points lie, the shorter one first, and straight on at last. */
  private findWays(from: ImagePoint, to: ImagePoint): readonly [string, Leg["ways"]] | null {
    if (distance(from, to) <= SAME) return null;
    for (const { id, shape } of this.editor.hits.shown(boxExpand([to.x, to.y, 0, 0], SAME))) {
      for (const border of shapeToBorders(shape)) {
        const [start, end] = [findBorderPlace(border, from, SAME), findBorderPlace(border, to, SAME)];
        if (start && end) return [id, withStraight(borderWays(border, start.place, end.place))];
      }
    }
    return null;
  }
}

function withStraight(ways: readonly (readonly Vertex[])[]): Leg["ways"] {
  const points = ways.map((way) => way.map(([x, y]): ImagePoint => ({ x, y })));
  return points.some((way) => way.length === 0) ? points : [...points, []];
}

function pointsOf({ ways, way, end }: Leg): readonly ImagePoint[] {
  return [...(ways[way] ?? []), end];
}

function turned(leg: Leg): Leg {
  return { ...leg, way: (leg.way + 1) % leg.ways.length };
}

/** Puts vertices into the objects where the outline leaves their borders, so that both have them. */
export function shareEnds(editor: EditorContext, ends: SharedEnds): void {
  for (const [id, points] of ends) {
    const record = editor.store.findAnnotation(id);
    if (!record || !editor.hits.isReachable(record)) continue;
    const shape = points.reduce(withVertex, record.shape);
    editor.edits.reshape(new Map([[id, shape]]));
  }
}

function withVertex(shape: Shape, point: ImagePoint): Shape {
  const util = shapeUtil(shape);
  if (util.handles(shape).some((handle) => distance(handle.point, point) <= SAME)) return shape;
  const place = util.findEdge(shape, point, SAME);
  return place ? util.insertVertex(shape, { ...place, point }).shape : shape;
}
