/** Owns the keys of classes, which come from the project: relabel what is selected, tag the image, or draw in that class. */

import type { EditorContext } from "../context";
import type { Bindable } from "../input/bindings";
import type { KeyAction } from "../input/Keymap";
import { areImageLabels } from "../shapes";
import type { ClassRecord } from "../store/records";
import { needsImage, selectedAnnotations } from "./Command";

/** The id under which a class's own key is bound: by the key, so that a person's choice holds in every project. */
export function classKeyAction(hotkey: string): string {
  return `class-key-${hotkey.toUpperCase()}`;
}

/**
 * Three actions a class: its hotkey, Alt with it to relabel with a drawing tool in hand, and Shift with it to tag the
 * image. With Shift a letter is most often a command already, so only digits get that key by themselves.
 */
export function classBindables(hotkey: string): readonly [choose: Bindable, relabel: Bindable, tag: Bindable] {
  const name = hotkey.toUpperCase();
  const tagKeys = /^[1-9]$/.test(name) ? [`Shift+${name}`] : [];
  return [
    { id: classKeyAction(hotkey), keys: [name], scope: "image" },
    { id: `relabel-key-${name}`, keys: [`Alt+${name}`], scope: "selection" },
    { id: `tag-key-${name}`, keys: tagKeys, scope: "image" },
  ];
}

export function classActions(editor: EditorContext, classes: readonly ClassRecord[]): readonly KeyAction[] {
  return [...byHotkey(classes)].flatMap(([hotkey, { classId }]): KeyAction[] => {
    const [choose, relabel, tag] = classBindables(hotkey);
    return [
      { ...choose, isEnabled: () => mayChoose(editor, classId), run: () => chooseClass(editor, classId) },
      {
        ...relabel,
        isEnabled: () => (selectedAnnotations(editor).length > 0 ? true : "Select an object first."),
        run: () => editor.edits.relabel(editor.selection.ids.get(), classId),
      },
      { ...tag, isEnabled: () => needsTags(editor), run: () => editor.edits.toggleTag(classId) },
    ];
  });
}

/** Of classes with the same key the first one has it. */
function byHotkey(classes: readonly ClassRecord[]): ReadonlyMap<string, ClassRecord> {
  const named = classes.filter((record) => record.hotkey !== "");
  return new Map([...named].reverse().map((record) => [record.hotkey.toUpperCase(), record]));
}

/** A key that slips does not leave the single-class mode. */
function mayChoose(editor: EditorContext, classId: number): true | string {
  const { onlyClass } = editor.settings.get();
  return onlyClass === null || onlyClass === classId ? needsImage(editor) : "Leave the single-class mode first.";
}

function needsTags(editor: EditorContext): true | string {
  const { shapes } = editor.session.get();
  return shapes.length === 0 || shapes.includes("tag")
    ? needsImage(editor)
    : "The images of this project have no tags.";
}

/**
 * In a project of tags the key sets or clears the tag. With the select tool it relabels what is selected. With a drawing
 * tool it is the class of what comes next, and a mask of another class is left alone.
 */
function chooseClass(editor: EditorContext, classId: number): void {
  const { shapes, tool } = editor.session.get();
  if (areImageLabels(shapes)) {
    editor.edits.toggleTag(classId);
    return;
  }
  editor.session.update((session) => ({ ...session, activeClass: classId }));
  if (tool === "select") editor.edits.relabel(editor.selection.ids.get(), classId);
  editor.requestOverlay();
}
