/** A small field for a few sentences: Ctrl+Enter sends, Escape leaves. */
import { Button, Group, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

interface WritingProps {
  readonly label: string;
  readonly send: string;
  readonly busy: boolean;
  readonly mayBeEmpty?: boolean;
  readonly onSend: (text: string) => void;
  readonly onCancel: () => void;
}

export function Writing({ label, send, busy, mayBeEmpty = false, onSend, onCancel }: WritingProps) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const ready = (mayBeEmpty || text.trim() !== "") && !busy;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onSend(text.trim());
      }}
    >
      <Textarea
        size="xs"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={4000}
        data-autofocus
        autoFocus
        onKeyDown={(event) => {
          if (event.key === "Escape") onCancel();
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
        }}
      />
      <Group gap={6} mt={6} justify="flex-end">
        <Button size="compact-xs" variant="subtle" color="gray" onClick={onCancel}>
          {t("actions.cancel")}
        </Button>
        <Button size="compact-xs" type="submit" disabled={!ready} loading={busy}>
          {send}
        </Button>
      </Group>
    </form>
  );
}
