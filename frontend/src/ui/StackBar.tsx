/** One bar cut into labelled parts: progress of a project, a split, a class balance. */
import { Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { formatCount } from "./format";
import classes from "./StackBar.module.css";

export interface BarPart {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  readonly color: string;
}

export function StackBar({
  parts,
  total,
  label,
  height = 6,
  wrap,
}: {
  readonly parts: readonly BarPart[];
  readonly total?: number;
  readonly label: string;
  readonly height?: number;
  /** What fills a part, for example a link. */
  readonly wrap?: (part: BarPart) => ReactNode;
}) {
  const whole = total ?? parts.reduce((sum, part) => sum + part.value, 0);
  const text = parts.map((part) => `${part.label} ${formatCount(part.value)}`).join(", ");
  return (
    <div
      className={classes.bar}
      style={{ height }}
      role={wrap === undefined ? "img" : "group"}
      aria-label={`${label}: ${text}`}
    >
      {parts
        .filter((part) => part.value > 0)
        .map((part) => (
          <Tooltip key={part.key} label={`${part.label} · ${formatCount(part.value)}`}>
            <span style={{ width: `${(100 * part.value) / Math.max(1, whole)}%`, background: part.color }}>
              {wrap?.(part)}
            </span>
          </Tooltip>
        ))}
    </div>
  );
}
