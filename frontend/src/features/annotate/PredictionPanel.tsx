/** Predictions of a model on the image: how sure they must be to be shown, and taking them all at once. */
import { Button, Group, Slider, Text, UnstyledButton } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/IconButton";
import { PrecisionLine } from "../../parts/PrecisionLine";
import { ActionKey } from "../../parts/keys/ActionKey";
import { Swatch } from "../../ui/Swatch";
import { useEditor } from "./EditorContext";
import { Panel } from "./Panel";
import { useSignal } from "./useSignal";
import { formatDecimal } from "../../ui/format";
import classes from "./Annotate.module.css";

const LISTED = 50;
/** Classes that get a button of their own. */
const CLASSES = 8;

/** `predicted` tells whether the image came with predictions at all. */
export function PredictionPanel({ predicted }: { readonly predicted: number }) {
  const { t } = useTranslation();
  const editor = useEditor();
  const shown = useSignal(editor.predictions);
  const { minScore } = useSignal(editor.settings);
  const all = useSignal(editor.classes);
  const selection = useSignal(editor.selection);
  const { readOnly } = useSignal(editor.session);
  // The slider may leave none in view: then it must stay, to be pulled down again.
  if (shown.length === 0 && (predicted === 0 || minScore === 0)) return null;
  const classOf = new Map(all.map((item) => [item.classId, item]));
  const models = [...new Set(shown.flatMap((item) => item.model ?? []))];
  const present = [...new Set(shown.map((item) => item.classId))];
  return (
    <Panel name="predictions" title={t("prediction.title")} note={shown.length}>
      <div className={classes.selection}>
        <Group gap="xs" wrap="nowrap">
          <Slider
            flex={1}
            size="sm"
            min={0}
            max={1}
            step={0.01}
            value={minScore}
            onChange={(value) => editor.updateSettings({ minScore: value })}
            label={null}
            thumbLabel={t("prediction.minScore")}
          />
          <Text size="xs" className="num" w={58} ta="end">
            {t("prediction.from", { score: formatDecimal(minScore) })}
          </Text>
        </Group>
        <Group gap={6} grow>
          <Button
            size="compact-xs"
            leftSection={<IconCheck size={13} />}
            disabled={shown.length === 0 || readOnly}
            onClick={() => editor.accept(shown.map((item) => item.id))}
          >
            {t("prediction.acceptAll", { count: shown.length })}
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconX size={13} />}
            disabled={shown.length === 0 || readOnly}
            onClick={() => editor.reject(shown.map((item) => item.id))}
          >
            {t("prediction.rejectAll", { count: shown.length })}
          </Button>
        </Group>
        {present.length > 1 && (
          <Group gap={4}>
            {present.slice(0, CLASSES).map((classId) => {
              const own = shown.filter((item) => item.classId === classId);
              return (
                <Button
                  key={classId}
                  size="compact-xs"
                  variant="subtle"
                  leftSection={<Swatch color={classOf.get(classId)?.color ?? "#8a8f98"} />}
                  disabled={readOnly}
                  onClick={() => editor.accept(own.map((item) => item.id))}
                >
                  {t("prediction.acceptClass", { number: own.length, name: classOf.get(classId)?.name ?? "?" })}
                </Button>
              );
            })}
          </Group>
        )}
      </div>
      {models.map((model) => (
        <div key={model} className={classes.selection}>
          <PrecisionLine model={model} threshold={minScore} />
        </div>
      ))}
      <ul className={classes.ghosts} aria-label={t("prediction.title")}>
        {shown.slice(0, LISTED).map((item) => {
          const owner = classOf.get(item.classId);
          const label = t("prediction.one", { name: owner?.name ?? "?", score: formatDecimal(item.score) });
          return (
            <li key={item.id} data-selected={selection.has(item.id) || undefined}>
              <UnstyledButton
                className={classes.object ?? ""}
                aria-label={label}
                onClick={() => editor.select([item.id], { reveal: true })}
              >
                <Swatch color={owner?.color ?? "#8a8f98"} />
                <span className={classes.className} dir="auto">
                  {owner?.name ?? "?"}
                </span>{" "}
                <em className="num">{formatDecimal(item.score)}</em>
              </UnstyledButton>
              <IconButton
                label={t("prediction.accept", { prediction: label })}
                size={22}
                side="left"
                onClick={() => editor.accept([item.id])}
              >
                <IconCheck size={14} color="var(--good)" />
              </IconButton>
              <IconButton
                label={t("prediction.reject", { prediction: label })}
                size={22}
                side="left"
                onClick={() => editor.reject([item.id])}
              >
                <IconX size={14} />
              </IconButton>
            </li>
          );
        })}
      </ul>
      <p className={classes.hint}>
        <ActionKey id="accept-prediction" /> {t("prediction.acceptHint")} <ActionKey id="reject-prediction" />{" "}
        {t("prediction.rejectHint")}
      </p>
    </Panel>
  );
}
