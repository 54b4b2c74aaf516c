/** The images with something unsaved, each with its sentence where the server does not take it. */
import { Alert, Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { SyncStatus, UnsavedImage } from "../../../editor";
import { useProjectId } from "../../../parts/useProjectId";
import { ConfirmDialog } from "../../../ui/ConfirmDialog";
import { useEditor } from "../EditorContext";
import { formatTime } from "../../../ui/format";
import classes from "./Saving.module.css";

interface UnsavedImagesProps {
  readonly status: SyncStatus;
  readonly onLeave: () => void;
}

export function UnsavedImages({ status, onLeave }: UnsavedImagesProps) {
  const { t } = useTranslation();
  const { reason, since, isKept, pending } = status;
  const sentence = reason === null ? null : t(`syncReason.${reason}`);
  const time = since === null ? "" : formatTime(since);
  return (
    <>
      {sentence !== null && <Text size="sm">{sentence}</Text>}
      {!isKept && (
        <Alert color="red" variant="light" p="xs">
          {t("syncReason.loose")}
        </Alert>
      )}
      <div>
        <Text size="xs" c="dimmed" className="num">
          {t("unsaved.since", { count: pending, time })}
        </Text>
        <ul className={classes.images} aria-label={t("unsaved.title")}>
          {status.images.map((image, index) => (
            <li key={index}>
              <ImageLine unsaved={image} status={status} onLeave={onLeave} />
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

function ImageLine(props: UnsavedImagesProps & { readonly unsaved: UnsavedImage }) {
  const { t } = useTranslation();
  const editor = useEditor();
  const project = useProjectId();
  const [asking, setAsking] = useState(false);
  const { unsaved, status, onLeave } = props;
  const { imageId, image, count, barred } = unsaved;
  const refusals = status.refusals.filter((refusal) => refusal.imageId === imageId);
  const [first] = refusals;
  const name = image?.name ?? t("unsaved.image", { id: imageId });
  const object = first?.uuid == null ? "" : `?object=${first.uuid}`;
  return (
    <>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" truncate dir="auto">
          {name}
        </Text>
        <Text size="xs" c="dimmed" className="num">
          {t("unsaved.objects", { count })}
        </Text>
      </Group>
      {barred !== null && (
        <Text size="xs" c="var(--bad)">
          {barred}
        </Text>
      )}
      {refusals.map((refusal) => (
        <Text key={refusal.uuid ?? "image"} size="xs" c="var(--bad)">
          {refusal.detail}
        </Text>
      ))}
      {(barred !== null || first !== undefined) && (
        <Group gap={6} mt={4}>
          {first !== undefined && barred === null && (
            <Button
              size="compact-xs"
              variant="default"
              component={Link}
              to={`/projects/${project}/images/${imageId}${object}`}
              onClick={onLeave}
            >
              {t("unsaved.show")}
            </Button>
          )}
          <Button size="compact-xs" variant="subtle" color="red" onClick={() => setAsking(true)}>
            {t("unsaved.discard")}
          </Button>
        </Group>
      )}
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("unsaved.discardTitle", { name })}
        confirm={t("unsaved.discard")}
        cancel={t("actions.cancel")}
        danger
        onConfirm={async () => {
          editor.sync.discard(imageId);
          await editor.sync.flush();
        }}
      >
        {t("unsaved.discardText", { count: barred === null ? refusals.length : count })}
      </ConfirmDialog>
    </>
  );
}
