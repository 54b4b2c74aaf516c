/** Says what restoring an earlier state would change, and does it. */
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { restorePreviewQuery, restoreProject } from "../api/queries/revisions";
import type { RestorePart, RestorePreview } from "../api/types";
import { notifyDone } from "../ui/notify";
import { Loaded } from "./Loaded";
import { RewriteCounts } from "./RewriteCounts";
import { useAction } from "./useAction";
import { useProjectId } from "./useProjectId";

interface RestoreDialogProps {
  readonly part: RestorePart;
  /** What comes back, as the title says it. */
  readonly what: string;
  readonly onClose: () => void;
}

export function RestoreDialog({ part, what, onClose }: RestoreDialogProps) {
  const { t } = useTranslation();
  const project = useProjectId();
  const preview = useQuery(restorePreviewQuery(project, part));
  const restore = useAction(() => restoreProject(project, part), {
    failure: t("restore.failed"),
    invalidate: [["project", project], ["projects"], ["image"], ["annotations"], ["jobs"]],
    onSuccess: (answer) => {
      notifyDone(
        !("revision" in answer)
          ? t("activity.startedJob")
          : answer.revision === null
            ? t("restore.same")
            : t("restore.done", { number: answer.revision }),
      );
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("restore.title", { what })}
      size={460}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t("restore.text")}
        </Text>
        <Loaded query={preview} rows={2}>
          {(found) => (
            <>
              <RewriteCounts counts={countsOf(found)} />
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
            disabled={preview.data === undefined}
            loading={restore.isPending}
            onClick={() => restore.mutate(undefined)}
          >
            {t("restore.confirm")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

const countsOf = ({ objects, images, classes }: RestorePreview) => ({
  objects,
  images,
  classes: {
    added: classes.filter((change) => change.kind === "added").length,
    removed: classes.filter((change) => change.kind === "removed").length,
    changed: classes.filter((change) => change.kind === "changed").length,
  },
});
