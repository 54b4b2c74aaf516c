import { afterEach, expect, test } from "vitest";
import {
  compareNames,
  formatAgo,
  formatBytes,
  formatCount,
  formatDay,
  formatDecimal,
  formatDuration,
  formatFigure,
  formatMetric,
  formatPercent,
  setLocale,
} from "./format";

afterEach(() => setLocale("en-GB"));

test("sizes keep three figures at most", () => {
  expect([999, 1000, 13_500_000, 375_000_000].map(formatBytes)).toEqual(["999 byte", "1.0 kB", "13.5 MB", "375 MB"]);
});

test("durations name the two largest units", () => {
  expect([0.4, 59.6, 61, 3720].map(formatDuration)).toEqual(["0 secs", "1 min 0 secs", "1 min 1 sec", "1 hr 2 mins"]);
});

test("a percentage that does not exist is a dash, not a zero", () => {
  expect([formatPercent(0.8766), formatPercent(0), formatPercent(null), formatPercent(Number.NaN)]).toEqual([
    "87.7%",
    "0.0%",
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

test("ticks need no trailing zeros, and small ones no row of leading ones", () => {
  expect([0, 0.5, 1234, 0.00002].map(formatFigure)).toEqual(["0", "0.5", "1234", "2.0e-5"]);
});

test("every figure follows the chosen language", () => {
  const day = Date.parse("2026-01-02");
  const figures = () => [formatCount(12_345), formatDecimal(0.5), formatPercent(0.8766), formatDay(day)];
  setLocale("de");
  expect(figures()).toEqual(["12.345", "0,50", "87,7\u00a0%", "2. Jan. 2026"]);
  expect([formatBytes(13_500_000), formatDuration(61), formatMetric(0.00002)]).toEqual([
    "13,5 MB",
    "1 Min. 1 Sek.",
    "2,0e-5",
  ]);
  expect(["Zelle", "Äste"].sort(compareNames)).toEqual(["Äste", "Zelle"]);
  setLocale("zh-CN");
  expect([formatDay(day), formatDuration(3720)]).toEqual(["2026年1月2日", "1小时 2分钟"]);
});

test("figures in Arabic text have the digits of the coordinates and keys beside them", () => {
  setLocale("ar-u-nu-latn");
  expect([formatCount(12_345), formatDecimal(0.5)]).toEqual(["12,345", "0.50"]);
});
