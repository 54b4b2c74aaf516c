/** The report as a file: a page for people, or data for programs. */
import { Button, Menu, Tooltip } from "@mantine/core";
import { IconBraces, IconChevronDown, IconFileDownload, IconFileText } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { reportUrl } from "../../api/queries/health";
import { useProjectId } from "../../parts/useProjectId";

export function ReportMenu({ ready }: { readonly ready: boolean }) {
  const { t } = useTranslation();
  const project = useProjectId();
  const button = (
    <Button
      variant="default"
      leftSection={<IconFileDownload size={15} />}
      rightSection={<IconChevronDown size={13} />}
      data-disabled={!ready}
      aria-disabled={!ready}
    >
      {t("health.export")}
    </Button>
  );
  if (!ready) return <Tooltip label={t("health.reportWhy")}>{button}</Tooltip>;
  return (
    <Menu width={180} position="bottom-end">
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={reportUrl(project, "html")} download leftSection={<IconFileText size={14} />}>
          {t("health.reportHtml")}
        </Menu.Item>
        <Menu.Item component="a" href={reportUrl(project, "json")} download leftSection={<IconBraces size={14} />}>
          {t("health.reportJson")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
