/** Name and description of a project, and its end. */
import { Button, Group, Text, Textarea, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { deleteProject, updateProject } from "../../api/queries/projects";
import type { Project } from "../../api/types";
import { useAction } from "../../parts/useAction";
import { roleAtLeast } from "../../parts/useProjectId";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Section } from "../../ui/Page";

export function GeneralSection({ project, mayManage }: { readonly project: Project; readonly mayManage: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [name, setName] = useState(project.name);
  const [description, setDescription] = useState(project.description);
  const [deleting, setDeleting] = useState(false);
  const invalidate = [["project", project.id], ["projects"]];
  const save = useAction((body: { name: string; description: string }) => updateProject(project.id, body), {
    failure: t("settings.saveFailed"),
    done: () => t("settings.saved"),
    invalidate,
  });
  const remove = useAction(deleteProject, {
    failure: t("settings.projectDeleteFailed"),
    invalidate: [["projects"]],
    onSuccess: () => void navigate("/projects"),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate({ name: name.trim(), description });
  };
  return (
    <Section title={t("settings.general")}>
      <form onSubmit={submit}>
        <TextInput
          label={t("projects.name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          disabled={!mayManage}
          mb="sm"
        />
        <Textarea
          label={t("settings.description")}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          disabled={!mayManage}
          autosize
          minRows={2}
          mb="sm"
        />
        <Group justify="space-between">
          <Button type="submit" variant="default" disabled={!mayManage || name.trim() === ""} loading={save.isPending}>
            {t("actions.save")}
          </Button>
          {roleAtLeast(project, "owner") && (
            <Button variant="subtle" color="red" onClick={() => setDeleting(true)}>
              {t("settings.deleteProject")}
            </Button>
          )}
        </Group>
      </form>
      <ConfirmDialog
        opened={deleting}
        onClose={() => setDeleting(false)}
        title={t("settings.deleteProject")}
        confirm={t("settings.deleteProject")}
        cancel={t("actions.cancel")}
        danger
        onConfirm={() => remove.mutateAsync(project.id)}
      >
        <Text component="span" size="sm">
          {t("settings.deleteProjectText", { name: project.name })}
        </Text>
      </ConfirmDialog>
    </Section>
  );
}
