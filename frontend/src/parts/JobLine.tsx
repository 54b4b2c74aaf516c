/** A job as a line: what it does, how far it is, cancel, and its error in a sentence. */
import { Badge, Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { cancelJob, isActive } from "../api/queries/jobs";
import type { Job, JobState } from "../api/types";
import { localised } from "../i18n/localised";
import { ProgressLine } from "../ui/ProgressLine";
import { useAction } from "./useAction";

const TONES: Readonly<Record<JobState, "accent" | "good" | "bad" | "dim">> = {
  queued: "dim",
  running: "accent",
  succeeded: "good",
  failed: "bad",
  cancelled: "dim",
};

const COLORS: Readonly<Record<JobState, string>> = {
  queued: "gray",
  running: "accent",
  succeeded: "green",
  failed: "red",
  cancelled: "gray",
};

export function JobStateBadge({ state }: { readonly state: JobState }) {
  const { t } = useTranslation();
  return <Badge color={COLORS[state]}>{t(`jobState.${state}`)}</Badge>;
}

export function JobLine({ job, title }: { readonly job: Job; readonly title?: string }) {
  const { t } = useTranslation();
  const cancel = useAction(cancelJob, { failure: t("jobs.cancelFailed"), invalidate: [["jobs"]] });
  const name = title ?? localised(job.title);
  return (
    <div role="group" aria-label={name}>
      <Group gap="xs" wrap="nowrap" mb={4}>
        <Text size="sm" fw={550} truncate flex={1}>
          {name}
        </Text>
        <JobStateBadge state={job.state} />
        {isActive(job.state) && (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={t("jobs.cancelNamed", { title: name })}
            disabled={job.cancel_requested}
            loading={cancel.isPending}
            onClick={() => cancel.mutate(job.id)}
          >
            {job.cancel_requested ? t("jobs.cancelling") : t("actions.cancel")}
          </Button>
        )}
      </Group>
      {(isActive(job.state) || job.progress.total > 0) && (
        <ProgressLine
          label={t("jobs.progressOf", { title: name })}
          done={job.progress.done}
          total={job.progress.total}
          unit={job.progress.unit}
          tone={TONES[job.state]}
        />
      )}
      {job.error !== null && (
        <Text size="xs" mt={4} c="var(--bad)" role="alert">
          {localised(job.error.detail)}
        </Text>
      )}
    </div>
  );
}
