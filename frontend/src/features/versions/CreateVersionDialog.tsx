/** Names the data set as it is now, with a split and, where wanted, a recipe for its pictures. */
import { Badge, Button, Group, Modal, Stack, Tabs, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { createVersion, versionsQuery } from "../../api/queries/versions";
import type { Version } from "../../api/types";
import { useAction } from "../../parts/useAction";
import { useProjectId } from "../../parts/useProjectId";
import { type Draft, EMPTY, toDraft, toRecipe } from "./recipe";
import { RecipeEditor } from "./RecipeEditor";
import { type SplitDraft, toRule, USUAL_SPLIT } from "./split";
import { SplitFields } from "./SplitFields";
import { useCatalog } from "./useCatalog";
import classes from "./Versions.module.css";

interface CreateVersionDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly nextNumber: number;
  /** The version whose recipe it begins with. */
  readonly from: Version | null;
}

export function CreateVersionDialog({ opened, onClose, nextNumber, from }: CreateVersionDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("versions.create")}
      size="min(1180px, 96vw)"
      yOffset="4vh"
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <VersionForm onClose={onClose} suggested={t("versions.suggested", { number: nextNumber })} from={from} />
    </Modal>
  );
}

interface VersionFormProps {
  readonly onClose: () => void;
  readonly suggested: string;
  readonly from: Version | null;
}

function VersionForm({ onClose, suggested, from }: VersionFormProps) {
  const { t } = useTranslation();
  const project = useProjectId();
  const catalog = useCatalog();
  const [name, setName] = useState(suggested);
  const [notes, setNotes] = useState("");
  const [split, setSplit] = useState<SplitDraft>(USUAL_SPLIT);
  // Only cards that have read the catalog offer to begin with their recipe.
  const [recipe, setRecipe] = useState<Draft>(() =>
    from === null || catalog === null ? EMPTY : toDraft(from.recipe, catalog),
  );
  const versions = useQuery(versionsQuery(project)).data ?? [];
  const rule = useMemo(() => toRule(split), [split]);
  const create = useAction((input: Parameters<typeof createVersion>[1]) => createVersion(project, input), {
    failure: t("versions.createFailed"),
    done: (version) => t("versions.created", { name: version.name }),
    invalidate: [["project", project, "versions"]],
    onSuccess: onClose,
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate({ ...rule, name: name.trim(), notes: notes.trim(), recipe: toRecipe(recipe) });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group grow align="flex-start">
          <TextInput
            label={t("versions.name")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            withAsterisk={false}
            data-autofocus
          />
          <Textarea
            label={t("versions.notes")}
            value={notes}
            onChange={(event) => setNotes(event.currentTarget.value)}
            autosize
            minRows={1}
            maxRows={4}
          />
        </Group>
        <Tabs defaultValue={from === null ? "split" : "recipe"} keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="split">{t("recipe.splitTab")}</Tabs.Tab>
            <Tabs.Tab
              value="recipe"
              rightSection={recipe.steps.length > 0 && <Badge className="num">{recipe.steps.length}</Badge>}
            >
              {t("recipe.tab")}
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="split" className={classes.tab ?? ""}>
            <SplitFields
              draft={split}
              rule={rule}
              versions={versions}
              onChange={(change) => setSplit((now) => ({ ...now, ...change }))}
            />
          </Tabs.Panel>
          <Tabs.Panel value="recipe" className={classes.tab ?? ""}>
            <RecipeEditor draft={recipe} onChange={setRecipe} versions={versions} />
          </Tabs.Panel>
        </Tabs>
        <Group justify="space-between">
          <Text size="xs" c="dimmed" maw={420}>
            {t("versions.immutable")}
          </Text>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("actions.cancel")}
            </Button>
            <Button type="submit" disabled={name.trim() === ""} loading={create.isPending}>
              {t("versions.createSubmit")}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
