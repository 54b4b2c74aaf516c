/** Merging, splitting and retiring a class: each says first what hangs on it. */
import { Button, Checkbox, Group, Modal, Select, Stack, Text, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { classUsageQuery, mergeClass, retireClass, splitClass } from "../../api/queries/classes";
import type { ClassUsage, LabelClass, Project } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { useAction } from "../../parts/useAction";
import { formatCount } from "../../ui/format";

export interface ClassDialogProps {
  readonly item: LabelClass;
  readonly project: Project;
  readonly onClose: () => void;
}

export const staleAfter = (project: Project) => [
  ["project", project.id],
  ["projects"],
  ["image"],
  ["annotations"],
  ["jobs"],
];

export function MergeDialog({ item, project, onClose }: ClassDialogProps) {
  const { t } = useTranslation();
  const usage = useQuery(classUsageQuery(item.id));
  const [into, setInto] = useState<string | null>(null);
  const merge = useAction(mergeClass, {
    failure: t("settings.mergeFailed", { name: item.name }),
    done: (answer) => ("revision" in answer ? t("settings.merged") : t("activity.startedJob")),
    invalidate: staleAfter(project),
    onSuccess: onClose,
  });
  return (
    <Frame
      title={t("settings.mergeTitle", { name: item.name })}
      text={t("settings.mergeText")}
      submit={t("settings.mergeSubmit")}
      busy={merge.isPending}
      disabled={into === null}
      onClose={onClose}
      onSubmit={() => merge.mutate({ id: item.id, into: Number(into) })}
    >
      <Loaded query={usage} rows={1}>
        {(found) => <Usage usage={found} />}
      </Loaded>
      <Select
        label={t("settings.mergeInto")}
        data={project.classes
          .filter((each) => each.id !== item.id)
          .map((each) => ({ value: String(each.id), label: each.name }))}
        value={into}
        onChange={setInto}
        searchable
        data-autofocus
      />
    </Frame>
  );
}

export function SplitDialog({ item, project, onClose }: ClassDialogProps) {
  const { t } = useTranslation();
  const [lines, setLines] = useState("");
  const names = lines
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const split = useAction(splitClass, {
    failure: t("settings.splitFailed", { name: item.name }),
    done: ({ left }) => t("settings.splitDone", { count: left, value: formatCount(left) }),
    invalidate: staleAfter(project),
    onSuccess: onClose,
  });
  return (
    <Frame
      title={t("settings.splitTitle", { name: item.name })}
      text={t("settings.splitText", { name: item.name })}
      submit={t("settings.splitSubmit")}
      busy={split.isPending}
      disabled={names.length === 0}
      onClose={onClose}
      onSubmit={() => split.mutate({ id: item.id, names })}
    >
      <Textarea
        label={t("settings.splitNames")}
        description={t("settings.splitNamesHelp")}
        value={lines}
        onChange={(event) => setLines(event.currentTarget.value)}
        autosize
        minRows={3}
        data-autofocus
      />
    </Frame>
  );
}

export function RetireDialog({ item, project, onClose }: ClassDialogProps) {
  const { t } = useTranslation();
  const usage = useQuery(classUsageQuery(item.id));
  const [withLabels, setWithLabels] = useState(false);
  const retire = useAction(retireClass, {
    failure: t("settings.retireFailed", { name: item.name }),
    invalidate: staleAfter(project),
    onSuccess: onClose,
  });
  const labels = usage.data?.annotations ?? 0;
  return (
    <Frame
      title={t("settings.retireTitle", { name: item.name })}
      text={t("settings.retireText")}
      submit={t("settings.retireSubmit")}
      danger
      busy={retire.isPending}
      disabled={usage.data === undefined || (labels > 0 && !withLabels)}
      onClose={onClose}
      onSubmit={() => retire.mutate({ id: item.id, withLabels })}
    >
      <Loaded query={usage} rows={1}>
        {(found) => <Usage usage={found} />}
      </Loaded>
      {labels > 0 && (
        <Checkbox
          label={t("settings.retireWithLabels", { count: labels, value: formatCount(labels) })}
          checked={withLabels}
          onChange={(event) => setWithLabels(event.currentTarget.checked)}
        />
      )}
    </Frame>
  );
}

function Usage({ usage }: { readonly usage: ClassUsage }) {
  const { t } = useTranslation();
  return (
    <div>
      <Text size="sm">
        {usage.annotations === 0
          ? t("settings.usageNone")
          : t("settings.usage", {
              count: usage.annotations,
              value: formatCount(usage.annotations),
              images: formatCount(usage.images),
            })}
      </Text>
      {usage.versions.length > 0 && (
        <Text size="xs" c="dimmed">
          {t("settings.usageVersions", { names: usage.versions.map((version) => version.name).join(", ") })}
        </Text>
      )}
    </div>
  );
}

export function Frame(props: {
  readonly title: string;
  readonly text: string;
  readonly submit: string;
  readonly danger?: boolean;
  readonly busy: boolean;
  readonly disabled: boolean;
  readonly onClose: () => void;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.title}
      size={460}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {props.text}
        </Text>
        {props.children}
        <Group justify="flex-end" gap="xs" mt="xs">
          <Button variant="default" onClick={props.onClose}>
            {t("actions.cancel")}
          </Button>
          <Button
            {...(props.danger === true ? { color: "red" } : {})}
            disabled={props.disabled}
            loading={props.busy}
            onClick={props.onSubmit}
          >
            {props.submit}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
