/** Which objects the list shows and in what order; pure. */
import { type AnnotationRecord, type ClassRecord, shapeUtil } from "../../../editor";
import { compareNames } from "../../../ui/format";

export const SORT_KEYS = ["order", "class", "area", "score", "source"] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface Sorting {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** The front ones first, as they lie over each other. */
export const FRONT_FIRST: Sorting = { key: "order", descending: true };

export interface ObjectEntry {
  readonly object: AnnotationRecord;
  /** Position in the drawing order, from 1. */
  readonly number: number;
  readonly name: string;
  readonly color: string;
}

const NO_COLOR = "#8a8f98";

/** `objects` in drawing order. */
export function entriesOf(objects: readonly AnnotationRecord[], all: readonly ClassRecord[]): readonly ObjectEntry[] {
  const classOf = new Map(all.map((item) => [item.classId, item]));
  return objects.map((object, index) => {
    const owner = classOf.get(object.classId);
    return { object, number: index + 1, name: owner?.name ?? "?", color: owner?.color ?? NO_COLOR };
  });
}

const areas = new WeakMap<object, number>();

/** Square pixels. Shapes never change, so each is measured once. */
export function areaOf({ shape }: AnnotationRecord): number {
  const known = areas.get(shape);
  if (known !== undefined) return known;
  const area = shapeUtil(shape).area(shape);
  areas.set(shape, area);
  return area;
}

/** Nothing for what an object does not have: those come last in both directions. */
const COMPARED: Readonly<Record<SortKey, (entry: ObjectEntry) => number | string | null>> = {
  order: ({ number }) => number,
  class: ({ name }) => name,
  area: ({ object }) => areaOf(object),
  score: ({ object }) => object.score,
  source: ({ object }) => object.source,
};

/** Among equals, the front ones first. */
export function sorted(entries: readonly ObjectEntry[], { key, descending }: Sorting): readonly ObjectEntry[] {
  const value = COMPARED[key];
  const keyed = entries.map((entry) => ({ entry, value: value(entry) }));
  keyed.sort((a, b) => {
    const known = Number(a.value === null) - Number(b.value === null);
    const order = known === 0 ? (descending ? -1 : 1) * compare(a.value, b.value) : known;
    return order === 0 ? b.entry.number - a.entry.number : order;
  });
  return keyed.map(({ entry }) => entry);
}

function compare(a: number | string | null, b: number | string | null): number {
  if (typeof a === "string" && typeof b === "string") return compareNames(a, b);
  return Number(a) - Number(b);
}

/** Every word has to occur in the class, the number, the shape, the source or an attribute. */
export function searched(entries: readonly ObjectEntry[], text: string): readonly ObjectEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return entries;
  return entries.filter(({ object, name, number }) => {
    const attributes = Object.entries(object.attributes).flat();
    const content = [name, number, object.shape.type, object.source, ...attributes].join(" ").toLowerCase();
    return words.every((word) => content.includes(word));
  });
}

/** Ids from one entry to another, both included, in whichever direction; only `to` where the list does not hold `from`. */
export function between(entries: readonly ObjectEntry[], from: string | null, to: string): readonly string[] {
  const [start, end] = [indexOf(entries, from), indexOf(entries, to)];
  if (start < 0 || end < 0) return [to];
  return entries.slice(Math.min(start, end), Math.max(start, end) + 1).map(({ object }) => object.id);
}

export const indexOf = (entries: readonly ObjectEntry[], id: string | null | undefined): number =>
  entries.findIndex(({ object }) => object.id === id);

const MOVES: Readonly<Record<string, (at: number, last: number, page: number) => number>> = {
  ArrowUp: (at) => at - 1,
  ArrowDown: (at) => at + 1,
  PageUp: (at, _, page) => at - page,
  PageDown: (at, _, page) => at + page,
  Home: () => 0,
  End: (_, last) => last,
};

/** Where a key leads in a list of `count` rows; null for keys that lead nowhere. Before the first: -1. */
export function moved(key: string, at: number, count: number, page: number): number | null {
  const move = MOVES[key];
  if (move === undefined || count === 0) return null;
  return Math.min(Math.max(move(at, count - 1, page), 0), count - 1);
}
