/** Owns moving the selected objects, or vertices of one, by a pixel with the arrow keys; a held key is one undo step. */

import type { EditorContext } from "../context";
import type { Box } from "../geometry/box";
import type { Point } from "../geometry/point";
import { clampMove } from "../geometry/transform";
import { shapeUtil, type Shape } from "../shapes";
import { recordsToBounds } from "../store/Clipboard";
import {
  groupsBounds,
  movedGroups,
  selectedVertices,
  vertexGroups,
  type ChosenVertices,
} from "../tools/select/vertices";
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

function move(editor: EditorContext, wanted: Point, repeat: boolean): void {
  const chosen = selectedVertices(editor);
  const shapes = chosen ? movedVertices(editor, chosen, wanted) : movedObjects(editor, wanted);
  if (shapes) editor.history.run("Move by keys", () => editor.edits.reshape(shapes), { merge: repeat });
}

function movedObjects(editor: EditorContext, wanted: Point): ReadonlyMap<string, Shape> | null {
  const records = selectedAnnotations(editor).filter((record) => !record.locked && !record.pinned);
  const by = clampedMove(editor, recordsToBounds(records), wanted);
  return by && new Map(records.map(({ id, shape }) => [id, shapeUtil(shape).translate(shape, by.x, by.y)] as const));
}

function movedVertices(
  editor: EditorContext,
  chosen: ChosenVertices,
  wanted: Point,
): ReadonlyMap<string, Shape> | null {
  const groups = vertexGroups(editor, chosen.record, chosen.handles, editor.session.get().sharedVertices);
  const by = clampedMove(editor, groupsBounds(groups), wanted);
  return by && movedGroups(groups, by.x, by.y);
}

/** Null where the picture leaves no room. */
function clampedMove(editor: EditorContext, bounds: Box | null, wanted: Point): Point | null {
  const by = bounds && clampMove(bounds, editor.imageSize(), wanted);
  return by && (by.x !== 0 || by.y !== 0) ? by : null;
}
