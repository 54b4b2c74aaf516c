/** What can be done with the selected images at once; each action is one revision that Activity can revert. */
import { Button, Menu, TagsInput, Text } from "@mantine/core";
import { IconBookmark, IconCategory, IconCircleHalf2, IconTag, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { filtersToQuery, type ImageFilters } from "../../api/imageFilters";
import { changeImages, imageIdsQuery } from "../../api/queries/images";
import type { BulkAction } from "../../api/types";
import { STATES, StateIcon } from "../../parts/StateBadge";
import { useAction } from "../../parts/useAction";
import { roleAtLeast, useProject } from "../../parts/useProjectId";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { formatCount } from "../../ui/format";
import { Swatch } from "../../ui/Swatch";
import { PeopleMenu } from "./PeopleMenu";
import type { Selection } from "./useSelection";

interface SelectionBarProps {
  readonly project: number;
  readonly filters: ImageFilters;
  readonly total: number;
  readonly selection: Selection;
}

export function SelectionBar({ project, filters, total, selection }: SelectionBarProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const owner = useProject();
  const classes = owner?.classes ?? [];
  // In a classification project the class is the image's; elsewhere it is that of the objects on it.
  const classAction = owner?.task === "classification" ? "classify" : "set_class";
  const [deleting, setDeleting] = useState(false);
  const count = selection.ids.size;
  const change = useAction(
    ({ action, value }: { action: BulkAction; value?: unknown }) =>
      changeImages(
        project,
        selection.whole ? { filter: filtersToQuery(filters) } : { ids: [...selection.ids] },
        action,
        value,
      ),
    {
      failure: t("bulk.failed"),
      done: (answer) =>
        answer.revision === null
          ? t("bulk.nothing")
          : t("bulk.done", { count: answer.count, revision: answer.revision }),
      invalidate: [["project", project], ["projects"], ["image"]],
      onSuccess: selection.clear,
    },
  );
  const selectAll = async () => selection.all(await client.query(imageIdsQuery(project, filters)));
  const busy = change.isPending;
  return (
    <>
      <Text size="sm" fw={600} className="num" aria-live="polite">
        {t("bulk.selected", { count, value: formatCount(count) })}
      </Text>
      {count < total && (
        <Button variant="subtle" onClick={selectAll}>
          {t("bulk.selectAll", { value: formatCount(total) })}
        </Button>
      )}
      <Button variant="subtle" color="gray" onClick={selection.clear}>
        {t("bulk.clear")}
      </Button>
      <Menu width={190} position="bottom-start">
        <Menu.Target>
          <Button variant="default" leftSection={<IconCircleHalf2 size={14} />} loading={busy} ms="auto">
            {t("bulk.setState")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {STATES.map((state) => (
            <Menu.Item
              key={state}
              leftSection={<StateIcon state={state} />}
              onClick={() => change.mutate({ action: "set_state", value: state })}
            >
              {t(`imageState.${state}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Menu width={200} position="bottom-start">
        <Menu.Target>
          <Button variant="default" leftSection={<IconCategory size={14} />} loading={busy}>
            {t("bulk.setClass")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t(`bulk.help.${classAction}`)}</Menu.Label>
          {classes.map((item) => (
            <Menu.Item
              key={item.id}
              leftSection={<Swatch color={item.color} />}
              onClick={() => change.mutate({ action: classAction, value: item.id })}
            >
              <bdi>{item.name}</bdi>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {roleAtLeast(owner, "reviewer") && <PeopleMenu project={project} filters={filters} selection={selection} />}
      <TagMenu busy={busy} onRun={(action, value) => change.mutate({ action, value })} />
      <Button
        variant="default"
        color="red"
        leftSection={<IconTrash size={14} color="var(--bad)" />}
        loading={busy}
        disabled={!roleAtLeast(owner, "manager")}
        onClick={() => setDeleting(true)}
      >
        {t("actions.delete")}
      </Button>
      <ConfirmDialog
        opened={deleting}
        onClose={() => setDeleting(false)}
        title={t("bulk.deleteTitle", { count, value: formatCount(count) })}
        confirm={t("actions.delete")}
        cancel={t("actions.cancel")}
        danger
        onConfirm={() => change.mutateAsync({ action: "delete" })}
      >
        {t("bulk.deleteText")}
      </ConfirmDialog>
    </>
  );
}

function TagMenu(props: {
  readonly busy: boolean;
  readonly onRun: (action: "add_tags" | "remove_tags", tags: readonly string[]) => void;
}) {
  const { t } = useTranslation();
  const [tags, setTags] = useState<string[]>([]);
  return (
    <Menu width={240} position="bottom-start" closeOnItemClick>
      <Menu.Target>
        <Button variant="default" leftSection={<IconTag size={14} />} loading={props.busy}>
          {t("bulk.tags")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <TagsInput
          m={6}
          aria-label={t("bulk.tagNames")}
          placeholder={t("bulk.tagNames")}
          value={tags}
          onChange={setTags}
          acceptValueOnBlur
        />
        <Menu.Item leftSection={<IconBookmark size={14} />} onClick={() => props.onRun("add_tags", tags)}>
          {t("bulk.addTags")}
        </Menu.Item>
        <Menu.Item leftSection={<IconTrash size={14} />} onClick={() => props.onRun("remove_tags", tags)}>
          {t("bulk.removeTags")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
