/** What is said of the image as a whole: its tags and captions. */
import { ActionIcon, Pill, Textarea } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useScreenActions } from "../../../parts/keys/useScreenActions";
import { useEditor } from "../EditorContext";
import { Panel } from "../Panel";
import { useSignal } from "../useSignal";
import classes from "./ImagePanel.module.css";

export function ImagePanel() {
  const { t } = useTranslation();
  const editor = useEditor();
  const objects = useSignal(editor.objects);
  const all = useSignal(editor.classes);
  const { readOnly } = useSignal(editor.session);
  const tags = objects.filter((object) => object.shape.type === "tag");
  const captions = objects.flatMap(({ id, shape, classId }) =>
    shape.type === "caption" ? [{ id, classId, text: shape.text }] : [],
  );
  const nameOf = (id: number) => all.find((item) => item.classId === id)?.name ?? "?";
  return (
    <Panel name="image-labels" title={t("label.image")} note={tags.length + captions.length || undefined}>
      <div className={classes.fields}>
        {tags.length > 0 && (
          <Pill.Group gap={4} aria-label={t("label.tags")}>
            {tags.map((tag) => (
              <Pill
                key={tag.id}
                withRemoveButton={!readOnly}
                onRemove={() => editor.remove([tag.id])}
                removeButtonProps={{ "aria-label": t("label.clear", { name: nameOf(tag.classId) }) }}
              >
                {nameOf(tag.classId)}
              </Pill>
            ))}
          </Pill.Group>
        )}
        {captions.map((caption) => (
          <div key={caption.id} className={classes.caption}>
            <CaptionField
              label={`${t("label.caption")}, ${t("label.captionClass", { name: nameOf(caption.classId) })}`}
              text={caption.text}
              disabled={readOnly}
              onSave={(text) => editor.labels.setCaption(caption.id, text)}
            />
            {!readOnly && (
              <ActionIcon
                variant="subtle"
                size={22}
                aria-label={t("label.deleteCaption")}
                onClick={() => editor.remove([caption.id])}
              >
                <IconX size={13} />
              </ActionIcon>
            )}
          </div>
        ))}
        {!readOnly && <NewCaption />}
      </div>
    </Panel>
  );
}

function NewCaption() {
  const { t } = useTranslation();
  const editor = useEditor();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  const actions = useMemo(() => [{ id: "caption", run: () => field.current?.focus() }] as const, []);
  useScreenActions(editor, actions);
  const add = () => {
    if (editor.labels.addCaption(text) !== null) setText("");
  };
  return (
    <Textarea
      ref={field}
      size="xs"
      autosize
      minRows={1}
      aria-label={t("label.caption")}
      placeholder={t("label.addCaption")}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={add}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.currentTarget.blur();
        if (event.key !== "Enter" || event.shiftKey) return;
        event.preventDefault();
        add();
      }}
    />
  );
}

interface CaptionFieldProps {
  readonly label: string;
  readonly text: string;
  readonly disabled: boolean;
  readonly onSave: (text: string) => void;
}

function CaptionField({ label, text, disabled, onSave }: CaptionFieldProps) {
  const [changed, setChanged] = useState<string | null>(null);
  const leave = () => {
    if (changed !== null && changed.trim() !== text) onSave(changed);
    setChanged(null);
  };
  return (
    <Textarea
      size="xs"
      autosize
      minRows={1}
      aria-label={label}
      disabled={disabled}
      value={changed ?? text}
      onChange={(event) => setChanged(event.currentTarget.value)}
      onBlur={leave}
    />
  );
}
