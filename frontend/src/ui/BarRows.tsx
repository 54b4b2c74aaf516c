/** Named amounts below each other, the longest bar for the largest; a row may be a link. */
import { Link, type To } from "react-router";
import { formatCount, formatPercent } from "./format";
import classes from "./BarRows.module.css";
import { Swatch } from "./Swatch";

export interface BarRow {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  readonly color?: string;
  readonly to?: To | null;
}

interface BarRowsProps {
  readonly label: string;
  readonly rows: readonly BarRow[];
  /** Shares of this are written beside the amounts. */
  readonly total?: number;
}

export function BarRows({ label, rows, total }: BarRowsProps) {
  const top = Math.max(1, ...rows.map((row) => row.value));
  return (
    <ul className={`${classes.rows ?? ""} num`} aria-label={label}>
      {rows.map((row) => {
        const drawn = (
          <>
            <span className={classes.name} title={row.label}>
              {row.color !== undefined && <Swatch color={row.color} />}
              {row.label}
            </span>
            <span className={classes.track}>
              <i style={{ width: `${(100 * row.value) / top}%`, background: row.color }} />
            </span>
            <span className={classes.value}>
              {formatCount(row.value)}
              {total !== undefined && total > 0 && ` · ${formatPercent(row.value / total)}`}
            </span>
          </>
        );
        return (
          <li key={row.key}>
            {row.to == null || row.value === 0 ? (
              <span className={classes.row}>{drawn}</span>
            ) : (
              <Link to={row.to} className={classes.row ?? ""}>
                {drawn}
              </Link>
            )}
          </li>
        );
      })}
    </ul>
  );
}
