/** One bar with two handles that cuts a whole into three shares. */
import { RangeSlider } from "@mantine/core";
import classes from "./SplitSlider.module.css";

export interface Share {
  readonly key: string;
  readonly label: string;
  readonly color: string;
}

interface SplitSliderProps {
  /** Where the two cuts lie, in percent. */
  readonly cuts: readonly [number, number];
  readonly onChange: (cuts: [number, number]) => void;
  readonly shares: readonly [Share, Share, Share];
  readonly fromLabel: string;
  readonly toLabel: string;
}

export const sharesOf = ([first, second]: readonly [number, number]): [number, number, number] => [
  first,
  second - first,
  100 - second,
];

export function SplitSlider({ cuts, onChange, shares, fromLabel, toLabel }: SplitSliderProps) {
  const parts = sharesOf(cuts);
  return (
    <div className={classes.slider}>
      <div className={classes.legend}>
        {shares.map((share, index) => (
          <span key={share.key} className="num">
            <i style={{ background: share.color }} /> {share.label} <b>{parts[index]} %</b>
          </span>
        ))}
      </div>
      <div className={classes.track}>
        {shares.map((share, index) => (
          <span key={share.key} style={{ width: `${parts[index] ?? 0}%`, background: share.color }} />
        ))}
        <RangeSlider
          className={classes.handles ?? ""}
          value={[cuts[0], cuts[1]]}
          onChange={onChange}
          min={0}
          max={100}
          minRange={0}
          step={1}
          label={null}
          size={8}
          thumbFromLabel={fromLabel}
          thumbToLabel={toLabel}
          styles={{ bar: { background: "transparent" }, track: { "--track-bg": "transparent" } }}
        />
      </div>
    </div>
  );
}
