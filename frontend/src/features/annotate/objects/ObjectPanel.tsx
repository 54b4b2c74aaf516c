/** Every object on the image: searched, sorted, selected one by one or in ranges; only the rows in view exist. */
import { useLocalStorage } from "@mantine/hooks";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { parseRules } from "../../../api/rules";
import { areImageLabels, type Editor } from "../../../editor";
import { RuleMenu } from "../../../parts/rules/RuleMenu";
import { useEditor } from "../EditorContext";
import { Panel } from "../Panel";
import { useObjectRules } from "../useCarriedSearch";
import { useSignal } from "../useSignal";
import { ListControls } from "./ListControls";
import { entriesOf, FRONT_FIRST, searched, type Sorting, sorted } from "./listing";
import { ObjectList } from "./ObjectList";
import { passes } from "./passes";
import classes from "./Objects.module.css";

interface ObjectPanelProps {
  /** What is said where nothing is labelled. */
  readonly empty?: string;
}

export function ObjectPanel({ empty }: ObjectPanelProps) {
  const { t } = useTranslation();
  const editor = useEditor();
  const objects = useSignal(editor.objects);
  const labels = useSignal(editor.classes);
  const { shapes } = useSignal(editor.session);
  const [text, setText] = useState("");
  const [sorting, setSorting] = useLocalStorage<Sorting>({ key: "object-order", defaultValue: FRONT_FIRST });
  const [ruleText, setRules] = useObjectRules();
  const rules = useMemo(() => parseRules(ruleText), [ruleText]);
  const image = useSignal(editor.image);
  const kept = useMemo(
    () =>
      rules === null || image === null
        ? null
        : new Set(objects.filter((object) => passes(object, rules, image)).map((object) => object.id)),
    [objects, rules, image],
  );
  useFaded(editor, kept);
  const entries = useMemo(() => {
    const all = entriesOf(objects, labels);
    const left = kept === null ? all : all.filter(({ object }) => kept.has(object.id));
    return sorted(searched(left, text), sorting);
  }, [objects, labels, kept, text, sorting]);
  const note = entries.length === objects.length ? objects.length : `${entries.length} / ${objects.length}`;
  return (
    <Panel name="objects" title={t("editor.objects")} note={note} grow>
      {image === null ? null : objects.length === 0 ? (
        <p className={classes.none}>{empty ?? t(areImageLabels(shapes) ? "editor.noTag" : "editor.noObjects")}</p>
      ) : (
        <>
          <ListControls text={text} onText={setText} sorting={sorting} onSorting={setSorting}>
            <RuleMenu scope="objects" text={ruleText} onChange={setRules} label={t("rules.listTitle")} compact />
          </ListControls>
          {entries.length === 0 ? (
            <p className={classes.none}>{t("objects.noneFound")}</p>
          ) : (
            <ObjectList entries={entries} sortKey={sorting.key} />
          )}
        </>
      )}
    </Panel>
  );
}

/** What the filter leaves out is faint on the canvas and cannot be grabbed. */
function useFaded(editor: Editor, kept: ReadonlySet<string> | null): void {
  useEffect(() => {
    editor.focus.setObjects(kept);
  }, [editor, kept]);
  useEffect(() => () => editor.focus.setObjects(null), [editor]);
}
