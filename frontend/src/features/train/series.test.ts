import { expect, test } from "vitest";
import type { MetricPoint } from "../../api/types";
import { chartsOf } from "./series";

let id = 0;
const point = (name: string, step: number, value: number): MetricPoint => ({ id: ++id, epoch: 1, step, name, value });

test("losses, quality and learning rate get their own chart, in that order", () => {
  const charts = chartsOf([
    point("lr", 1, 0.001),
    point("val/ap50", 1, 0.5),
    point("train/loss", 1, 2),
    point("val/loss", 2, 1),
  ]);
  expect(charts.map((chart) => [chart.key, chart.series.map((series) => series.name)])).toEqual([
    ["loss", ["train/loss", "val/loss"]],
    ["quality", ["val/ap50"]],
    ["rate", ["lr"]],
  ]);
});

test("series of one chart share their steps, with gaps where a series has no value", () => {
  const [chart] = chartsOf([point("train/loss", 2, 3), point("train/loss", 1, 4), point("val/loss", 2, 5)]);
  expect(chart?.steps).toEqual([1, 2]);
  expect(chart?.series.map((series) => series.values)).toEqual([
    [4, 3],
    [null, 5],
  ]);
});

test("after a resume the later value of a step holds, and a value that is no number leaves no point", () => {
  const [chart] = chartsOf([point("train/loss", 1, 4), point("train/loss", 1, 2), point("train/loss", 2, Number.NaN)]);
  expect(chart?.series[0]?.values).toEqual([2]);
});

test("a long run is thinned, yet no epoch value is lost", () => {
  const dense = Array.from({ length: 10_000 }, (_, step) => point("train/loss", step, 1));
  const [chart] = chartsOf([...dense, point("val/loss", 4999, 7)]);
  expect(chart?.steps.length).toBeLessThanOrEqual(2001);
  expect(chart?.series[1]?.values.filter((value) => value !== null)).toEqual([7]);
});
