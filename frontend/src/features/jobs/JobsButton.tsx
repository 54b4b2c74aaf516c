/** How much work is going on in the background; opens the drawer with all of it. */
import { Indicator } from "@mantine/core";
import { IconActivity } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { isActive, jobsQuery } from "../../api/queries/jobs";
import { useCommands } from "../../ui/commands";
import { deferred, Once } from "../../ui/deferred";
import { IconButton } from "../../ui/IconButton";

const JobsDrawer = deferred(async () => (await import("./JobsDrawer")).JobsDrawer);

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
      <Once when={opened}>
        <JobsDrawer opened={opened} onClose={() => setOpened(false)} />
      </Once>
    </>
  );
}
