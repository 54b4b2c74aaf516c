/** The numbers that a check goes by, changed in place; a change looks at the project anew. */
import { Button, Group, NumberInput, Popover, Stack, Text } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changeThresholds } from "../../api/queries/health";
import type { HealthCheck, HealthThreshold } from "../../api/types";
import { localised } from "../../i18n/localised";
import { useAction } from "../../parts/useAction";
import { roleAtLeast, useProject, useProjectId } from "../../parts/useProjectId";

export function ThresholdEditor({ check }: { readonly check: HealthCheck }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  if (check.thresholds.length === 0) return null;
  return (
    <Popover opened={opened} onChange={setOpened} width={320} position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconAdjustmentsHorizontal size={14} />}
          onClick={() => setOpened(!opened)}
        >
          {t("health.thresholds")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("health.thresholdsOf", { check: localised(check.title) })}>
        <ThresholdForm check={check} onDone={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

const isDefault = (row: HealthThreshold): boolean => row.value === row.default;

function ThresholdForm({ check, onDone }: { readonly check: HealthCheck; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const project = useProjectId();
  const mayChange = roleAtLeast(useProject(), "manager");
  const [values, setValues] = useState<Readonly<Record<string, number | string>>>({});
  const save = useAction(
    (changes: Readonly<Record<string, number | null>>) => changeThresholds(project, check.key, changes),
    {
      failure: t("health.thresholdsFailed"),
      invalidate: [["project", project, "health"], ["jobs"]],
      onSuccess: onDone,
    },
  );
  const changed = check.thresholds.flatMap((row): [string, number][] => {
    const value = values[row.key];
    return typeof value === "number" && value !== row.value ? [[row.key, value]] : [];
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(Object.fromEntries(changed));
      }}
    >
      <Stack gap="xs">
        <Text size="xs" c="dimmed">
          {mayChange ? t("health.thresholdsHelp") : t("health.thresholdsRole")}
        </Text>
        {check.thresholds.map((row) => (
          <NumberInput
            key={row.key}
            label={row.title}
            description={[row.help, t("health.thresholdDefault", { value: String(row.default) })]
              .filter((text) => text !== "")
              .join(" ")}
            value={values[row.key] ?? row.value}
            onChange={(value) => setValues({ ...values, [row.key]: value })}
            min={row.min}
            max={row.max}
            step={row.max <= 1 ? 0.05 : 1}
            decimalScale={4}
            disabled={!mayChange}
          />
        ))}
        {mayChange && (
          <Group justify="flex-end" gap="xs" mt={4}>
            {!check.thresholds.every(isDefault) && (
              <Button
                variant="subtle"
                color="gray"
                onClick={() => save.mutate(Object.fromEntries(check.thresholds.map((row) => [row.key, null])))}
              >
                {t("health.thresholdsReset")}
              </Button>
            )}
            <Button type="submit" disabled={changed.length === 0} loading={save.isPending}>
              {t("health.thresholdsSave")}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
