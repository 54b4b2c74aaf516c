/** Owns groups: objects that belong together, such as a person and what it carries. */

import type { EditorContext } from "../context";
import { needsSelection, selectedAnnotations, type CommandDefinition } from "./Command";

export const group: CommandDefinition = {
  id: "group",
  title: "Group or ungroup",
  group: "Object",
  keys: ["G"],
  scope: "selection",
  isEnabled: (editor) => {
    const [first, ...others] = selectedAnnotations(editor);
    if (!first) return "Select an object first.";
    return others.length > 0 || first.group !== null ? true : "Select two objects or more to group them.";
  },
  run: (editor) => {
    const records = selectedAnnotations(editor);
    const together = records[0]?.group ?? null;
    const isGroup = together !== null && records.every((record) => record.group === together);
    editor.edits.patch(
      records.map(({ id }) => id),
      { group: isGroup ? null : freeGroup(editor) },
      isGroup ? "Ungroup" : "Group",
    );
  },
};

export const selectGroup: CommandDefinition = {
  id: "select-group",
  title: "Select the whole group",
  group: "Object",
  keys: ["Shift+G"],
  scope: "selection",
  isEnabled: (editor) => {
    const enabled = needsSelection(editor);
    if (enabled !== true) return enabled;
    return selectedGroups(editor).size > 0 ? true : "What is selected is in no group.";
  },
  run: (editor) => {
    const groups = selectedGroups(editor);
    const members = editor.store.annotations
      .get()
      .filter((record) => record.group !== null && groups.has(record.group));
    editor.selection.add(members.map(({ id }) => id));
  },
};

function selectedGroups(editor: EditorContext): ReadonlySet<number> {
  return new Set(
    selectedAnnotations(editor)
      .map((record) => record.group)
      .filter((one) => one !== null),
  );
}

function freeGroup(editor: EditorContext): number {
  return Math.max(0, ...editor.store.annotations.get().map((record) => record.group ?? 0)) + 1;
}
