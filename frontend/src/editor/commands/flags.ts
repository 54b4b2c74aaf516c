/** Owns what is switched on selected objects: hidden, locked, pinned, occluded; and hiding everything. */

import type { EditorContext } from "../context";
import type { AnnotationRecord } from "../store/records";
import { always, needsSelection, selectedAnnotations, type CommandDefinition } from "./Command";

type Flag = "hidden" | "locked" | "pinned" | "occluded";

export const hide = flagCommand({
  id: "hide",
  title: "Hide or show",
  keys: ["H"],
  flag: "hidden",
  names: ["Hide", "Show"],
});

export const lock = flagCommand({
  id: "lock",
  title: "Lock or unlock",
  keys: ["Shift+L"],
  flag: "locked",
  names: ["Lock", "Unlock"],
});

export const pin = flagCommand({
  id: "pin",
  title: "Pin or let move",
  keys: ["Shift+P"],
  flag: "pinned",
  names: ["Pin", "Let move"],
});

export const occluded = flagCommand({
  id: "occluded",
  title: "Occluded",
  keys: ["Q"],
  flag: "occluded",
  names: ["Set occluded", "Clear occluded"],
});

export const hideAll: CommandDefinition = {
  id: "hide-all",
  title: "Hide or show all objects",
  group: "View",
  keys: ["Shift+H"],
  scope: "global",
  isEnabled: always,
  run: (editor) => editor.settings.update((settings) => ({ ...settings, hideAll: !settings.hideAll })),
};

interface FlagCommand {
  readonly id: string;
  readonly title: string;
  readonly keys: readonly string[];
  readonly flag: Flag;
  readonly names: readonly [on: string, off: string];
}

function flagCommand({ id, title, keys, flag, names }: FlagCommand): CommandDefinition {
  return {
    id,
    title,
    group: "Object",
    keys,
    scope: "selection",
    isEnabled: needsSelection,
    run: (editor) => toggle(editor, selectedAnnotations(editor), flag, names),
  };
}

/** Mixed: all are switched on. */
function toggle(
  editor: EditorContext,
  records: readonly AnnotationRecord[],
  flag: Flag,
  [on, off]: readonly [string, string],
): void {
  const value = !records.every((record) => record[flag]);
  const ids = records.map((record) => record.id);
  editor.edits.patch(ids, { [flag]: value }, value ? on : off);
}
