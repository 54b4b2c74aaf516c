/** The drawer with everybody's background work: real progress, cancel, errors in a sentence. */
import { Drawer, Indicator, ScrollArea, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconActivity, IconChecks } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { isActive, jobsQuery } from "../../api/queries/jobs";
import type { Job } from "../../api/types";
import { JobLine } from "../../parts/JobLine";
import { Loaded } from "../../parts/Loaded";
import { useCommands } from "../../ui/commands";
import { Empty } from "../../ui/Empty";
import { formatAgo, formatDuration } from "../../ui/format";
import { IconButton } from "../../ui/IconButton";
import classes from "./JobsDrawer.module.css";

export function JobsButton() {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const query = useQuery(jobsQuery);
  const active = query.data?.filter((job) => isActive(job.state)).length ?? 0;
  const failed = query.data?.some((job) => job.state === "failed") ?? false;
  useCommands(
    useMemo(
      () => [{ id: "jobs", title: t("jobs.open"), group: t("palette.commands"), run: () => setOpened(true) }],
      [t],
    ),
  );
  return (
    <>
      <Indicator
        label={active > 0 ? active : undefined}
        size={active > 0 ? 14 : 7}
        offset={3}
        disabled={active === 0 && !failed}
        color={active > 0 ? "accent" : "red"}
        processing={active > 0}
      >
        <IconButton
          label={active > 0 ? t("jobs.buttonActive", { count: active }) : t("jobs.button")}
          onClick={() => setOpened(true)}
        >
          <IconActivity size={17} />
        </IconButton>
      </Indicator>
      <Drawer
        opened={opened}
        onClose={() => setOpened(false)}
        position="right"
        size={440}
        title={t("jobs.title")}
        closeButtonProps={{ "aria-label": t("actions.close") }}
        scrollAreaComponent={ScrollArea.Autosize}
      >
        <Loaded query={query}>{(data) => <JobList jobs={data} />}</Loaded>
      </Drawer>
    </>
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
