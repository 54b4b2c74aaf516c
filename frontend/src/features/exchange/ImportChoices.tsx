/** How a file is to be read: its format, and what happens to labels that are here already. */
import { Button, Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { formatsQuery } from "../../api/queries/exchange";
import type { ImportMode } from "../../api/types";

export const DETECT = "";
const MODES: readonly ImportMode[] = ["merge", "add", "replace"];

interface ImportChoicesProps {
  readonly format: string;
  readonly onFormat: (format: string) => void;
  readonly mode: ImportMode;
  readonly onMode: (mode: ImportMode) => void;
  readonly checked: boolean;
  readonly busy: boolean;
  readonly onCheck: () => void;
}

export function ImportChoices({ format, onFormat, mode, onMode, checked, busy, onCheck }: ImportChoicesProps) {
  const { t } = useTranslation();
  const formats = useQuery(formatsQuery);
  return (
    <Stack gap="sm">
      <Group align="flex-end" gap="xs">
        <Select
          label={t("import.format")}
          value={format}
          onChange={(value) => onFormat(value ?? DETECT)}
          data={[
            { value: DETECT, label: t("import.detect") },
            ...(formats.data ?? []).filter((item) => item.read).map((item) => ({ value: item.key, label: item.title })),
          ]}
          searchable
          allowDeselect={false}
          flex={1}
        />
        <Button variant={checked ? "default" : "filled"} loading={busy} onClick={onCheck}>
          {t("import.check")}
        </Button>
      </Group>
      <div>
        <Text size="sm" fw={500} mb={4}>
          {t("import.mode")}
        </Text>
        <SegmentedControl
          aria-label={t("import.mode")}
          value={mode}
          onChange={onMode}
          data={MODES.map((value) => ({ value, label: t(`import.modes.${value}`) }))}
        />
        <Text size="xs" c="dimmed" mt={4}>
          {t(`import.modeHelp.${mode}`)}
        </Text>
      </div>
    </Stack>
  );
}
