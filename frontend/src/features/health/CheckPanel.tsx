/** One check: what it is for, its thresholds and rules, its findings, and the acts on all of them. */
import { Button } from "@mantine/core";
import { IconEyeOff, IconPhoto } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import type { HealthCheck, HealthRule } from "../../api/types";
import { localised } from "../../i18n/localised";
import { useProjectId } from "../../parts/useProjectId";
import { formatCount } from "../../ui/format";
import { FindingGrid } from "./FindingGrid";
import { FixMenu } from "./FixMenu";
import classes from "./Health.module.css";
import { IgnoreButton } from "./IgnoreButton";
import { SeverityBadge, SeverityIcon } from "./SeverityBadge";
import { ThresholdEditor } from "./ThresholdEditor";

interface CheckPanelProps {
  readonly check: HealthCheck;
  readonly asOf: string;
}

export function CheckPanel({ check, asOf }: CheckPanelProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const [ignored, setIgnored] = useState(false);
  const code = check.rules.some((rule) => rule.code === search.get("code")) ? search.get("code") : null;
  const rule = check.rules.find((item) => item.code === code && (ignored ? item.ignored : item.count) > 0);
  return (
    <section className={classes.panel} aria-label={localised(check.title)}>
      <header className={classes.panelHead}>
        <h2>{localised(check.title)}</h2>
        {check.severity !== null && <SeverityBadge severity={check.severity} />}
        <span className={`${classes.dim ?? ""} num`}>
          {t("health.findings", { count: check.count, value: formatCount(check.count) })}
        </span>
        <div className={classes.acts}>
          <ThresholdEditor check={check} />
          {check.scope !== "project" && check.count > 0 && <ShowInImages check={check} code={code} />}
          {check.count > 0 && !ignored && <ActsOnAll check={check} rule={rule} />}
        </div>
        <p>{localised(check.description)}</p>
      </header>
      <Rules
        check={check}
        chosen={rule}
        ignored={ignored}
        onCode={(next) =>
          setSearch(next === null ? { check: check.key } : { check: check.key, code: next }, { replace: true })
        }
        onIgnored={setIgnored}
      />
      <FindingGrid
        key={`${code ?? ""} ${ignored}`}
        check={check}
        wish={{ check: check.key, code: rule?.code ?? null, ignored, asOf }}
      />
    </section>
  );
}

interface RulesProps {
  readonly check: HealthCheck;
  readonly chosen: HealthRule | undefined;
  readonly ignored: boolean;
  readonly onCode: (code: string | null) => void;
  readonly onIgnored: (ignored: boolean) => void;
}

/** Narrows the findings to one rule, and shows those that were ignored instead of the others. */
function Rules({ check, chosen, ignored, onCode, onIgnored }: RulesProps) {
  const { t } = useTranslation();
  const counted = (item: HealthCheck | HealthRule) => (ignored ? item.ignored : item.count);
  const rules = check.rules.filter((item) => counted(item) > 0);
  if (rules.length === 0 && check.ignored === 0 && !ignored) return null;
  return (
    <div className={classes.rules} role="group" aria-label={t("health.rules")}>
      {rules.length > 1 && (
        <Chip
          pressed={chosen === undefined}
          text={t("health.allRules")}
          count={counted(check)}
          onClick={() => onCode(null)}
        />
      )}
      {rules.map((item) => (
        <Chip
          key={item.code}
          pressed={item.code === chosen?.code}
          icon={<SeverityIcon severity={item.severity} size={13} />}
          text={localised(item.title)}
          count={counted(item)}
          onClick={() => onCode(item.code === chosen?.code ? null : item.code)}
        />
      ))}
      {(check.ignored > 0 || ignored) && (
        <Button
          size="compact-sm"
          ms="auto"
          variant={ignored ? "light" : "subtle"}
          color={ignored ? "accent" : "gray"}
          aria-pressed={ignored}
          leftSection={<IconEyeOff size={14} />}
          onClick={() => onIgnored(!ignored)}
        >
          {t("health.ignoredCount", { value: formatCount(check.ignored) })}
        </Button>
      )}
    </div>
  );
}

function ShowInImages({ check, code }: { readonly check: HealthCheck; readonly code: string | null }) {
  const { t } = useTranslation();
  const project = useProjectId();
  const finding = code === null ? check.key : `${check.key}:${code}`;
  return (
    <Button
      component={Link}
      to={`/projects/${project}/images?finding=${finding}`}
      variant="default"
      leftSection={<IconPhoto size={14} />}
    >
      {t("health.showInImages")}
    </Button>
  );
}

function ActsOnAll({ check, rule }: { readonly check: HealthCheck; readonly rule: HealthRule | undefined }) {
  const { t } = useTranslation();
  const target = rule === undefined ? { all: true as const } : { all: true as const, code: rule.code };
  const codes = rule === undefined ? check.rules.filter((row) => row.count > 0).map((row) => row.code) : [rule.code];
  return (
    <>
      <IgnoreButton check={check.key} target={target} label={t("health.ignoreAll")} />
      {check.fixes.length > 0 && <FixMenu check={check} target={target} codes={codes} label={t("health.fixAll")} />}
    </>
  );
}

interface ChipProps {
  readonly pressed: boolean;
  readonly icon?: ReactNode;
  readonly text: string;
  readonly count: number;
  readonly onClick: () => void;
}

function Chip({ pressed, icon, text, count, onClick }: ChipProps) {
  return (
    <button type="button" className={classes.chip} aria-pressed={pressed} onClick={onClick}>
      {icon}
      {text} <b className="num">{formatCount(count)}</b>
    </button>
  );
}
