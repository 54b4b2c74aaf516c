/** Bars of equal width over 0 to 1, with what lies right of a threshold told apart. */
import { Tooltip } from "@mantine/core";
import { formatCount, formatDecimal } from "./format";
import classes from "./Histogram.module.css";

interface HistogramProps {
  readonly label: string;
  readonly bins: readonly number[];
  readonly threshold: number;
}

export function Histogram({ label, bins, threshold }: HistogramProps) {
  const top = Math.max(1, ...bins);
  return (
    <div className={classes.histogram} dir="ltr" role="img" aria-label={label}>
      <div className={classes.bars}>
        {bins.map((value, index) => {
          const from = index / bins.length;
          const to = (index + 1) / bins.length;
          return (
            <Tooltip
              key={index}
              label={`${formatDecimal(from)} – ${formatDecimal(to)} · ${formatCount(value)}`}
              openDelay={0}
            >
              <span data-above={from >= threshold - 1e-9 || undefined}>
                <i style={{ height: value === 0 ? 0 : `${Math.max(2, (100 * value) / top)}%` }} />
              </span>
            </Tooltip>
          );
        })}
        <em style={{ left: `${threshold * 100}%` }} />
      </div>
      <div className={`${classes.axis ?? ""} num`} aria-hidden>
        {["0", "0.25", "0.5", "0.75", "1"].map((tick) => (
          <span key={tick}>{tick}</span>
        ))}
      </div>
    </div>
  );
}
