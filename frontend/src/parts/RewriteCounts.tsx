/** What a revert or restore does or did, by noun: 3 added, 1 removed. */
import { useTranslation } from "react-i18next";
import type { NounCounts } from "../api/types";
import { formatCount } from "../ui/format";
import classes from "./RewriteCounts.module.css";

const NOUNS = ["objects", "images", "classes"] as const;
const DIRECTIONS = ["added", "removed", "changed"] as const;

type Counts = Readonly<Record<(typeof NOUNS)[number], NounCounts>>;

export function RewriteCounts({ counts }: { readonly counts: Counts }) {
  const { t } = useTranslation();
  return (
    <dl className={`${classes.counts ?? ""} num`}>
      {NOUNS.map((noun) => {
        const parts = DIRECTIONS.filter((direction) => counts[noun][direction] > 0).map((direction) =>
          t(`rewrite.${direction}`, { value: formatCount(counts[noun][direction]) }),
        );
        return (
          <div key={noun} data-none={parts.length === 0 || undefined}>
            <dt>{t(`activity.${noun}`)}</dt>
            <dd>{parts.length === 0 ? t("rewrite.none") : parts.join(", ")}</dd>
          </div>
        );
      })}
    </dl>
  );
}
