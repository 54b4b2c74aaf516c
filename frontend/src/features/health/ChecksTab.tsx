/** The checks on the left, what the chosen one found on the right. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import type { Health, Severity } from "../../api/types";
import { localised } from "../../i18n/localised";
import { formatCount } from "../../ui/format";
import { CheckPanel } from "./CheckPanel";
import { bySeverity, hasSeverity } from "./checks";
import classes from "./Health.module.css";
import { SEVERITIES, SeverityIcon } from "./SeverityBadge";

export function ChecksTab({ health }: { readonly health: Health }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const [severity, setSeverity] = useState<Severity | null>(null);
  const sorted = bySeverity(health.checks);
  const shown = sorted.filter((check) => hasSeverity(check, severity));
  const chosen = health.checks.find((check) => check.key === search.get("check")) ?? sorted[0];
  return (
    <div className={classes.checks}>
      <aside className={classes.side}>
        <div className={classes.summary} role="group" aria-label={t("health.summary")}>
          {SEVERITIES.map((grade) => (
            <button
              key={grade}
              type="button"
              aria-pressed={severity === grade}
              aria-label={t("health.onlySeverity", { severity: t(`health.severity.${grade}`) })}
              disabled={health.summary[grade] === 0}
              onClick={() => setSeverity(severity === grade ? null : grade)}
            >
              <b className="num">{formatCount(health.summary[grade])}</b>
              <span>
                <SeverityIcon severity={grade} size={13} /> {t(`health.severity.${grade}`)}
              </span>
            </button>
          ))}
        </div>
        <ul className={classes.list} aria-label={t("health.list")}>
          {shown.map((check) => (
            <li key={check.key}>
              <button
                type="button"
                title={localised(check.description)}
                aria-current={check.key === chosen?.key}
                data-well={check.count === 0 || undefined}
                onClick={() => setSearch({ check: check.key })}
              >
                <SeverityIcon severity={check.severity} />
                <b>{localised(check.title)}</b>
                <em className="num">{check.count === 0 ? "" : formatCount(check.count)}</em>
              </button>
            </li>
          ))}
        </ul>
        {shown.length === 0 && <p className={classes.none}>{t("health.noneOfSeverity")}</p>}
      </aside>
      {chosen !== undefined && (
        <CheckPanel key={chosen.key} check={chosen} asOf={`${health.revision ?? 0} ${health.computed_at ?? ""}`} />
      )}
    </div>
  );
}
