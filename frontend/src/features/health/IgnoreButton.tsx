/** Hides findings that are all right as they are, with a word on why. */
import { Button, Popover, Stack, TextInput } from "@mantine/core";
import { IconEyeOff } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ignoreFindings } from "../../api/queries/health";
import type { FindingTarget } from "../../api/types";
import { useAction } from "../../parts/useAction";
import { roleAtLeast, useProject, useProjectId } from "../../parts/useProjectId";
import { formatCount } from "../../ui/format";

const LONGEST_NOTE = 300;

interface IgnoreButtonProps {
  readonly check: string;
  readonly target: FindingTarget;
  readonly label: string;
  readonly onDone?: () => void;
}

export function useIgnore(check: string, onDone?: () => void) {
  const { t } = useTranslation();
  const project = useProjectId();
  return useAction(
    async (wish: { readonly target: FindingTarget; readonly ignored: boolean; readonly note?: string }) => ({
      ...(await ignoreFindings(project, { check, ...wish })),
      ignored: wish.ignored,
    }),
    {
      failure: t("health.ignoreFailed"),
      done: ({ count, ignored }) =>
        t(ignored ? "health.ignoredDone" : "health.shownAgain", { count, value: formatCount(count) }),
      invalidate: ["health", "findings", "images"].map((part) => ["project", project, part]),
      onSuccess: () => onDone?.(),
    },
  );
}

export function IgnoreButton({ check, target, label, onDone }: IgnoreButtonProps) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const [note, setNote] = useState("");
  const ignore = useIgnore(check, () => {
    setOpened(false);
    onDone?.();
  });
  if (!roleAtLeast(useProject(), "annotator")) return null;
  return (
    <Popover opened={opened} onChange={setOpened} width={280} position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconEyeOff size={14} />} onClick={() => setOpened(!opened)}>
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            ignore.mutate({ target, ignored: true, note: note.trim() });
          }}
        >
          <Stack gap="xs">
            <TextInput
              label={t("health.ignoreNote")}
              value={note}
              maxLength={LONGEST_NOTE}
              onChange={(event) => setNote(event.currentTarget.value)}
              data-autofocus
            />
            <Button type="submit" loading={ignore.isPending} style={{ justifySelf: "end" }}>
              {t("health.ignore")}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
