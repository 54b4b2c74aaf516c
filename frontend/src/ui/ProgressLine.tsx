/** Work under way: a bar, what is done of what, and nothing that pretends to know more. */
import { Progress } from "@mantine/core";
import { formatBytes, formatCount } from "./format";
import classes from "./ProgressLine.module.css";

const BYTES = "bytes";

export function ProgressLine({
  label,
  done,
  total,
  unit,
  tone = "accent",
}: {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly tone?: "accent" | "good" | "bad" | "dim";
}) {
  const known = total > 0;
  const percent = known ? Math.min(100, (100 * done) / total) : 100;
  return (
    <div className={classes.line}>
      <Progress.Root size={5} className={classes.bar ?? ""}>
        <Progress.Section
          value={percent}
          color={`var(--${tone})`}
          animated={!known && tone === "accent"}
          striped={!known && tone === "accent"}
          aria-label={label}
        />
      </Progress.Root>
      {known && (
        <span className="num">
          {unit === BYTES
            ? `${formatBytes(done)} / ${formatBytes(total)}`
            : `${formatCount(done)} / ${formatCount(total)} ${unit}`}
        </span>
      )}
    </div>
  );
}
