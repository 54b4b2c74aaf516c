/** The filters of a project's images as they stand in the address bar and in the API's query; knows no screen. */
import type { operations } from "./schema";

export interface ImageFilters {
  readonly class?: string;
  readonly state?: string;
  readonly tag?: string;
  readonly source?: string;
  readonly q?: string;
  readonly version?: string;
  readonly split?: string;
  readonly annotator?: string;
  readonly min_score?: string;
  readonly max_score?: string;
  readonly min_side?: string;
  readonly max_side?: string;
  readonly has_predictions?: string;
  readonly review?: string;
  readonly submitter?: string;
  readonly open_comments?: string;
  readonly ground_truth?: string;
  readonly with_class?: string;
  readonly type?: string;
  readonly object_size?: string;
  readonly cell?: string;
  readonly file_format?: string;
  readonly finding?: string;
  readonly min_width?: string;
  readonly max_width?: string;
  readonly min_height?: string;
  readonly max_height?: string;
  readonly min_aspect?: string;
  readonly max_aspect?: string;
  readonly min_objects?: string;
  readonly max_objects?: string;
  readonly min_covered?: string;
  readonly max_covered?: string;
  readonly min_object_aspect?: string;
  readonly max_object_aspect?: string;
  /** Nested rules, as `rulesToText` writes them. */
  readonly rules?: string;
  readonly order?: string;
}

export type FilterKey = keyof ImageFilters;

const KEYS: readonly FilterKey[] = [
  "class",
  "state",
  "tag",
  "source",
  "q",
  "version",
  "split",
  "annotator",
  "min_score",
  "max_score",
  "min_side",
  "max_side",
  "has_predictions",
  "review",
  "submitter",
  "open_comments",
  "ground_truth",
  "with_class",
  "type",
  "object_size",
  "cell",
  "file_format",
  "finding",
  "min_width",
  "max_width",
  "min_height",
  "max_height",
  "min_aspect",
  "max_aspect",
  "min_objects",
  "max_objects",
  "min_covered",
  "max_covered",
  "min_object_aspect",
  "max_object_aspect",
  "rules",
  "order",
];

/** Unknown keys of the address bar are left out, so an old link still opens. */
export function filtersFromSearch(search: URLSearchParams): ImageFilters {
  const filters: Partial<Record<FilterKey, string>> = {};
  for (const key of KEYS) {
    const value = search.get(key)?.trim();
    if (value) filters[key] = value;
  }
  if (filters.version === undefined) delete filters.split;
  return filters;
}

/** The same filters always give the same text, whatever order they were set in. */
export function filtersToSearch(filters: ImageFilters): URLSearchParams {
  const search = new URLSearchParams();
  for (const key of KEYS) {
    const value = filters[key];
    if (value !== undefined && value !== "") search.set(key, value);
  }
  return search;
}

/** `value` null clears the filter; a split without its version means nothing and goes with it. */
export function withFilter(filters: ImageFilters, key: FilterKey, value: string | null): ImageFilters {
  const next: Partial<Record<FilterKey, string>> = { ...filters };
  if (value === null || value === "") {
    Reflect.deleteProperty(next, key);
    if (key === "version") delete next.split;
  } else next[key] = value;
  return next;
}

/** A filter as the API writes it behind a finding or a bar: numbers, and keys without a value. */
export function filtersFromRecord(record: Readonly<Record<string, unknown>>): ImageFilters {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(record)) {
    if (typeof value === "string" || typeof value === "number") search.set(key, String(value));
  }
  return filtersFromSearch(search);
}

export type ImagesQuery = NonNullable<operations["projects_images_ids_retrieve"]["parameters"]["query"]>;

/** The server reads every value from text and says so if it cannot. */
export const filtersToQuery = (filters: ImageFilters): ImagesQuery => Object.fromEntries(filtersToSearch(filters));

/** How many filters narrow the list; the order does not. */
export const filterCount = (filters: ImageFilters): number =>
  KEYS.filter((key) => key !== "order" && filters[key] !== undefined).length;
