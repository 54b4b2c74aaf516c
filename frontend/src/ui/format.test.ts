import { expect, test } from "vitest";
import { formatAgo, formatBytes, formatDuration, formatMetric, formatPercent } from "./format";

test("sizes keep three figures at most", () => {
  expect([999, 1000, 13_500_000, 375_000_000].map(formatBytes)).toEqual(["999 B", "1.0 kB", "13.5 MB", "375 MB"]);
});

test("durations name the two largest units", () => {
  expect([0.4, 59.6, 61, 3720].map(formatDuration)).toEqual(["0 s", "1 min 00 s", "1 min 01 s", "1 h 02 min"]);
});

test("a percentage that does not exist is a dash, not a zero", () => {
  expect([formatPercent(0.8766), formatPercent(0), formatPercent(null), formatPercent(Number.NaN)]).toEqual([
    "87.7 %",
    "0.0 %",
    "–",
    "–",
  ]);
});

test("times long past are told in their largest unit", () => {
  const now = Date.parse("2026-01-02T00:00:00Z");
  expect(formatAgo("2026-01-01T23:59:40Z", now)).toBe("now");
  expect(formatAgo("2026-01-01T20:59:00Z", now)).toBe("3 hours ago");
});

test("metrics are short whatever their size", () => {
  expect([0, 0.00002, 0.87654321, 12.3456, 345.6].map(formatMetric)).toEqual(["0", "2.0e-5", "0.8765", "12.35", "346"]);
});
