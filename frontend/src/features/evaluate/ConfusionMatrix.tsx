/** Truth in rows, prediction in columns, background as the last of both; each cell opens the objects behind it. */
import { Tooltip, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Evaluation } from "../../api/types";
import { formatCompact, formatCount } from "../../ui/format";
import classes from "./Evaluate.module.css";
import { useLabelName } from "./useLabelName";

export interface Cell {
  readonly truth: string;
  readonly predicted: string;
}

interface ConfusionMatrixProps {
  readonly evaluation: Evaluation;
  readonly chosen: Cell | null;
  readonly onChoose: (cell: Cell) => void;
}

export function ConfusionMatrix({ evaluation, chosen, onChoose }: ConfusionMatrixProps) {
  const { t } = useTranslation();
  const { labels, matrix } = evaluation.confusion;
  const name = useLabelName();
  return (
    <div className={classes.matrixScroll}>
      <table className={`${classes.matrix ?? ""} num`} aria-label={t("evaluation.confusion")}>
        <thead>
          <tr>
            <th scope="col" className={classes.corner}>
              {t("evaluation.corner")}
            </th>
            {labels.map((label) => (
              <th key={label} scope="col" title={name(label)}>
                <span>{name(label)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((truth, row) => (
            <tr key={truth}>
              <th scope="row" title={name(truth)}>
                {name(truth)}
              </th>
              {labels.map((predicted, column) => (
                <MatrixCell
                  key={predicted}
                  value={matrix[row]?.[column] ?? 0}
                  total={(matrix[row] ?? []).reduce((sum, value) => sum + value, 0)}
                  right={truth === predicted && truth !== "background"}
                  impossible={truth === "background" && predicted === "background"}
                  chosen={chosen?.truth === truth && chosen.predicted === predicted}
                  label={t("evaluation.cell", {
                    value: formatCount(matrix[row]?.[column] ?? 0),
                    truth: name(truth),
                    predicted: name(predicted),
                  })}
                  onChoose={() => onChoose({ truth, predicted })}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface MatrixCellProps {
  readonly value: number;
  readonly total: number;
  readonly right: boolean;
  readonly impossible: boolean;
  readonly chosen: boolean;
  readonly label: string;
  readonly onChoose: () => void;
}

function MatrixCell({ value, total, right, impossible, chosen, label, onChoose }: MatrixCellProps) {
  if (impossible) return <td />;
  // The square root lets a handful of errors among thousands of hits still be seen.
  const share = total === 0 ? 0 : Math.sqrt(value / total);
  const color = right ? "var(--good)" : "var(--bad)";
  return (
    <td>
      <Tooltip label={label}>
        <UnstyledButton
          className={classes.cell ?? ""}
          aria-label={label}
          data-chosen={chosen || undefined}
          data-empty={value === 0 || undefined}
          disabled={value === 0}
          onClick={onChoose}
          style={{ background: `color-mix(in srgb, ${color} ${Math.round(share * 50)}%, var(--sunken))` }}
        >
          {formatCompact(value)}
        </UnstyledButton>
      </Tooltip>
    </td>
  );
}
