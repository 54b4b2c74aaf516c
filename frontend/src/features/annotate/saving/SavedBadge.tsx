/** Whether everything is saved; what it says is always true. */
import { Button, Tooltip, UnstyledButton } from "@mantine/core";
import { IconCloudCheck, IconCloudOff, IconCloudUp, IconAlertTriangle, IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SyncStatus } from "../../../editor";
import { deferred, Once } from "../../../ui/deferred";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import classes from "./Saving.module.css";

const UnsavedDialog = deferred(async () => (await import("./UnsavedDialog")).UnsavedDialog);

const ICONS: Readonly<Record<SyncStatus["state"], typeof IconCloudCheck>> = {
  saved: IconCloudCheck,
  dirty: IconPencil,
  saving: IconCloudUp,
  offline: IconCloudOff,
  conflict: IconAlertTriangle,
  refused: IconAlertTriangle,
};

/** Those that pass by themselves. */
const CALM: ReadonlySet<SyncStatus["state"]> = new Set(["saved", "dirty", "saving"]);

export function SavedBadge() {
  const { t } = useTranslation();
  const editor = useEditor();
  const status = useSignal(editor.sync.status);
  const [opened, setOpened] = useState(false);
  const isLoose = status.pending > 0 && !status.isKept;
  const calm = CALM.has(status.state);
  const Icon = isLoose && !calm ? IconAlertTriangle : ICONS[status.state];
  const text = t(`sync.${status.state === "offline" && isLoose ? "loose" : status.state}`, { count: status.pending });
  const help = status.reason === null ? t(`syncHelp.${status.state}`) : t(`syncReason.${status.reason}`);
  return (
    <>
      <Tooltip label={isLoose ? t("syncReason.loose") : help} multiline maw={320}>
        <UnstyledButton
          className={classes.badge ?? ""}
          data-state={isLoose && !calm ? "refused" : status.state}
          role="status"
          aria-label={t("sync.label", { text })}
          onClick={() => {
            if (calm) void editor.sync.flush();
            else setOpened(true);
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
      <Once when={opened && !calm}>
        <UnsavedDialog opened={opened && !calm} onClose={() => setOpened(false)} />
      </Once>
    </>
  );
}
