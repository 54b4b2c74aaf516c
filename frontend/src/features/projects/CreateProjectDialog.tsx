/** A project in one dialog: name, task, classes pasted as lines. */
import { Button, Group, Modal, SegmentedControl, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { type SubmitEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { createProject } from "../../api/queries/projects";
import type { Task } from "../../api/types";
import { ClassPreview } from "../../parts/ClassPreview";
import { parseClassLines } from "../../parts/classLines";
import { useAction } from "../../parts/useAction";

const TASKS: readonly Task[] = ["detection", "segmentation", "classification"];

export function CreateProjectDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("projects.create")}
      size={520}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <CreateForm onClose={onClose} />
    </Modal>
  );
}

function CreateForm({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [task, setTask] = useState<Task>("detection");
  const [lines, setLines] = useState("");
  const parsed = useMemo(() => parseClassLines(lines), [lines]);
  const create = useAction(createProject, {
    failure: t("projects.createFailed"),
    invalidate: [["projects"]],
    onSuccess: (project) => {
      onClose();
      void navigate(`/projects/${project.id}/images`);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate({ name: name.trim(), task, classes: parsed.classes });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label={t("projects.name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          withAsterisk={false}
          maxLength={200}
          data-autofocus
        />
        <div>
          <Text size="xs" fw={500} mb={3} id="task-label">
            {t("projects.task")}
          </Text>
          <SegmentedControl
            fullWidth
            aria-labelledby="task-label"
            value={task}
            onChange={(value) => setTask(value)}
            data={TASKS.map((value) => ({ value, label: t(`task.${value}`) }))}
          />
          <Text size="xs" c="dimmed" mt={5}>
            {t(`taskHelp.${task}`)}
          </Text>
        </div>
        <Textarea
          label={t("projects.classes")}
          description={t("projects.classesHelp")}
          placeholder={t("projects.classesExample")}
          value={lines}
          onChange={(event) => setLines(event.currentTarget.value)}
          autosize
          minRows={4}
          maxRows={10}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        />
        <ClassPreview parsed={parsed} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("actions.cancel")}
          </Button>
          <Button type="submit" disabled={name.trim() === "" || parsed.problems.length > 0} loading={create.isPending}>
            {t("projects.createSubmit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
