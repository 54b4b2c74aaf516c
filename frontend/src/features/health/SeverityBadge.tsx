/** How grave a finding is: a colour, a sign of its own, and the word. */
import { Badge } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Severity } from "../../api/types";

export const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

const SIGNS = {
  error: { Icon: IconCircleX, ink: "var(--bad)", color: "red" },
  warning: { Icon: IconAlertTriangle, ink: "var(--warn)", color: "orange" },
  info: { Icon: IconInfoCircle, ink: "var(--accent-text)", color: "accent" },
} as const;

/** Null: all is well. */
export function SeverityIcon({ severity, size = 16 }: { readonly severity: Severity | null; readonly size?: number }) {
  const { t } = useTranslation();
  if (severity === null)
    return <IconCircleCheck size={size} color="var(--good)" role="img" aria-label={t("health.well")} />;
  const { Icon, ink } = SIGNS[severity];
  return <Icon size={size} color={ink} role="img" aria-label={t(`health.severityOne.${severity}`)} />;
}

export function SeverityBadge({ severity, text }: { readonly severity: Severity; readonly text?: string }) {
  const { t } = useTranslation();
  const { Icon, color } = SIGNS[severity];
  return (
    <Badge color={color} leftSection={<Icon size={12} />}>
      {text ?? t(`health.severityOne.${severity}`)}
    </Badge>
  );
}
