/** The versions of a project: each one a name for a revision, with its split and what is in it. */
import { Button, Stack } from "@mantine/core";
import { IconPlus, IconStack2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { versionsQuery } from "../../api/queries/versions";
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
  useCommands(
    useMemo(
      () => [
        { id: "new-version", title: t("versions.create"), group: t("palette.commands"), run: () => setCreating(true) },
      ],
      [t],
    ),
  );
  const create = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setCreating(true)}>
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
                <VersionCard key={version.id} version={version} />
              ))}
            </Stack>
          )
        }
      </Loaded>
      <CreateVersionDialog
        opened={creating}
        onClose={() => setCreating(false)}
        nextNumber={(query.data?.[0]?.number ?? 0) + 1}
      />
    </Page>
  );
}
