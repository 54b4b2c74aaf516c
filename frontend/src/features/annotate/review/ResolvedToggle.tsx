/** Whether resolved comments are listed too. */
import { Checkbox } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface ResolvedToggleProps {
  /** How many there are. */
  readonly count: number;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function ResolvedToggle({ count, checked, onChange }: ResolvedToggleProps) {
  const { t } = useTranslation();
  return (
    <Checkbox
      size="xs"
      label={t("comment.showResolved", { count })}
      checked={checked}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
