import { expect, test } from "vitest";
import {
  filterCount,
  filtersFromRecord,
  filtersFromSearch,
  filtersToQuery,
  filtersToSearch,
  withFilter,
} from "./imageFilters";

test("filters survive the way through the address bar", () => {
  const filters = { state: "annotated", class: "12", q: "cat & dog", order: "-created_at" };
  expect(filtersFromSearch(new URLSearchParams(filtersToSearch(filters).toString()))).toEqual(filters);
});

test("unknown and empty keys of an old link are left out", () => {
  expect(filtersFromSearch(new URLSearchParams("colour=red&state=&q=%20"))).toEqual({});
});

test("a split without a version is dropped, on reading and on clearing the version", () => {
  expect(filtersFromSearch(new URLSearchParams("split=val"))).toEqual({});
  expect(withFilter({ version: "3", split: "val", q: "a" }, "version", null)).toEqual({ q: "a" });
});

test("equal filters give equal text whatever order they were set in", () => {
  const one = withFilter(withFilter({}, "q", "a"), "class", "1");
  const two = withFilter(withFilter({}, "class", "1"), "q", "a");
  expect(filtersToSearch(one).toString()).toBe(filtersToSearch(two).toString());
});

test("the order is no filter when filters are counted, yet it reaches the query", () => {
  expect(filterCount({ order: "name", class: "1" })).toBe(1);
  expect(filtersToQuery({ order: "name", class: "1" })).toEqual({ class: "1", order: "name" });
});

test("a filter that the API wrote becomes the filter of the address bar", () => {
  expect(filtersFromRecord({ class: 3, min_aspect: 0.917004, max_objects: 0, version: null })).toEqual({
    class: "3",
    min_aspect: "0.917004",
    max_objects: "0",
  });
});
