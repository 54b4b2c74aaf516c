/** Owns what acts on masks: the size and tip of the brush, holes. */

import type { EditorContext } from "../context";
import { runsHoles } from "../geometry/enclosed";
import { runsUnion } from "../geometry/runs";
import { maskToRuns, runsToMask } from "../shapes/mask";
import { scaleBrush } from "../tools/mask/StrokeTool";
import { always, type CommandDefinition } from "./Command";

export const brushSmaller: CommandDefinition = {
  id: "brush-smaller",
  title: "Smaller brush",
  group: "Tool",
  keys: ["["],
  scope: "global",
  isEnabled: always,
  run: (editor) => scale(editor, 1 / 1.2),
};

export const brushLarger: CommandDefinition = {
  id: "brush-larger",
  title: "Larger brush",
  group: "Tool",
  keys: ["]"],
  scope: "global",
  isEnabled: always,
  run: (editor) => scale(editor, 1.2),
};

export const brushTip: CommandDefinition = {
  id: "brush-tip",
  title: "Round or square brush",
  group: "Tool",
  keys: [],
  scope: "global",
  isEnabled: always,
  run: (editor) => {
    editor.session.update((session) => {
      const tip = session.brush.tip === "round" ? ("square" as const) : ("round" as const);
      return { ...session, brush: { ...session.brush, tip } };
    });
    editor.requestOverlay();
  },
};

export const keepOthers: CommandDefinition = {
  id: "brush-keep-others",
  title: "Paint over others or not",
  group: "Tool",
  keys: [],
  scope: "global",
  isEnabled: always,
  run: (editor) =>
    editor.session.update((session) => {
      const { brush } = session;
      return { ...session, brush: { ...brush, keepOthers: !brush.keepOthers } };
    }),
};

export const fillHoles: CommandDefinition = {
  id: "fill-holes",
  title: "Fill the holes of the mask",
  group: "Tool",
  keys: [],
  scope: "selection",
  isEnabled: (editor) => (selectedMask(editor) === null ? "Select one mask first." : true),
  run: (editor) => {
    const record = selectedMask(editor);
    const holes = record && runsHoles(maskToRuns(record.shape));
    const shape = holes && runsToMask(runsUnion(maskToRuns(record.shape), holes));
    if (shape) editor.edits.patch([record.id], { shape }, "Fill holes");
  },
};

function selectedMask(editor: EditorContext) {
  const id = editor.selection.single();
  const record = id === null ? null : editor.store.findAnnotation(id);
  return record?.shape.type === "mask" && !record.locked ? { id: record.id, shape: record.shape } : null;
}

function scale(editor: EditorContext, factor: number): void {
  editor.session.update((session) => {
    const { brush } = session;
    return { ...session, brush: { ...brush, size: scaleBrush(brush.size, factor) } };
  });
  editor.requestOverlay();
}
