/** Settings of a project: name, classes, members, deletion. */
import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { roleAtLeast, useProject } from "../../parts/useProjectId";
import { Page } from "../../ui/Page";
import { ClassesSection } from "./ClassesSection";
import { GeneralSection } from "./GeneralSection";
import { MembersSection } from "./MembersSection";

export function Component() {
  const { t } = useTranslation();
  const project = useProject();
  if (project === undefined) return null;
  const mayManage = roleAtLeast(project, "manager");
  return (
    <Page title={t("settings.title")} note={mayManage ? undefined : t("settings.readOnly")}>
      <Stack gap="md" maw={860}>
        <ClassesSection project={project} mayManage={mayManage} />
        <MembersSection project={project} mayManage={mayManage} />
        <GeneralSection project={project} mayManage={mayManage} />
      </Stack>
    </Page>
  );
}
