/** Whether everything is saved; what it says is always true. */
import { Button, Tooltip, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconCloudCheck, IconCloudOff, IconCloudUp, IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SyncStatus } from "../../editor";
import { ConflictDialog } from "./ConflictDialog";
import { useEditor } from "./EditorContext";
import { useSignal } from "./useSignal";
import classes from "./Annotate.module.css";

const ICONS: Readonly<Record<SyncStatus["state"], typeof IconCloudCheck>> = {
  saved: IconCloudCheck,
  dirty: IconPencil,
  saving: IconCloudUp,
  offline: IconCloudOff,
  conflict: IconAlertTriangle,
  refused: IconAlertTriangle,
};

export function SavedBadge() {
  const { t } = useTranslation();
  const editor = useEditor();
  const status = useSignal(editor.sync.status);
  const [opened, setOpened] = useState(false);
  const Icon = ICONS[status.state];
  const attention = status.state === "conflict" || status.state === "refused";
  const text = t(`sync.${status.state}`, { count: status.pending });
  return (
    <>
      <Tooltip label={status.reason === null ? t(`syncHelp.${status.state}`) : t(`syncReason.${status.reason}`)}>
        <UnstyledButton
          className={classes.saved ?? ""}
          data-state={status.state}
          role="status"
          aria-label={t("sync.label", { text })}
          onClick={() => {
            if (attention) setOpened(true);
            else void editor.sync.flush();
          }}
        >
          <Icon size={15} /> {text}
        </UnstyledButton>
      </Tooltip>
      {status.state === "offline" && (
        <Button size="compact-xs" variant="default" onClick={() => editor.sync.retry()}>
          {t("sync.retry")}
        </Button>
      )}
      <ConflictDialog opened={opened && attention} onClose={() => setOpened(false)} />
    </>
  );
}
