/** Owns accepting and rejecting predictions; the next one is selected, so that a hand can stay on two keys. */

import type { EditorContext } from "../context";
import type { PredictionRecord } from "../store/records";
import { isVisible } from "../view/HitTester";
import { shapeUtil } from "../shapes";
import type { CommandDefinition } from "./Command";

export const acceptPrediction: CommandDefinition = {
  id: "accept-prediction",
  title: "Accept prediction",
  group: "Prediction",
  keys: ["A"],
  scope: "prediction",
  isEnabled: needsTarget,
  run: (editor) => decide(editor, (ids) => editor.edits.accept(ids)),
};

export const rejectPrediction: CommandDefinition = {
  id: "reject-prediction",
  title: "Reject prediction",
  group: "Prediction",
  keys: ["X"],
  scope: "prediction",
  isEnabled: needsTarget,
  run: (editor) => decide(editor, (ids) => editor.edits.reject(ids)),
};

export const acceptAllPredictions: CommandDefinition = {
  id: "accept-all-predictions",
  title: "Accept all shown predictions",
  group: "Prediction",
  keys: ["Shift+A"],
  scope: "prediction",
  isEnabled: (editor) => (shown(editor).length > 0 ? true : "No prediction is shown."),
  run: (editor) => editor.edits.accept(shown(editor).map((record) => record.id)),
};

function shown(editor: EditorContext): readonly PredictionRecord[] {
  return editor.store.predictions.get().filter((record) => isVisible(record, editor.settings.get()));
}

/** The selected ones, else the one under the pointer. */
function targets(editor: EditorContext): readonly string[] {
  const all = shown(editor);
  const selected = all.filter((record) => editor.selection.has(record.id));
  const hovered = all.filter((record) => record.id === editor.selection.hovered.get());
  return (selected.length > 0 ? selected : hovered).map((record) => record.id);
}

function needsTarget(editor: EditorContext): true | string {
  return targets(editor).length > 0 ? true : "Select a prediction, or point at one.";
}

function decide(editor: EditorContext, apply: (ids: readonly string[]) => void): void {
  const ids = targets(editor);
  const all = shown(editor);
  const last = all.findLastIndex((record) => ids.includes(record.id));
  const rest = [...all.slice(last + 1), ...all.slice(0, last)].filter((record) => !ids.includes(record.id));
  apply(ids);
  const [next] = rest;
  editor.selection.set(next ? [next.id] : []);
  const bounds = next ? shapeUtil(next.shape).bounds(next.shape) : null;
  if (bounds) editor.camera.reveal(bounds);
}
