/** The keys to be changed: each action's keys as buttons that take new ones, with a warning where another has them. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { boundKeys, clashing, rebind } from "../../editor";
import { CATALOGUE, type CatalogueEntry } from "./catalogue";
import { ChangeRow } from "./ChangeRow";
import { OwnKeysBar } from "./OwnKeysBar";
import { saveKeyBindings, useKeyBindings } from "./store";
import { useSections } from "./useSections";
import classes from "./Keys.module.css";

/** Which key of which action is being pressed anew; without `old` it is one more. */
export interface Recording {
  readonly id: string;
  readonly old: string | null;
  /** Pressed, but somebody else's. */
  readonly taken: { readonly chord: string; readonly by: readonly CatalogueEntry[] } | null;
}

interface ChangeKeysProps {
  readonly text: string;
  readonly onRecording: (recording: boolean) => void;
}

export function ChangeKeys({ text, onRecording }: ChangeKeysProps) {
  const { t } = useTranslation();
  const bindings = useKeyBindings();
  const sections = useSections(text, true);
  const [recording, setRecording] = useState<Recording | null>(null);

  const show = (next: Recording | null) => {
    setRecording(next);
    onRecording(next !== null && next.taken === null);
  };
  /** Puts `chord` in the place of `old`; those who had it lose it. */
  const bind = (entry: CatalogueEntry, old: string | null, chord: string, losers: readonly CatalogueEntry[]) => {
    const own = boundKeys(entry, bindings);
    const keys = old === null ? [...own, chord] : own.map((key) => (key === old ? chord : key));
    const freed = losers.reduce(
      (left, loser) =>
        rebind(
          left,
          loser,
          boundKeys(loser, left).filter((key) => key !== chord),
        ),
      bindings,
    );
    saveKeyBindings(rebind(freed, entry, keys));
    show(null);
  };
  const press = (entry: CatalogueEntry, old: string | null, chord: string) => {
    const by = clashing(CATALOGUE, bindings, entry, chord);
    if (by.length === 0) bind(entry, old, chord, []);
    else show({ id: entry.id, old, taken: { chord, by } });
  };

  return (
    <>
      <OwnKeysBar />
      {sections.length === 0 && <p className={classes.none}>{t("keys.nothing")}</p>}
      {sections.map(({ section, rows }) => (
        <section key={section} className={classes.change} aria-label={t(`keys.section.${section}`)}>
          <h3>{t(`keys.section.${section}`)}</h3>
          <ul>
            {rows.map((row) => (
              <ChangeRow
                key={row.entry.id}
                row={row}
                isChanged={bindings[row.entry.id] !== undefined}
                recording={recording?.id === row.entry.id ? recording : null}
                onRecord={(old) => show({ id: row.entry.id, old, taken: null })}
                onStop={() => show(null)}
                onPress={(old, chord) => press(row.entry, old, chord)}
                onTake={({ old, taken }) => {
                  if (taken !== null) bind(row.entry, old, taken.chord, taken.by);
                }}
                onRemove={(chord) =>
                  saveKeyBindings(
                    rebind(
                      bindings,
                      row.entry,
                      row.keys.filter((key) => key !== chord),
                    ),
                  )
                }
                onReset={() => saveKeyBindings(rebind(bindings, row.entry, row.entry.keys))}
              />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
