/** The acts that a check offers; each is shown in a dialog before it is done. */
import { Button, Menu, Text } from "@mantine/core";
import { IconChevronDown, IconTool } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { FindingTarget, HealthCheck, HealthFix } from "../../api/types";
import { roleAtLeast, useProject } from "../../parts/useProjectId";
import { isFor } from "./checks";
import { FixDialog } from "./FixDialog";

interface FixMenuProps {
  readonly check: HealthCheck;
  readonly target: FindingTarget;
  /** Rules that the chosen findings are of. */
  readonly codes: readonly string[];
  readonly label: string;
  readonly primary?: boolean;
  readonly onDone?: () => void;
}

export function FixMenu({ check, target, codes, label, primary = false, onDone }: FixMenuProps) {
  const { t } = useTranslation();
  const project = useProject();
  const [fix, setFix] = useState<HealthFix | null>(null);
  const whyNot = (item: HealthFix): string | null => {
    if (!roleAtLeast(project, item.role)) return t("health.fixRole", { role: t(`role.${item.role}`) });
    // "All" takes what the fix is for by itself; a choice has to fit.
    return "all" in target && target.code === undefined
      ? item.codes.length === 0 || item.codes.some((code) => codes.includes(code))
        ? null
        : t("health.fixOther")
      : isFor(item, codes)
        ? null
        : t("health.fixOther");
  };
  return (
    <>
      <Menu width={270} position="bottom-end">
        <Menu.Target>
          <Button
            variant={primary ? "filled" : "default"}
            leftSection={<IconTool size={14} />}
            rightSection={<IconChevronDown size={13} />}
          >
            {label}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {check.fixes.map((item) => {
            const reason = whyNot(item);
            return (
              <Menu.Item
                key={item.key}
                disabled={reason !== null}
                {...(item.is_destructive ? { color: "red" } : {})}
                onClick={() => setFix(item)}
              >
                {item.title}
                {reason !== null && (
                  <Text size="xs" c="dimmed">
                    {reason}
                  </Text>
                )}
              </Menu.Item>
            );
          })}
        </Menu.Dropdown>
      </Menu>
      {fix !== null && (
        <FixDialog
          check={check}
          fix={fix}
          target={target}
          onClose={() => setFix(null)}
          {...(onDone === undefined ? {} : { onDone })}
        />
      )}
    </>
  );
}
