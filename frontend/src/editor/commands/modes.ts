/** Owns the single-class mode: everything new gets the active class, objects of others stand aside. */

import type { CommandDefinition } from "./Command";

export const singleClass: CommandDefinition = {
  id: "single-class",
  title: "Single-class mode",
  group: "Class",
  keys: ["Shift+C"],
  scope: "image",
  isEnabled: ({ settings, session }) =>
    settings.get().onlyClass !== null || session.get().activeClass !== null ? true : "Choose a class first.",
  run: (editor) => {
    const { activeClass } = editor.session.get();
    const onlyClass = editor.settings.get().onlyClass === null ? activeClass : null;
    editor.settings.update((settings) => ({ ...settings, onlyClass }));
    if (onlyClass === null) return;
    const selected = [...editor.selection.ids.get()];
    editor.selection.set(selected.filter((id) => editor.store.findObject(id)?.classId === onlyClass));
  },
};
