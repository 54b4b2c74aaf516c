/** Owns moving the selected objects by a pixel with the arrow keys; a held key is one undo step. */

import type { EditorContext } from "../context";
import { clampMove } from "../geometry/transform";
import { shapeUtil } from "../shapes";
import { recordsToBounds } from "../store/Clipboard";
import { needsUnlocked, selectedAnnotations, type CommandDefinition } from "./Command";

const DIRECTIONS = [
  { name: "left", key: "ArrowLeft", x: -1, y: 0 },
  { name: "right", key: "ArrowRight", x: 1, y: 0 },
  { name: "up", key: "ArrowUp", x: 0, y: -1 },
  { name: "down", key: "ArrowDown", x: 0, y: 1 },
] as const;

export const nudges: readonly CommandDefinition[] = DIRECTIONS.flatMap(({ name, key, x, y }) => [
  nudge({ id: `nudge-${name}`, title: `Move ${name} by 1 pixel`, key, x, y }),
  nudge({ id: `nudge-${name}-10`, title: `Move ${name} by 10 pixels`, key: `Shift+${key}`, x: 10 * x, y: 10 * y }),
]);

interface Nudge {
  readonly id: string;
  readonly title: string;
  readonly key: string;
  readonly x: number;
  readonly y: number;
}

function nudge({ id, title, key, x, y }: Nudge): CommandDefinition {
  return {
    id,
    title,
    group: "Object",
    keys: [key],
    scope: "selection",
    // With a drawing tool in hand the arrows go on to the next and previous image.
    isEnabled: (editor) =>
      editor.session.get().tool === "select" ? needsUnlocked(editor) : "Take the select tool to move objects.",
    run: (editor, { repeat }) => move(editor, { x, y }, repeat),
  };
}

function move(editor: EditorContext, wanted: { x: number; y: number }, repeat: boolean): void {
  const records = selectedAnnotations(editor).filter((record) => !record.locked);
  const bounds = recordsToBounds(records);
  if (!bounds) return;
  const { x, y } = clampMove(bounds, editor.imageSize(), wanted);
  if (x === 0 && y === 0) return;
  const shapes = records.map(({ id, shape }) => [id, shapeUtil(shape).translate(shape, x, y)] as const);
  editor.history.run("Move by keys", () => editor.edits.reshape(new Map(shapes)), { merge: repeat });
}
