/** Gives images to people, to annotate or to review: a filter that new images join, or the chosen ones alone. */
import { Button, Group, Modal, MultiSelect, SegmentedControl, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ImagesQuery } from "../api/imageFilters";
import { membersQuery } from "../api/queries/projects";
import { createAssignment } from "../api/queries/work";
import type { Role } from "../api/types";
import { useAction } from "./useAction";

type Kind = "annotate" | "review";
const MAY: Readonly<Record<Kind, readonly Role[]>> = {
  annotate: ["annotator", "reviewer", "manager", "owner"],
  review: ["reviewer", "manager", "owner"],
};

interface AssignDialogProps {
  readonly project: number;
  readonly target: { readonly filter: ImagesQuery } | { readonly ids: readonly number[] };
  readonly onClose: () => void;
}

export function AssignDialog({ project, target, onClose }: AssignDialogProps) {
  const { t } = useTranslation();
  const members = useQuery(membersQuery(project)).data ?? [];
  const [kind, setKind] = useState<Kind>("annotate");
  const [name, setName] = useState("");
  const [people, setPeople] = useState<string[]>([]);
  const [due, setDue] = useState("");
  const [note, setNote] = useState("");
  const offered = members.filter((member) => MAY[kind].includes(member.role)).map((member) => member.username);
  const chosen = people.filter((person) => offered.includes(person));
  const create = useAction(
    () =>
      createAssignment(project, {
        name: name.trim(),
        kind,
        people: chosen,
        note,
        ...(due === "" ? {} : { due }),
        ...("ids" in target ? { ids: [...target.ids] } : { filter: target.filter }),
      }),
    {
      failure: t("work.createFailed"),
      done: () => t("work.created", { people: chosen.join(", ") }),
      invalidate: [["project", project, "assignments"]],
      onSuccess: onClose,
    },
  );
  const which =
    "ids" in target
      ? t("work.which.chosen", { count: target.ids.length })
      : Object.keys(target.filter).length === 0
        ? t("work.which.all")
        : t("work.which.filter");
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("work.newTitle")}
      size={440}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(undefined);
        }}
      >
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {which}
          </Text>
          <SegmentedControl
            value={kind}
            data={(["annotate", "review"] as const).map((value) => ({ value, label: t(`work.kind.${value}`) }))}
            onChange={(value) => setKind(value)}
          />
          <TextInput
            label={t("work.name")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={200}
            required
            data-autofocus
          />
          <MultiSelect
            label={t("work.people")}
            data={offered}
            value={chosen}
            onChange={setPeople}
            searchable
            required
          />
          <TextInput
            type="date"
            label={t("work.dueDay")}
            value={due}
            onChange={(event) => setDue(event.currentTarget.value)}
          />
          <Textarea
            label={t("work.note")}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            autosize
            minRows={2}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("actions.cancel")}
            </Button>
            <Button type="submit" disabled={name.trim() === "" || chosen.length === 0} loading={create.isPending}>
              {t("work.create")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
