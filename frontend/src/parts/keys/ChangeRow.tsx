/** One action to be bound anew: its keys, one more, back to the default, and whose key the pressed one is. */
import { Button, UnstyledButton } from "@mantine/core";
import { IconArrowBackUp, IconPlus, IconX } from "@tabler/icons-react";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { chordText, KeyHint } from "../../ui/KeyHint";
import { IconButton } from "../../ui/IconButton";
import type { Recording } from "./ChangeKeys";
import { PressKeys } from "./PressKeys";
import type { KeyRow } from "./useSections";
import { useActionTitle } from "./useActionTitle";
import classes from "./Keys.module.css";

interface ChangeRowProps {
  readonly row: KeyRow;
  readonly isChanged: boolean;
  /** When a key of this one is being pressed. */
  readonly recording: Recording | null;
  readonly onRecord: (old: string | null) => void;
  readonly onStop: () => void;
  readonly onPress: (old: string | null, chord: string) => void;
  readonly onTake: (recording: Recording) => void;
  readonly onRemove: (chord: string) => void;
  readonly onReset: () => void;
}

export function ChangeRow(props: ChangeRowProps) {
  const { row, isChanged, recording, onRecord, onStop, onPress, onRemove, onReset } = props;
  const { t } = useTranslation();
  const { title: action, keys } = row;
  const defaults = row.entry.keys.map(chordText).join(", ");
  const field = (old: string | null) => <PressKeys onPress={(chord) => onPress(old, chord)} onStop={onStop} />;
  return (
    <li aria-label={action} data-changed={isChanged || undefined}>
      <div className={classes.row}>
        <span className={classes.action}>{action}</span>
        {keys.map((chord) =>
          recording?.old === chord && recording.taken === null ? (
            <Fragment key={chord}>{field(chord)}</Fragment>
          ) : (
            <span key={chord} className={classes.chord}>
              <UnstyledButton
                className={classes.press ?? ""}
                aria-label={t("keys.replace", { key: chordText(chord), action })}
                onClick={() => onRecord(chord)}
              >
                <KeyHint chord={chord} />
              </UnstyledButton>
              <UnstyledButton
                className={classes.remove ?? ""}
                aria-label={t("keys.remove", { key: chordText(chord), action })}
                onClick={() => onRemove(chord)}
              >
                <IconX size={11} />
              </UnstyledButton>
            </span>
          ),
        )}
        {recording?.old === null && recording.taken === null ? (
          field(null)
        ) : (
          <IconButton label={t("keys.add", { action })} size={22} onClick={() => onRecord(null)}>
            <IconPlus size={13} />
          </IconButton>
        )}
        {isChanged && (
          <IconButton
            label={t("keys.reset", { action, keys: defaults === "" ? t("keys.resetNone") : defaults })}
            size={22}
            onClick={onReset}
          >
            <IconArrowBackUp size={13} />
          </IconButton>
        )}
      </div>
      {recording?.taken && <Taken recording={recording} onTake={() => props.onTake(recording)} onStop={onStop} />}
    </li>
  );
}

interface TakenProps {
  readonly recording: Recording;
  readonly onTake: () => void;
  readonly onStop: () => void;
}

function Taken({ recording, onTake, onStop }: TakenProps) {
  const { t } = useTranslation();
  const title = useActionTitle();
  const action = recording.taken?.by.map(({ id }) => title(id)).join(", ") ?? "";
  return (
    <div className={classes.taken} role="alert">
      <span>{t("keys.taken", { key: chordText(recording.taken?.chord ?? ""), action })}</span>
      <Button size="compact-xs" onClick={onTake} data-autofocus>
        {t("keys.take", { action })}
      </Button>
      <Button size="compact-xs" variant="default" onClick={onStop}>
        {t("keys.keep")}
      </Button>
    </div>
  );
}
