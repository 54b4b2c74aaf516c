/** Curves over a shared x axis, drawn by uPlot in the theme's colours; values under the cursor in the legend. */
import "uplot/dist/uPlot.min.css";
import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useLayoutEffect, useRef } from "react";
import uPlot from "uplot";
import { formatFigure } from "./format";
import classes from "./LineChart.module.css";

export interface Curve {
  readonly label: string;
  readonly color: string;
  /** One value for each x; null where the curve has none. */
  readonly values: readonly (number | null)[];
  readonly dashed?: boolean;
}

interface LineChartProps {
  readonly label: string;
  readonly x: readonly number[];
  readonly xLabel: string;
  readonly curves: readonly Curve[];
  readonly height?: number;
  /** Fixes the y axis; without it the data decide. */
  readonly yRange?: readonly [number, number];
  readonly xRange?: readonly [number, number];
  /** A vertical line, for instance the threshold. */
  readonly marker?: number;
  /** Of a value in the legend, and of a tick at the y axis. */
  readonly format?: (value: number) => string;
  readonly formatTick?: (value: number) => string;
  /** Of a value at the x axis and in the legend; ticks stay at whole numbers with it. */
  readonly formatX?: (value: number) => string;
}

const FONT = '11px "Inter Variable", system-ui, sans-serif';
const WHOLE_STEPS = [1, 2, 7, 14, 30, 60, 90, 180, 365, 730];

export function LineChart(props: LineChartProps) {
  const {
    label,
    x,
    xLabel,
    curves,
    height = 220,
    yRange,
    xRange,
    marker,
    format = formatFigure,
    formatTick = formatFigure,
    formatX,
  } = props;
  const { ref, width } = useElementSize();
  const host = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme("light");
  const plot = useRef<uPlot | null>(null);
  const markerRef = useRef(marker);
  const shape = `${scheme}|${xLabel}|${yRange?.join() ?? ""}|${xRange?.join() ?? ""}|${curves
    .map((curve) => curve.label + curve.color)
    .join("|")}`;
  const latest = useRef({ x, curves, format, formatTick, formatX });
  useLayoutEffect(() => {
    latest.current = { x, curves, format, formatTick, formatX };
    markerRef.current = marker;
  });

  useEffect(() => {
    if (host.current === null || width === 0) return;
    const style = getComputedStyle(document.documentElement);
    const dim = style.getPropertyValue("--dim").trim();
    const border = style.getPropertyValue("--border").trim();
    const accent = style.getPropertyValue("--accent").trim();
    const axis: uPlot.Axis = {
      stroke: dim,
      font: FONT,
      grid: { stroke: border, width: 1 },
      ticks: { show: false },
      gap: 4,
    };
    const chart = new uPlot(
      {
        width,
        height,
        legend: { live: true },
        cursor: { points: { size: 6 }, y: false },
        scales: {
          x: { time: false, ...(xRange === undefined ? {} : { range: [...xRange] as [number, number] }) },
          y: yRange === undefined ? {} : { range: [...yRange] as [number, number] },
        },
        axes: [
          {
            ...axis,
            label: xLabel,
            labelFont: FONT,
            labelSize: 18,
            size: 26,
            ...(latest.current.formatX === undefined
              ? {}
              : {
                  incrs: WHOLE_STEPS,
                  space: 90,
                  values: (_plot, splits) => splits.map((value) => latest.current.formatX?.(value) ?? ""),
                }),
          },
          { ...axis, size: 50, values: (_plot, splits) => splits.map((value) => latest.current.formatTick(value)) },
        ],
        series: [
          {
            label: xLabel,
            value: (_plot, value: number | null) =>
              value === null ? "–" : (latest.current.formatX ?? formatFigure)(value),
          },
          ...latest.current.curves.map((curve) => ({
            label: curve.label,
            stroke: curve.color,
            width: 1.6,
            spanGaps: true,
            points: { show: latest.current.x.length < 3 },
            ...(curve.dashed ? { dash: [5, 4] } : {}),
            value: (_plot: uPlot, value: number | null) => (value === null ? "–" : latest.current.format(value)),
          })),
        ],
        hooks: {
          draw: [(drawn) => drawMarker(drawn, markerRef.current, accent)],
          setCursor: [showLast],
        },
      },
      dataOf(latest.current.x, latest.current.curves),
      host.current,
    );
    plot.current = chart;
    return () => {
      chart.destroy();
      plot.current = null;
    };
    // The chart is built again when its series or colours change; data alone is set below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shape, width > 0, height]);

  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height });
  }, [width, height]);
  useEffect(() => {
    plot.current?.setData(dataOf(x, curves));
    if (plot.current !== null) showLast(plot.current);
  }, [x, curves]);
  useEffect(() => plot.current?.redraw(), [marker]);

  return (
    <div ref={ref} className={classes.chart} dir="ltr" role="img" aria-label={label}>
      <div ref={host} />
    </div>
  );
}

const dataOf = (x: readonly number[], curves: readonly Curve[]): uPlot.AlignedData => [
  [...x],
  ...curves.map((curve) => [...curve.values]),
];

/** Without a cursor the legend tells the latest value of each curve. */
function showLast(plot: uPlot): void {
  if (plot.cursor.idx !== null && plot.cursor.idx !== undefined) return;
  const last = plot.data.map((values) => {
    for (let index = values.length - 1; index >= 0; index -= 1) if (typeof values[index] === "number") return index;
    return null;
  });
  plot.setLegend({ idxs: last }, false);
}

function drawMarker(plot: uPlot, value: number | undefined, color: string): void {
  if (value === undefined) return;
  const left = plot.valToPos(value, "x", true);
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.setLineDash([4, 4]);
  ctx.beginPath();
  ctx.moveTo(left, bbox.top);
  ctx.lineTo(left, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}
