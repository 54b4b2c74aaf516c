/** Says what taking a revision back would do and what stands in its way, and does it. */
import { Alert, Button, Checkbox, Group, Modal, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { revertPreviewQuery, revertRevision } from "../../api/queries/revisions";
import type { RevertPreview, Revision } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { RewriteCounts } from "../../parts/RewriteCounts";
import { useAction } from "../../parts/useAction";
import { useProject, useProjectId } from "../../parts/useProjectId";
import { formatCount } from "../../ui/format";
import { notifyDone } from "../../ui/notify";
import classes from "./Activity.module.css";

const CONFLICTS_SHOWN = 8;

export function RevertDialog({ row, onClose }: { readonly row: Revision; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const project = useProjectId();
  const preview = useQuery(revertPreviewQuery(row.id));
  const [keepLater, setKeepLater] = useState(false);
  const revert = useAction(revertRevision, {
    failure: t("activity.revertFailed"),
    invalidate: [["project", project], ["projects"], ["image"], ["annotations"], ["jobs"]],
    onSuccess: (answer) => {
      const number = "revision" in answer ? answer.revision : null;
      notifyDone(number === null ? t("activity.startedJob") : t("activity.reverted", { number }));
      onClose();
    },
  });
  const blocked = preview.data === undefined || (preview.data.conflict_count > 0 && !keepLater);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("activity.revertTitle", { number: row.number })}
      size={500}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <Stack gap="sm">
        <Text size="sm">{row.message}</Text>
        <Loaded query={preview} rows={3}>
          {(found) => (
            <>
              <Text size="xs" c="dimmed">
                {t("activity.wouldDo")}
              </Text>
              <RewriteCounts counts={found} />
              {found.conflict_count > 0 && (
                <Conflicts preview={found} keepLater={keepLater} onKeepLater={setKeepLater} />
              )}
              {found.is_large && (
                <Text size="xs" c="dimmed">
                  {t("activity.large")}
                </Text>
              )}
            </>
          )}
        </Loaded>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("actions.cancel")}
          </Button>
          <Button
            data-autofocus
            disabled={blocked}
            loading={revert.isPending}
            onClick={() => revert.mutate({ revision: row, keepLater })}
          >
            {t("activity.revert")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Conflicts(props: {
  readonly preview: RevertPreview;
  readonly keepLater: boolean;
  readonly onKeepLater: (value: boolean) => void;
}) {
  const { t } = useTranslation();
  const { conflicts, conflict_count } = props.preview;
  const known = new Map((useProject()?.classes ?? []).map((item) => [item.id, item.name]));
  const shown = conflicts.slice(0, CONFLICTS_SHOWN);
  return (
    <Alert color="orange" variant="light" p="xs" icon={<IconAlertTriangle size={16} />}>
      <Text size="sm">{t("activity.conflicts", { count: conflict_count, value: formatCount(conflict_count) })}</Text>
      <ul className={classes.conflicts}>
        {shown.map((conflict, index) => (
          <li key={index}>
            {t(`activity.conflict.${conflict.noun as "object"}`, {
              id: conflict.image,
              name: known.get((conflict.now ?? conflict.then)?.class ?? conflict.class ?? -1) ?? conflict.noun,
            })}{" "}
            {t(`activity.reason.${conflict.reason as "changed"}`, conflict.reason)}{" "}
            {conflict.changed_in !== null &&
              (conflict.changed_by === null
                ? t("activity.changedIn", { number: conflict.changed_in })
                : t("activity.changedBy", { number: conflict.changed_in, author: conflict.changed_by }))}
          </li>
        ))}
      </ul>
      {conflict_count > shown.length && (
        <Text size="xs">{t("activity.moreConflicts", { value: formatCount(conflict_count - shown.length) })}</Text>
      )}
      <Checkbox
        mt={8}
        size="xs"
        label={t("activity.keepLater")}
        checked={props.keepLater}
        onChange={(event) => props.onKeepLater(event.currentTarget.checked)}
      />
    </Alert>
  );
}
