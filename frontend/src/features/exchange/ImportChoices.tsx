/** How a file is to be read: its format, and what happens to labels that are here already. */
import { Button, Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { formatsQuery } from "../../api/queries/exchange";
import type { ImportMode } from "../../api/types";
import { type FieldValues, ParameterFields } from "../../ui/ParameterFields";
import classes from "./Exchange.module.css";

export const DETECT = "";
const MODES: readonly ImportMode[] = ["merge", "add", "replace"];

interface ImportChoicesProps {
  readonly format: string;
  readonly onFormat: (format: string) => void;
  readonly readOptions: FieldValues;
  readonly onReadOption: (key: string, value: FieldValues[string]) => void;
  readonly mode: ImportMode;
  readonly onMode: (mode: ImportMode) => void;
  readonly checked: boolean;
  readonly busy: boolean;
  readonly onCheck: () => void;
}

export function ImportChoices({
  format,
  onFormat,
  readOptions,
  onReadOption,
  mode,
  onMode,
  checked,
  busy,
  onCheck,
}: ImportChoicesProps) {
  const { t } = useTranslation();
  const formats = useQuery(formatsQuery);
  const fields = formats.data?.find((item) => item.key === format)?.read_options ?? [];
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
      {fields.length > 0 && (
        <div className={classes.options} role="group" aria-label={t("import.readOptions")}>
          <ParameterFields fields={fields} values={readOptions} onChange={onReadOption} columns={2} />
        </div>
      )}
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
