/** Tag mode and attribute mode: what is asked now, at the top of the canvas, with the keys that answer it. */
import { Text, UnstyledButton } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { classKeyAction } from "../../../editor";
import { ActionKey } from "../../../parts/keys/ActionKey";
import { useScreenActions } from "../../../parts/keys/useScreenActions";
import { IconButton } from "../../../ui/IconButton";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { firstOpen, type Question, questionsOf } from "./questions";
import { tagActions } from "./tagging";
import classes from "./ModeBar.module.css";

type Mode = "tag" | "attribute" | null;

export function ModeBar({ onNext }: { readonly onNext: () => void }) {
  const editor = useEditor();
  const { readOnly } = useSignal(editor.session);
  const [mode, setMode] = useState<Mode>(null);
  const leave = useCallback(() => setMode(null), []);
  const table = useMemo(() => {
    const toggle = (wanted: Mode) => () => setMode((now) => (now === wanted ? null : wanted));
    return [
      { id: "tag-mode", run: toggle("tag") },
      { id: "attribute-mode", run: toggle("attribute") },
    ] as const;
  }, []);
  useScreenActions(editor, table);
  if (mode === null || readOnly) return null;
  return mode === "tag" ? <TagMode onNext={onNext} onLeave={leave} /> : <AttributeMode onLeave={leave} />;
}

interface ModeProps {
  readonly onLeave: () => void;
}

function TagMode({ onNext, onLeave }: ModeProps & { readonly onNext: () => void }) {
  const { t } = useTranslation();
  const editor = useEditor();
  const all = useSignal(editor.classes);
  useEffect(() => editor.keymap.register(tagActions(editor, onNext)), [editor, all, onNext]);
  return (
    <Bar title={t("objects.tagMode")} onLeave={onLeave}>
      {all
        .filter((one) => one.hotkey !== "")
        .map((one) => (
          <span key={one.id} className={classes.choice}>
            <ActionKey id={classKeyAction(one.hotkey)} /> {one.name}
          </span>
        ))}
    </Bar>
  );
}

function AttributeMode({ onLeave }: ModeProps) {
  const { t } = useTranslation();
  const editor = useEditor();
  const objects = useSignal(editor.objects);
  const all = useSignal(editor.classes);
  const image = useSignal(editor.image)?.imageId;
  const questions = useMemo(() => questionsOf(objects, all), [objects, all]);
  const [start] = useState(() => firstOpen(questions));
  const [place, setPlace] = useState({ image, at: start });
  const at = place.image === image ? Math.min(place.at, questions.length - 1) : 0;
  const question = questions[at];
  const shown = question?.object;
  useEffect(() => {
    if (shown === undefined) return;
    editor.select([shown]);
    editor.zoomTo(shown);
  }, [editor, shown]);

  const step = useCallback(
    (by: number) => setPlace({ image, at: Math.min(Math.max(at + by, 0), questions.length - 1) }),
    [image, at, questions.length],
  );
  const answer = useCallback(
    (asked: Question, value: string | boolean) => {
      editor.labels.setAttribute([asked.object], asked.attribute, value);
      step(1);
    },
    [editor, step],
  );
  const actions = useMemo(
    () => [
      { id: "attribute-next" as const, run: () => step(1) },
      { id: "attribute-previous" as const, run: () => step(-1) },
      ...(question?.choices ?? []).map((choice, index) => ({
        id: `attribute-answer-${index + 1}` as "attribute-answer-1",
        run: () => {
          if (question !== undefined) answer(question, choice);
        },
      })),
    ],
    [question, step, answer],
  );
  useScreenActions(editor, actions);

  return (
    <Bar title={t("objects.attributeMode")} onLeave={onLeave}>
      {question === undefined ? (
        <Text size="xs">{t("objects.nothingAsked")}</Text>
      ) : (
        <>
          <Text size="xs" c="dimmed" className="num">
            {t("objects.question", { at: at + 1, total: questions.length, name: question.className })}
          </Text>
          <Text size="xs" fw={600}>
            {question.attribute}
          </Text>
          {question.choices.map((choice, index) => (
            <UnstyledButton
              key={String(choice)}
              className={classes.choice ?? ""}
              aria-pressed={question.answer === choice}
              onClick={() => answer(question, choice)}
            >
              <ActionKey id={`attribute-answer-${index + 1}`} />{" "}
              {typeof choice === "boolean" ? t(choice ? "rules.yes" : "rules.no") : choice}
            </UnstyledButton>
          ))}
        </>
      )}
    </Bar>
  );
}

interface BarProps {
  readonly title: string;
  readonly onLeave: () => void;
  readonly children: ReactNode;
}

function Bar({ title, onLeave, children }: BarProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.bar} role="group" aria-label={title}>
      <Text size="xs" fw={600} c="var(--accent-text)">
        {title}
      </Text>
      {children}
      <IconButton label={t("objects.leaveMode", { mode: title })} size={22} onClick={onLeave}>
        <IconX size={14} />
      </IconButton>
    </div>
  );
}
