/** The drawer with everybody's background work: real progress, cancel, errors in a sentence. */
import { Drawer, ScrollArea, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconChecks } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isActive, jobsQuery } from "../../api/queries/jobs";
import type { Job } from "../../api/types";
import { JobLine } from "../../parts/JobLine";
import { Loaded } from "../../parts/Loaded";
import { Empty } from "../../ui/Empty";
import { formatAgo, formatDuration } from "../../ui/format";
import classes from "./JobsDrawer.module.css";

interface JobsDrawerProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function JobsDrawer({ opened, onClose }: JobsDrawerProps) {
  const { t } = useTranslation();
  const query = useQuery(jobsQuery);
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={440}
      title={t("jobs.title")}
      closeButtonProps={{ "aria-label": t("actions.close") }}
      scrollAreaComponent={ScrollArea.Autosize}
    >
      <Loaded query={query}>{(data) => <JobList jobs={data} />}</Loaded>
    </Drawer>
  );
}

function JobList({ jobs }: { readonly jobs: readonly Job[] }) {
  const { t } = useTranslation();
  const [scope, setScope] = useState("all");
  const shown = jobs.filter((job) => scope === "all" || (scope === "active") === isActive(job.state));
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={t("jobs.scope")}
        value={scope}
        onChange={setScope}
        data={[
          { value: "all", label: t("jobs.all") },
          { value: "active", label: t("jobs.active") },
          { value: "ended", label: t("jobs.ended") },
        ]}
      />
      {shown.length === 0 && (
        <Empty icon={<IconChecks size={22} />} title={t("jobs.emptyTitle")}>
          {t("jobs.empty")}
        </Empty>
      )}
      {shown.map((job) => (
        <div key={job.id} className={classes.job}>
          <JobLine job={job} />
          <JobFacts job={job} />
        </div>
      ))}
    </Stack>
  );
}

function JobFacts({ job }: { readonly job: Job }) {
  const { t } = useTranslation();
  const facts = [formatAgo(job.created_at)];
  if (job.created_by !== null) facts.push(job.created_by);
  if (job.started_at !== null && job.finished_at !== null) {
    const seconds = (Date.parse(job.finished_at) - Date.parse(job.started_at)) / 1000;
    facts.push(t("jobs.took", { duration: formatDuration(seconds) }));
  }
  if (job.attempts > 1) facts.push(t("jobs.attempt", { number: job.attempts }));
  return (
    <Text size="xs" c="var(--faint)" mt={4} className="num">
      {facts.join(" · ")}
    </Text>
  );
}
