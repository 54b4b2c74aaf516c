/** The versions of a project: each one a name for a revision, with its split and what is in it. */
import { Button, Stack } from "@mantine/core";
import { IconPlus, IconStack2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { versionsQuery } from "../../api/queries/versions";
import type { Version } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { useProjectId } from "../../parts/useProjectId";
import { useCommands } from "../../ui/commands";
import { Empty } from "../../ui/Empty";
import { Page } from "../../ui/Page";
import { CreateVersionDialog } from "./CreateVersionDialog";
import { VersionCard } from "./VersionCard";

export function Component() {
  const { t } = useTranslation();
  const project = useProjectId();
  const query = useQuery(versionsQuery(project));
  const [creating, setCreating] = useState(false);
  const [from, setFrom] = useState<Version | null>(null);
  const open = useCallback((version: Version | null) => {
    setFrom(version);
    setCreating(true);
  }, []);
  useCommands(
    useMemo(
      () => [{ id: "new-version", title: t("versions.create"), group: t("palette.commands"), run: () => open(null) }],
      [t, open],
    ),
  );
  const create = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => open(null)}>
      {t("versions.create")}
    </Button>
  );
  return (
    <Page title={t("versions.title")} note={t("versions.note")} actions={create}>
      <Loaded query={query}>
        {(versions) =>
          versions.length === 0 ? (
            <Empty icon={<IconStack2 size={22} />} title={t("versions.emptyTitle")} action={create}>
              {t("versions.empty")}
            </Empty>
          ) : (
            <Stack gap="md" maw={1080}>
              {versions.map((version) => (
                <VersionCard key={version.id} version={version} onReuse={() => open(version)} />
              ))}
            </Stack>
          )
        }
      </Loaded>
      <CreateVersionDialog
        opened={creating}
        onClose={() => setCreating(false)}
        from={from}
        nextNumber={(query.data?.[0]?.number ?? 0) + 1}
      />
    </Page>
  );
}
