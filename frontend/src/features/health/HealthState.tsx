/** As of when the findings are, and the job that brings them up to date. */
import { Badge, Button } from "@mantine/core";
import { IconRefresh, IconStethoscope } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { startHealthCheck } from "../../api/queries/health";
import type { Health, Job } from "../../api/types";
import { JobLine } from "../../parts/JobLine";
import { useAction } from "../../parts/useAction";
import { useJob } from "../../parts/useJob";
import { useProjectId } from "../../parts/useProjectId";
import { Empty } from "../../ui/Empty";
import { formatAgo, formatCount, formatDateTime } from "../../ui/format";
import { notifyFailure } from "../../ui/notify";
import classes from "./Health.module.css";

export function HealthNote({ health }: { readonly health: Health }) {
  const { t } = useTranslation();
  const { revision, newest_revision, computed_at, state } = health;
  if (revision === null || computed_at === null) return t("health.never");
  const behind = newest_revision - revision;
  return (
    <span className={classes.note}>
      <span title={formatDateTime(computed_at)}>
        {t("health.asOf", { number: revision, ago: formatAgo(computed_at) })}
      </span>
      {state === "current" ? (
        <Badge color="green">{t("health.upToDate")}</Badge>
      ) : (
        <Badge color="orange" title={t("health.behind", { number: revision, newest: newest_revision })}>
          {t("health.behindBy", { count: behind, value: formatCount(behind) })}
        </Badge>
      )}
    </span>
  );
}

export function CheckNow({ health, primary = false }: { readonly health: Health; readonly primary?: boolean }) {
  const { t } = useTranslation();
  const project = useProjectId();
  const start = useAction(() => startHealthCheck(project), {
    failure: t("health.checkFailed"),
    invalidate: [["project", project, "health"], ["jobs"]],
  });
  if (health.state === "current" && !primary) return null;
  return (
    <Button
      leftSection={<IconRefresh size={15} />}
      loading={start.isPending || health.job !== null}
      onClick={() => start.mutate(undefined)}
    >
      {t("health.checkNow")}
    </Button>
  );
}

/** Progress of the job; when it ends, everything that came of it is read again. */
export function HealthLine({ job }: { readonly job: Job }) {
  const { t } = useTranslation();
  const project = useProjectId();
  const client = useQueryClient();
  const followed = useJob(job.id, (ended) => {
    for (const part of ["health", "findings", "statistics", "images"]) {
      void client.invalidateQueries({ queryKey: ["project", project, part] });
    }
    if (ended.error !== null) notifyFailure(t("health.checkEnded"), ended.error.detail);
  });
  return (
    <div className={classes.job}>
      <JobLine job={followed ?? job} title={t("health.checking")} />
    </div>
  );
}

export function NeverChecked({ health }: { readonly health: Health }) {
  const { t } = useTranslation();
  return (
    <>
      <Empty
        icon={<IconStethoscope size={22} />}
        title={t("health.missingTitle")}
        action={<CheckNow health={health} primary />}
      >
        {t("health.missing")}
      </Empty>
      {health.job !== null && (
        <div className={classes.waiting}>
          <HealthLine job={health.job} />
        </div>
      )}
    </>
  );
}
