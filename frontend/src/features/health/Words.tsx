/** Amounts by a word: source, state, file format, person. */
import { useTranslation } from "react-i18next";
import type { ImageState, Statistics, StatisticsBar } from "../../api/types";
import { useProjectId } from "../../parts/useProjectId";
import { BarRows } from "../../ui/BarRows";
import { imagesPath } from "./charts";
import classes from "./Statistics.module.css";

type Kind = "source" | "state" | "format";

/** Sources carry a detail behind a colon: `method:grabcut`. */
function useWord() {
  const { t } = useTranslation();
  return (kind: Kind, word: string): string => {
    if (kind === "state") return t(`imageState.${word as ImageState}`, word);
    if (kind === "format") return word;
    const [source = "", detail] = word.split(":", 2);
    const known = t(`source.${source as "human"}`, source);
    return detail === undefined ? known : `${known} · ${detail}`;
  };
}

interface WordsProps {
  readonly label: string;
  readonly kind: Kind;
  readonly bars: readonly StatisticsBar[];
}

export function Words({ label, kind, bars }: WordsProps) {
  const { t } = useTranslation();
  const project = useProjectId();
  const word = useWord();
  if (bars.length === 0) return <p className={classes.dim}>{t("statistics.noObjects")}</p>;
  return (
    <BarRows
      label={label}
      total={bars.reduce((sum, bar) => sum + bar.count, 0)}
      rows={bars.map((bar, index) => ({
        key: String(index),
        label: word(kind, bar.label ?? ""),
        value: bar.count,
        to: imagesPath(project, bar.filter, bar.count),
      }))}
    />
  );
}

export function People({ people }: { readonly people: Statistics["people"] }) {
  const { t } = useTranslation();
  const project = useProjectId();
  if (people.length === 0) return <p className={classes.dim}>{t("statistics.noObjects")}</p>;
  return (
    <BarRows
      label={t("statistics.people")}
      total={people.reduce((sum, person) => sum + person.count, 0)}
      rows={people.map((person, index) => ({
        key: String(index),
        label: person.label ?? t("statistics.nobody"),
        value: person.count,
        to: imagesPath(project, person.filter, person.count),
      }))}
    />
  );
}
