/** All projects of the reader as cards: pictures, counts, progress. */
import { Button, SimpleGrid, TextInput } from "@mantine/core";
import { IconPlus, IconSearch, IconSquareRoundedPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { projectsQuery } from "../../api/queries/projects";
import { Loaded } from "../../parts/Loaded";
import { useCommands } from "../../ui/commands";
import { Empty } from "../../ui/Empty";
import { Page } from "../../ui/Page";
import { CreateProjectDialog } from "./CreateProjectDialog";
import { ProjectCard } from "./ProjectCard";

export function Component() {
  const { t } = useTranslation();
  const query = useQuery(projectsQuery);
  const [creating, setCreating] = useState(false);
  const [text, setText] = useState("");
  useCommands(
    useMemo(
      () => [
        { id: "new-project", title: t("projects.create"), group: t("palette.commands"), run: () => setCreating(true) },
      ],
      [t],
    ),
  );
  const create = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setCreating(true)}>
      {t("projects.create")}
    </Button>
  );
  return (
    <Page
      title={t("projects.title")}
      note={query.data === undefined ? undefined : t("projects.count", { count: query.data.length })}
      actions={
        <>
          <TextInput
            aria-label={t("projects.search")}
            placeholder={t("projects.search")}
            leftSection={<IconSearch size={14} />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            w={200}
          />
          {create}
        </>
      }
    >
      <Loaded query={query}>
        {(results) =>
          results.length === 0 ? (
            <Empty icon={<IconSquareRoundedPlus size={22} />} title={t("projects.emptyTitle")} action={create}>
              {t("projects.empty")}
            </Empty>
          ) : (
            <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4, xl: 5 }} spacing="md">
              {results
                .filter((project) => project.name.toLowerCase().includes(text.trim().toLowerCase()))
                .map((project) => (
                  <ProjectCard key={project.id} project={project} />
                ))}
            </SimpleGrid>
          )
        }
      </Loaded>
      <CreateProjectDialog opened={creating} onClose={() => setCreating(false)} />
    </Page>
  );
}
