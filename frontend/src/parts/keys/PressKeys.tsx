/** Waits for the next combination of keys, whatever it is; Esc and a click elsewhere leave things as they were. */
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { chordOf, keyInput } from "../../editor";
import classes from "./Keys.module.css";

interface PressKeysProps {
  readonly onPress: (chord: string) => void;
  readonly onStop: () => void;
}

export function PressKeys({ onPress, onStop }: PressKeysProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLButtonElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <button
      ref={field}
      type="button"
      data-recording
      className={classes.waiting}
      title={t("keys.pressHint")}
      onBlur={onStop}
      onKeyDown={(event) => {
        event.preventDefault();
        event.stopPropagation();
        const chord = chordOf(keyInput("down", event.nativeEvent));
        if (chord === "Esc") onStop();
        else if (chord !== null) onPress(chord);
      }}
    >
      {t("keys.pressNow")}
    </button>
  );
}
