/** Numbers on a grid as shades of the accent; a cell that has something is a link, and arrow keys go from one to the next. */
import { type CSSProperties, Fragment, type KeyboardEvent, useState } from "react";
import { Link, type To } from "react-router";
import { formatCompact } from "./format";
import classes from "./HeatMap.module.css";

export interface HeatCell {
  readonly value: number;
  /** Also the tip under the pointer. */
  readonly label: string;
  readonly to: To | null;
}

interface HeatMapProps {
  readonly label: string;
  readonly rows: readonly (readonly HeatCell[])[];
  /** Without names the cells lie side by side, as on a picture. */
  readonly rowNames?: readonly string[];
  readonly columnNames?: readonly string[];
  /** Width : height of the whole; without it each cell is as high as a line of a table. */
  readonly aspect?: number;
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};
const NAME_WIDTH = "minmax(40px, max-content)";
const LINE = 26;

export function HeatMap({ label, rows, rowNames, columnNames, aspect }: HeatMapProps) {
  const most = Math.max(1, ...rows.flatMap((row) => row.map((cell) => cell.value)));
  const columns = rows[0]?.length ?? 0;
  const first = rows.flatMap((row, at) => row.map((cell, column) => ({ cell, place: `${at},${column}` })));
  const [place, setPlace] = useState<string | null>(null);
  const current = place ?? first.find(({ cell }) => cell.to !== null)?.place;
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = STEPS[event.key];
    const from = (event.target as HTMLElement).dataset.place?.split(",").map(Number);
    if (step === undefined || from === undefined) return;
    event.preventDefault();
    let [row = 0, column = 0] = from;
    do {
      row += step[0];
      column += step[1];
    } while (rows[row]?.[column]?.to === null);
    event.currentTarget.querySelector<HTMLElement>(`[data-place="${row},${column}"]`)?.focus();
  };
  const named = rowNames !== undefined;
  return (
    <div
      className={classes.map}
      // Columns stand as on the picture, and as the arrow keys go.
      dir="ltr"
      role="group"
      aria-label={label}
      data-dense={aspect === undefined ? undefined : true}
      onKeyDown={move}
      style={{
        gap: aspect === undefined ? 2 : 0,
        gridTemplateColumns: `${named ? `${NAME_WIDTH} ` : ""}repeat(${columns}, minmax(0, 1fr))`,
        ...(aspect === undefined ? { gridAutoRows: `minmax(${LINE}px, auto)` } : { aspectRatio: aspect }),
      }}
    >
      {columnNames !== undefined && (
        <>
          {named && <span />}
          {columnNames.map((name) => (
            <span key={name} className={classes.column} title={name} dir="auto">
              {name}
            </span>
          ))}
        </>
      )}
      {rows.map((row, at) => (
        <Fragment key={at}>
          {named && (
            <span className={`${classes.row ?? ""} num`} title={rowNames[at]}>
              {rowNames[at]}
            </span>
          )}
          {row.map((cell, column) => (
            <Cell
              key={column}
              cell={cell}
              most={most}
              place={`${at},${column}`}
              reachable={`${at},${column}` === current}
              written={named}
              onFocus={setPlace}
            />
          ))}
        </Fragment>
      ))}
    </div>
  );
}

interface CellProps {
  readonly cell: HeatCell;
  readonly most: number;
  readonly place: string;
  /** By the Tab key: one cell of the map is, the arrows lead on. */
  readonly reachable: boolean;
  readonly written: boolean;
  readonly onFocus: (place: string) => void;
}

function Cell({ cell, most, place, reachable, written, onFocus }: CellProps) {
  if (cell.to === null) return <span className={classes.none} title={cell.label === "" ? undefined : cell.label} />;
  // The square root keeps what is rare visible beside what is frequent.
  const heat = 12 + 88 * Math.sqrt(cell.value / most);
  return (
    <Link
      to={cell.to}
      className={`${classes.cell ?? ""} num`}
      style={{ "--heat": `${heat.toFixed(0)}%` } as CSSProperties}
      data-strong={heat > 60 || undefined}
      data-place={place}
      title={cell.label}
      aria-label={cell.label}
      tabIndex={reachable ? 0 : -1}
      onFocus={() => onFocus(place)}
    >
      {written && formatCompact(cell.value)}
    </Link>
  );
}
