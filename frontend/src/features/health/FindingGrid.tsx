/** What a check found, a page at a time; findings are chosen by their boxes and acted on together. */
import { Button, Text } from "@mantine/core";
import { IconCircleCheck, IconEyeOff } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { errorSentence } from "../../api/errors";
import { findingsQuery, type FindingsWish } from "../../api/queries/health";
import type { Finding, HealthCheck } from "../../api/types";
import { roleAtLeast, useProject, useProjectId } from "../../parts/useProjectId";
import { Empty, Failure, Loading } from "../../ui/Empty";
import { formatCount } from "../../ui/format";
import { FindingCard } from "./FindingCard";
import { FixMenu } from "./FixMenu";
import classes from "./Health.module.css";
import { IgnoreButton, useIgnore } from "./IgnoreButton";

interface FindingGridProps {
  readonly check: HealthCheck;
  readonly wish: FindingsWish;
}

export function FindingGrid({ check, wish }: FindingGridProps) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(findingsQuery(useProjectId(), wish));
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set());
  const findings = query.data?.pages.flatMap((page) => page.results) ?? [];
  const total = query.data?.pages.at(-1)?.total ?? 0;
  const chosen = findings.filter((finding) => picked.has(finding.id));
  const mayAct = roleAtLeast(useProject(), "annotator");
  const toggle = (id: number) => {
    const next = new Set(picked);
    if (!next.delete(id)) next.add(id);
    setPicked(next);
  };
  if (query.isError && findings.length === 0) {
    return (
      <Failure
        title={t("errors.loadTitle")}
        detail={errorSentence(query.error, t("errors.unreachable"))}
        action={
          <Button variant="default" onClick={() => void query.refetch()}>
            {t("actions.retry")}
          </Button>
        }
      />
    );
  }
  if (query.data === undefined) return <Loading label={t("state.loading")} rows={6} />;
  if (findings.length === 0) return <Nothing ignored={wish.ignored} />;
  return (
    <>
      <div className={classes.chosen}>
        <Counted chosen={chosen.length} shown={findings.length} total={total} />
        {mayAct && findings.length > 1 && chosen.length < findings.length && (
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => setPicked(new Set(findings.map((finding) => finding.id)))}
          >
            {t("health.selectShown", { value: formatCount(findings.length) })}
          </Button>
        )}
        {chosen.length > 0 && (
          <ActsOnChosen check={check} chosen={chosen} ignored={wish.ignored} onDone={() => setPicked(new Set())} />
        )}
      </div>
      <ul className={classes.grid} data-scope={check.scope} aria-label={t("health.findingList")}>
        {findings.map((finding) => (
          <FindingCard
            key={finding.id}
            finding={finding}
            rule={check.rules.find((rule) => rule.code === finding.code)?.title ?? finding.code}
            selected={picked.has(finding.id)}
            onSelect={mayAct ? () => toggle(finding.id) : null}
          />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button variant="default" mt="sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t("health.more")}
        </Button>
      )}
    </>
  );
}

function Counted(props: { readonly chosen: number; readonly shown: number; readonly total: number }) {
  const { t } = useTranslation();
  const { chosen, shown, total } = props;
  return chosen === 0 ? (
    <Text size="xs" c="dimmed" className="num">
      {t("health.shown", { shown: formatCount(shown), total: formatCount(total) })}
    </Text>
  ) : (
    <Text size="sm" fw={600} className="num" aria-live="polite">
      {t("health.selected", { count: chosen, value: formatCount(chosen) })}
    </Text>
  );
}

interface ActsOnChosenProps {
  readonly check: HealthCheck;
  readonly chosen: readonly Finding[];
  readonly ignored: boolean;
  readonly onDone: () => void;
}

function ActsOnChosen({ check, chosen, ignored, onDone }: ActsOnChosenProps) {
  const { t } = useTranslation();
  const target = { findings: chosen.map((finding) => finding.id) };
  const codes = [...new Set(chosen.map((finding) => finding.code))];
  const ignore = useIgnore(check.key, onDone);
  return (
    <>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={onDone}>
        {t("health.clear")}
      </Button>
      <div className={classes.acts}>
        {ignored ? (
          <Button
            variant="default"
            loading={ignore.isPending}
            onClick={() => ignore.mutate({ target, ignored: false })}
          >
            {t("health.showAgain")}
          </Button>
        ) : (
          <>
            <IgnoreButton check={check.key} target={target} label={t("health.ignore")} onDone={onDone} />
            {check.fixes.length > 0 && (
              <FixMenu
                primary
                check={check}
                target={target}
                codes={codes}
                label={t("health.fixSelected")}
                onDone={onDone}
              />
            )}
          </>
        )}
      </div>
    </>
  );
}

function Nothing({ ignored }: { readonly ignored: boolean }) {
  const { t } = useTranslation();
  return ignored ? (
    <Empty icon={<IconEyeOff size={22} />} title={t("health.noneIgnoredTitle")}>
      {t("health.noneIgnored")}
    </Empty>
  ) : (
    <Empty icon={<IconCircleCheck size={22} color="var(--good)" />} title={t("health.wellTitle")}>
      {t("health.wellText")}
    </Empty>
  );
}
