/** Bars beside each other, each with its name and value in a tip; a bar may be a link. */
import { Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./BarChart.module.css";
import { formatCount } from "./format";

export interface Bar {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  readonly color?: string;
}

interface BarChartProps {
  readonly label: string;
  readonly bars: readonly Bar[];
  readonly height?: number;
  /** Wraps what is drawn for a bar, for example in a link. */
  readonly wrap?: (bar: Bar, drawn: ReactNode) => ReactNode;
}

export function BarChart({ label, bars, height = 96, wrap = (_, drawn) => drawn }: BarChartProps) {
  const top = Math.max(1, ...bars.map((bar) => bar.value));
  return (
    <div className={classes.chart} dir="ltr" role="group" aria-label={label}>
      <div className={classes.bars} style={{ height }}>
        {bars.map((bar) => (
          <Tooltip key={bar.key} label={`${bar.label} · ${formatCount(bar.value)}`} openDelay={0}>
            <span className={classes.slot}>
              {wrap(
                bar,
                <i
                  style={{
                    height: bar.value === 0 ? 0 : `${Math.max(2, (100 * bar.value) / top)}%`,
                    background: bar.color,
                  }}
                />,
              )}
            </span>
          </Tooltip>
        ))}
      </div>
      <div className={`${classes.axis ?? ""} num`} aria-hidden>
        <span>{bars[0]?.label}</span>
        {bars.length > 1 && <span>{bars.at(-1)?.label}</span>}
      </div>
    </div>
  );
}
