/** Says what a fix will change before it is done, and does it as one revision. */
import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { applyFix, fixPreviewQuery } from "../../api/queries/health";
import type { FindingTarget, HealthCheck, HealthFix, HealthFixResult } from "../../api/types";
import { localised } from "../../i18n/localised";
import { Loaded } from "../../parts/Loaded";
import { useAction } from "../../parts/useAction";
import { useProjectId } from "../../parts/useProjectId";
import { formatCount } from "../../ui/format";
import { changesNothing, sentenceOf } from "./checks";
import { useAmounts } from "./useAmounts";

const TYPING_MS = 250;
const LONGEST_TAG = 100;

interface FixDialogProps {
  readonly check: HealthCheck;
  readonly fix: HealthFix;
  readonly target: FindingTarget;
  readonly onClose: () => void;
  readonly onDone?: () => void;
}

export function FixDialog({ check, fix, target, onClose, onDone }: FixDialogProps) {
  const { t } = useTranslation();
  const project = useProjectId();
  const amounts = useAmounts();
  const isTag = fix.key === "tag";
  const [tag, setTag] = useState(check.key);
  const [asked] = useDebouncedValue(tag, TYPING_MS);
  const wish = (name: string) => ({ check: check.key, fix: fix.key, target, ...(isTag ? { tag: name.trim() } : {}) });
  const preview = useQuery(fixPreviewQuery(project, wish(asked)));
  const apply = useAction(() => applyFix(project, wish(tag)), {
    failure: t("health.fixFailed"),
    done: (result) =>
      result.revision === null
        ? t("health.fixedNothing")
        : t("health.fixed", { what: amounts(result.annotations, result.images).both, number: result.revision }),
    invalidate: [["project", project], ["projects"], ["image"], ["annotations"]],
    onSuccess: () => {
      onDone?.();
      onClose();
    },
  });
  const ready = preview.data !== undefined && !changesNothing(preview.data) && (!isTag || tag.trim() !== "");
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("health.fixTitle", { fix: fix.title, check: localised(check.title) })}
      size={460}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <Stack gap="sm">
        {isTag && (
          <TextInput
            label={t("health.tagName")}
            description={t("health.tagHelp")}
            value={tag}
            maxLength={LONGEST_TAG}
            onChange={(event) => setTag(event.currentTarget.value)}
            data-autofocus
          />
        )}
        <Loaded query={preview} rows={2}>
          {(result) => <Preview fix={fix} result={result} />}
        </Loaded>
        <Group justify="flex-end" gap="xs" mt={4}>
          <Button variant="default" onClick={onClose}>
            {t("actions.cancel")}
          </Button>
          <Button
            {...(fix.is_destructive ? { color: "red" } : {})}
            disabled={!ready}
            loading={apply.isPending}
            onClick={() => apply.mutate(undefined)}
            data-autofocus={!isTag || undefined}
          >
            {fix.title}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Preview({ fix, result }: { readonly fix: HealthFix; readonly result: HealthFixResult }) {
  const { t } = useTranslation();
  const amounts = useAmounts();
  const { annotations, images, skipped } = result;
  return (
    <div role="status">
      <Text size="sm">
        {changesNothing(result)
          ? t("health.nothing")
          : `${t(`health.will.${sentenceOf(fix.key)}`, { ...amounts(annotations, images) })} ${t("health.revertable")}`}
      </Text>
      {skipped > 0 && (
        <Text size="xs" c="dimmed" mt={4}>
          {t("health.skipped", { count: skipped, value: formatCount(skipped) })}
        </Text>
      )}
    </div>
  );
}
