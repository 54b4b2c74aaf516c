/** The counters of the API as rows and grids to draw; pure. */
import { filtersFromRecord, filtersToSearch } from "../../api/imageFilters";
import type { StatisticsPair, StatisticsSize } from "../../api/types";
import { formatDay } from "../../ui/format";

/** The images behind a bar; null where there is nothing to show. */
export function imagesPath(
  project: number,
  filter: Readonly<Record<string, unknown>> | null,
  count = 1,
): string | null {
  if (filter === null || count === 0) return null;
  const search = filtersToSearch(filtersFromRecord(filter)).toString();
  return `/projects/${project}/images${search === "" ? "" : `?${search}`}`;
}

type Span = readonly [first: number, last: number];
const spanOf = (ends: readonly number[]): Span => [ends[0] ?? 0, ends[1] ?? 0];

export interface SizeGrid {
  readonly widths: readonly Span[];
  /** From the highest picture down, as an axis that points up. */
  readonly heights: readonly Span[];
  readonly rows: readonly (readonly (StatisticsSize | null)[])[];
}

const spans = (all: readonly Span[]): Span[] =>
  [...new Map(all.map((span) => [span[0], span])).values()].sort((one, two) => one[0] - two[0]);

/** Sizes as columns of widths and rows of heights, only those that occur. */
export function sizeGrid(sizes: readonly StatisticsSize[]): SizeGrid {
  const widths = spans(sizes.map((size) => spanOf(size.width)));
  const heights = spans(sizes.map((size) => spanOf(size.height))).reverse();
  const rows = heights.map(([height]) =>
    widths.map(([width]) => sizes.find((size) => size.width[0] === width && size.height[0] === height) ?? null),
  );
  return { widths, heights, rows };
}

export interface PairGrid {
  readonly classes: readonly number[];
  /** Half of a symmetric table: row below column, null elsewhere. */
  readonly rows: readonly (readonly (StatisticsPair | null)[])[];
  readonly isCut: boolean;
}

/** The classes that meet others most, and how many images hold both of each two. */
export function pairGrid(pairs: readonly StatisticsPair[], most: number): PairGrid {
  const weights = new Map<number, number>();
  for (const pair of pairs) {
    for (const key of pair.classes) weights.set(key, (weights.get(key) ?? 0) + pair.count);
  }
  const sorted = [...weights].sort((one, two) => two[1] - one[1] || one[0] - two[0]).map(([key]) => key);
  const classes = sorted.slice(0, most);
  const found = new Map(pairs.map((pair) => [[...pair.classes].sort((one, two) => one - two).join(), pair]));
  const rows = classes.map((row, at) =>
    classes.map((column, place) =>
      place < at ? (found.get([row, column].sort((one, two) => one - two).join()) ?? null) : null,
    ),
  );
  return { classes, rows, isCut: sorted.length > most };
}

const DAY_MS = 86_400_000;

/** Days since 1970 of a date, for the axis of a curve. */
export const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);

export const dayLabel = (day: number): string => formatDay(day * DAY_MS);
