/** The skeleton of a class while it is drawn; pure. Places go from 0 to 1 in both directions. */

export type SkeletonMode = "points" | "edges" | "mirrored";
type Pair = readonly [number, number];
export type PairField = "edges" | "mirrored";

export interface SkeletonDraft {
  readonly points: readonly { readonly name: string; readonly x: number; readonly y: number }[];
  readonly edges: readonly Pair[];
  readonly mirrored: readonly Pair[];
}

type Json = Readonly<Record<string, unknown>>;

/** Points without places, as files bring them, stand on a circle. */
export function skeletonToDraft(skeleton: Json): SkeletonDraft {
  const names = (skeleton.points ?? []) as readonly string[];
  const places = skeleton.places as readonly Pair[] | undefined;
  return {
    points: names.map((name, index) => {
      const turn = (2 * Math.PI * index) / names.length;
      const [x, y] = places?.[index] ?? [round(0.5 + 0.4 * Math.sin(turn)), round(0.5 - 0.4 * Math.cos(turn))];
      return { name, x, y };
    }),
    edges: (skeleton.edges ?? []) as readonly Pair[],
    mirrored: (skeleton.mirrored ?? []) as readonly Pair[],
  };
}

/** The places fill the square, so that a dragged box is the box of the points. */
export function draftToSkeleton({ points, edges, mirrored }: SkeletonDraft): Record<string, unknown> {
  if (points.length === 0) return {};
  const [across, down] = [spread(points.map(({ x }) => x)), spread(points.map(({ y }) => y))];
  return {
    points: points.map(({ name }) => name.trim()),
    edges,
    ...(mirrored.length > 0 ? { mirrored } : {}),
    ...(points.length > 1 ? { places: points.map(({ x, y }) => [across(x), down(y)]) } : {}),
  };
}

export function addPoint(draft: SkeletonDraft, name: string, x: number, y: number): SkeletonDraft {
  return { ...draft, points: [...draft.points, { name, x: round(x), y: round(y) }] };
}

export function movePoint(draft: SkeletonDraft, at: number, x: number, y: number): SkeletonDraft {
  return {
    ...draft,
    points: draft.points.map((point, index) => (index === at ? { ...point, x: round(x), y: round(y) } : point)),
  };
}

export function renamePoint(draft: SkeletonDraft, at: number, name: string): SkeletonDraft {
  return { ...draft, points: draft.points.map((point, index) => (index === at ? { ...point, name } : point)) };
}

/** Pairs that it was part of go with it; those of later points follow. */
export function removePoint(draft: SkeletonDraft, at: number): SkeletonDraft {
  const shift = (end: number): number => (end > at ? end - 1 : end);
  const without = (pairs: readonly Pair[]): readonly Pair[] =>
    pairs.filter((pair) => !pair.includes(at)).map(([from, to]): Pair => [shift(from), shift(to)]);
  return {
    points: draft.points.filter((_, index) => index !== at),
    edges: without(draft.edges),
    mirrored: without(draft.mirrored),
  };
}

/** Joins two points, or parts them again. In a mirror each point changes places with one other at most. */
export function togglePair(draft: SkeletonDraft, field: PairField, from: number, to: number): SkeletonDraft {
  if (from === to) return draft;
  const same = (pair: Pair): boolean => pair.includes(from) && pair.includes(to);
  const kept = draft[field].filter((pair) => !same(pair));
  if (kept.length < draft[field].length) return { ...draft, [field]: kept };
  const others = field === "mirrored" ? kept.filter((pair) => !pair.includes(from) && !pair.includes(to)) : kept;
  return { ...draft, [field]: [...others, [from, to]] };
}

function spread(values: readonly number[]): (value: number) => number {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return (value) => (high > low ? round((value - low) / (high - low)) : 0.5);
}

function round(value: number): number {
  return Math.round(Math.min(Math.max(value, 0), 1) * 1000) / 1000;
}
