/** What concerns all of a person's own keys: how many there are, away with them, into a file and out of one. */
import { Button, FileButton, Group, Text } from "@mantine/core";
import { IconArrowBackUp, IconDownload, IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { notifyDone, notifyFailure } from "../../ui/notify";
import { parseBindings, saveKeyBindings, useKeyBindings } from "./store";

export function OwnKeysBar() {
  const { t } = useTranslation();
  const bindings = useKeyBindings();
  const [asking, setAsking] = useState(false);
  const count = Object.keys(bindings).length;

  const read = async (file: File | null) => {
    if (file === null) return;
    const found = parseBindings(await file.text());
    if (found === null) {
      notifyFailure(file.name, t("keys.notKeys"));
      return;
    }
    saveKeyBindings(found);
    notifyDone(t("keys.imported", { count: Object.keys(found).length }));
  };
  const save = () => {
    const url = URL.createObjectURL(new Blob([JSON.stringify(bindings, null, 2)], { type: "application/json" }));
    Object.assign(document.createElement("a"), { href: url, download: t("keys.fileName") }).click();
    URL.revokeObjectURL(url);
  };
  return (
    <Group gap={6} mb="sm">
      <Text size="xs" c="dimmed" flex={1}>
        {t("keys.changed", { count })}
      </Text>
      <FileButton onChange={(file) => void read(file)} accept="application/json,.json">
        {(button) => (
          <Button {...button} size="compact-xs" variant="subtle" leftSection={<IconUpload size={13} />}>
            {t("keys.import")}
          </Button>
        )}
      </FileButton>
      <Button size="compact-xs" variant="subtle" leftSection={<IconDownload size={13} />} onClick={save}>
        {t("keys.export")}
      </Button>
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconArrowBackUp size={13} />}
        disabled={count === 0}
        onClick={() => setAsking(true)}
      >
        {t("keys.resetAll")}
      </Button>
      <ConfirmDialog
        opened={asking}
        title={t("keys.resetAll")}
        confirm={t("keys.resetAll")}
        cancel={t("actions.cancel")}
        danger
        onClose={() => setAsking(false)}
        onConfirm={() => {
          saveKeyBindings({});
          return Promise.resolve();
        }}
      >
        {t("keys.resetAllAsk")}
      </ConfirmDialog>
    </Group>
  );
}
