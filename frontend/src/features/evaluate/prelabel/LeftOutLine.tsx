/** Why finds of a model were not proposed, and how many. */
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { LeftOut } from "../../../api/types";
import { formatCount } from "../../../ui/format";

const REASONS = ["unmapped", "below", "overlapping", "outside"] as const;

export function LeftOutLine({ counts }: { readonly counts: LeftOut }) {
  const { t } = useTranslation();
  const parts = REASONS.flatMap((reason) => {
    const value = counts[reason] ?? 0;
    return value === 0 ? [] : [t(`prelabel.${reason}`, { value: formatCount(value) })];
  });
  if (parts.length === 0) return null;
  return (
    <Text size="xs" c="dimmed" className="num">
      {t("prelabel.leftOut")}: {parts.join(" · ")}
    </Text>
  );
}
