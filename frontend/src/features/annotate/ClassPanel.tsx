/** The classes: the one in hand, their hotkeys, how often each occurs on the image; in tag projects, the image's own. */
import { TextInput, UnstyledButton } from "@mantine/core";
import { IconCheck, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type AnnotationRecord, areImageLabels, classKeyAction } from "../../editor";
import { KeyHint } from "../../ui/KeyHint";
import { Swatch } from "../../ui/Swatch";
import { useEditor } from "./EditorContext";
import { focusCanvas } from "./focusCanvas";
import { LayerToggles } from "./objects/LayerToggles";
import { Panel } from "./Panel";
import { useSignal } from "./useSignal";
import classes from "./Annotate.module.css";

const SEARCH_FROM = 10;

export function ClassPanel() {
  const { t } = useTranslation();
  const editor = useEditor();
  const all = useSignal(editor.classes);
  const objects = useSignal(editor.objects);
  const { activeClass, shapes } = useSignal(editor.session);
  const [text, setText] = useState("");
  const members = objectsByClass(objects);
  const tagging = areImageLabels(shapes);
  const selection = useSignal(editor.selection);
  const shown = all.filter((item) => item.name.toLowerCase().includes(text.trim().toLowerCase()));

  // As with the keys: a plain choice is for what is drawn next, Alt changes what is selected.
  const choose = (id: number, alt: boolean) => {
    if (tagging) editor.toggleTag(id);
    else if (alt) editor.relabel(selection, id);
    else editor.setClass(id);
  };
  return (
    <Panel name="classes" title={tagging ? t("editor.imageClass") : t("editor.classes")} note={all.length}>
      {all.length >= SEARCH_FROM && (
        <TextInput
          mx={8}
          mb={4}
          aria-label={t("editor.searchClass")}
          placeholder={t("editor.searchClass")}
          leftSection={<IconSearch size={13} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-class-search
        />
      )}
      <ul className={classes.classes} aria-label={t("editor.classes")} onClick={focusCanvas}>
        {shown.map((item) => {
          const own = members.get(item.classId) ?? [];
          const count = own.length;
          const active = tagging ? count > 0 : activeClass === item.classId;
          return (
            <li key={item.id} data-bare={tagging || count === 0 || undefined}>
              <UnstyledButton
                className={classes.class ?? ""}
                aria-label={item.name}
                aria-pressed={active}
                onClick={(event) => choose(item.classId, event.altKey)}
              >
                <Swatch color={item.color} size={12} />
                <span className={classes.className} dir="auto">
                  {item.name}
                </span>
              </UnstyledButton>
              {tagging
                ? active && <IconCheck size={14} color="var(--accent)" />
                : count > 0 && <em className="num">{count}</em>}
              {item.hotkey !== "" && <ClassKey hotkey={item.hotkey} />}
              {!tagging && count > 0 && <LayerToggles objects={own} name={t("editor.allOf", { name: item.name })} />}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

/** A letter as a class's key is not in the catalogue, but bound all the same. */
function ClassKey({ hotkey }: { readonly hotkey: string }) {
  const editor = useEditor();
  useSignal(editor.keymap.changed);
  const [chord] = editor.keymap.keysOf(classKeyAction(hotkey));
  return chord === undefined ? null : <KeyHint chord={chord} />;
}

function objectsByClass(objects: readonly AnnotationRecord[]): ReadonlyMap<number, readonly AnnotationRecord[]> {
  const members = new Map<number, AnnotationRecord[]>();
  for (const object of objects) {
    const own = members.get(object.classId);
    if (own === undefined) members.set(object.classId, [object]);
    else own.push(object);
  }
  return members;
}
