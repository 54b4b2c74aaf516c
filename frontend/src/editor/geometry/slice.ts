/**
 * Owns the cut along an open line. The plane is divided by the line, carried on straight beyond its ends; pieces that only
 * this carrying on has parted are one again, so a line cuts what it was drawn through and nothing else.
 */

import { boxCenter } from "./box";
import { direction, directionAngle } from "./direction";
import { distance, type Point, type Vertex } from "./point";
import { partContains, partRings, partsArea, ringBounds, type PolygonPart, type Ring } from "./polygon";

type Parts = readonly PolygonPart[];

/** Degrees between two vertices of the way round. */
const ROUND_STEP = 20;
const SAMPLES = 8;

/** What lies on one side of the line, as a ring that reaches beyond `parts` everywhere. */
export function lineToSide(line: readonly Point[], parts: Parts): Ring {
  const [start, end] = reach(line, parts);
  const center = boxCenter(ringBounds(parts.flatMap(({ outer }) => outer)));
  const [from, to] = [directionAngle(center, end), directionAngle(center, start)];
  const turn = (((to - from) % 360) + 360) % 360;
  const radius = Math.min(distance(center, start), distance(center, end));
  const steps = Math.floor(turn / ROUND_STEP);
  const round = Array.from({ length: steps }, (_, index): Vertex => {
    const { x, y } = direction(from + ((index + 0.5) * turn) / steps);
    return [center.x + radius * x, center.y + radius * y];
  });
  return [start, ...line, end].map(({ x, y }): Vertex => [x, y]).concat(round);
}

/**
 * Which of the pieces on the two sides of the line become another object; null when the line parts nothing. `whole` is what
 * was cut, `gap` in pixels how far the pieces may lie from the line.
 */
export function partedPieces(
  whole: Parts,
  sides: readonly [Parts, Parts],
  line: readonly Point[],
  gap: number,
): PolygonPart[] | null {
  const pieces = sides.flat();
  const roots = pieces.map((_, index) => index);
  const find = (index: number): number => {
    const root = roots[index] ?? index;
    return root === index ? index : find(root);
  };
  const at = (point: Point): number => pieces.findIndex((piece) => partContains(piece, point));
  for (const [left, right] of carriedOn(line, whole, gap)) {
    const [one, other] = [at(left), at(right)];
    if (one !== -1 && other !== -1) roots[find(one)] = find(other);
  }
  const first = new Set(sides[0].map((_, index) => find(index)));
  const isParted = (index: number): boolean => index >= sides[0].length && !first.has(find(index));
  const parted = pieces.filter((_, index) => isParted(index));
  return parted.length > 0 && parted.length < pieces.length ? parted : beside(pieces, find);
}

/** Both sides hang together somewhere: all but the largest of what is still parted. */
function beside(pieces: Parts, find: (index: number) => number): PolygonPart[] | null {
  const groups = new Map<number, PolygonPart[]>();
  pieces.forEach((piece, index) => groups.set(find(index), [...(groups.get(find(index)) ?? []), piece]));
  const [, ...others] = [...groups.values()].sort((a, b) => partsArea(b) - partsArea(a));
  return others.length > 0 && groups.size < pieces.length ? others.flat() : null;
}

/** Pairs of points left and right of the line's straight continuations, where these run inside `whole`. */
function* carriedOn(line: readonly Point[], whole: Parts, gap: number): Generator<readonly [Point, Point]> {
  const [start, end] = reach(line, whole);
  const ends = [
    [line[0], start],
    [line.at(-1), end],
  ] as const;
  for (const [from, to] of ends) {
    if (!from) continue;
    const { x, y } = direction(directionAngle(from, to));
    const places = [0, ...crossings(from, to, whole), 1];
    for (let index = 1; index < places.length; index += 1) {
      const [low, high] = [places[index - 1] ?? 0, places[index] ?? 1];
      for (let sample = 0; sample < SAMPLES; sample += 1) {
        const at = low + ((sample + 0.5) / SAMPLES) * (high - low);
        const point = { x: from.x + at * (to.x - from.x), y: from.y + at * (to.y - from.y) };
        if (!whole.some((part) => partContains(part, point))) break;
        yield [
          { x: point.x + gap * y, y: point.y - gap * x },
          { x: point.x - gap * y, y: point.y + gap * x },
        ];
      }
    }
  }
}

/** Where the way from `a` (0) to `b` (1) crosses an outline, ascending. */
function crossings(a: Point, b: Point, parts: Parts): number[] {
  const found: number[] = [];
  for (const ring of parts.flatMap((part) => partRings(part))) {
    ring.forEach(([x, y], index) => {
      const [nextX, nextY] = ring[(index + 1) % ring.length] ?? [x, y];
      const across = (b.x - a.x) * (nextY - y) - (b.y - a.y) * (nextX - x);
      if (across === 0) return;
      const at = ((x - a.x) * (nextY - y) - (y - a.y) * (nextX - x)) / across;
      const along = ((x - a.x) * (b.y - a.y) - (y - a.y) * (b.x - a.x)) / across;
      if (at > 0 && at < 1 && along >= 0 && along <= 1) found.push(at);
    });
  }
  return found.sort((one, other) => one - other);
}

/** The line's ends carried on until they are well outside. */
function reach(line: readonly Point[], parts: Parts): readonly [Point, Point] {
  const [left, top, width, height] = ringBounds(parts.flatMap(({ outer }) => outer));
  const middle = boxCenter([left, top, width, height]);
  const far = 2 * (width + height) + Math.max(...line.map((point) => 2 * distance(point, middle)), 1);
  const carry = (from: Point | undefined, to: Point | undefined): Point => {
    const { x, y } = direction(directionAngle(from ?? middle, to ?? middle));
    return { x: (to ?? middle).x + far * x, y: (to ?? middle).y + far * y };
  };
  return [carry(line[1], line[0]), carry(line.at(-2), line.at(-1))];
}
