/** Owns lining up the selected objects, or vertices of one, along the frame around them, and spacing them evenly in it. */

import type { EditorContext } from "../context";
import { boxUnion, type Box } from "../geometry/box";
import type { Point } from "../geometry/point";
import { shapeUtil, type Shape } from "../shapes";
import { selectedVertices, type ChosenVertices } from "../tools/select/vertices";
import { selectedAnnotations, type CommandDefinition } from "./Command";

type Axis = 0 | 1;

const NOWHERE: Point = { x: 0, y: 0 };

/** Something that is moved as a whole. */
interface Placed {
  readonly id: string;
  readonly box: Box;
}

/** `at`: 0 the left or upper side of the frame, 0.5 its middle, 1 its right or lower side. */
const ALIGNMENTS: readonly { readonly id: string; readonly title: string; readonly axis: Axis; readonly at: number }[] =
  [
    { id: "align-left", title: "Align left sides", axis: 0, at: 0 },
    { id: "align-centre", title: "Align centres", axis: 0, at: 0.5 },
    { id: "align-right", title: "Align right sides", axis: 0, at: 1 },
    { id: "align-top", title: "Align upper sides", axis: 1, at: 0 },
    { id: "align-middle", title: "Align middles", axis: 1, at: 0.5 },
    { id: "align-bottom", title: "Align lower sides", axis: 1, at: 1 },
  ];

const DISTRIBUTIONS: readonly { readonly id: string; readonly title: string; readonly axis: Axis }[] = [
  { id: "distribute-across", title: "Space evenly from left to right", axis: 0 },
  { id: "distribute-down", title: "Space evenly from top to bottom", axis: 1 },
];

export const alignments: readonly CommandDefinition[] = [
  ...ALIGNMENTS.map(({ id, title, axis, at }) =>
    arrangement(id, title, 2, (placed, frame) =>
      placed.map(({ box }) => frame[axis] + at * (sizeOf(frame, axis) - sizeOf(box, axis)) - box[axis]),
    )(axis),
  ),
  ...DISTRIBUTIONS.map(({ id, title, axis }) =>
    arrangement(id, title, 3, (placed, frame) => evenMoves(placed, frame, axis))(axis),
  ),
];

function arrangement(
  id: string,
  title: string,
  least: number,
  movesOf: (placed: readonly Placed[], frame: Box) => readonly number[],
): (axis: Axis) => CommandDefinition {
  return (axis) => ({
    id,
    title,
    group: "Object",
    keys: [],
    scope: "selection",
    isEnabled: (editor) => whyNot(editor, least),
    run(editor) {
      const chosen = selectedVertices(editor);
      const placed = chosen ? vertexPlaces(chosen) : movable(editor);
      const frame = placed.reduce<Box | null>((all, { box }) => boxUnion(all, box), null);
      if (!frame) return;
      const moves = movesOf(placed, frame);
      const by = new Map(placed.map((one, index) => [one.id, along(axis, moves[index] ?? 0)]));
      const shapes = chosen ? movedVertices(chosen, by) : movedObjects(editor, by);
      editor.history.run(title, () => editor.edits.reshape(shapes));
    },
  });
}

function whyNot(editor: EditorContext, least: number): true | string {
  const chosen = selectedVertices(editor);
  if (chosen) return chosen.handles.size >= least ? true : `Select ${least} vertices or more.`;
  return movable(editor).length >= least ? true : `Select ${least} objects or more that are neither locked nor pinned.`;
}

function along(axis: Axis, move: number): Point {
  return axis === 0 ? { x: move, y: 0 } : { x: 0, y: move };
}

function movedObjects(editor: EditorContext, by: ReadonlyMap<string, Point>): ReadonlyMap<string, Shape> {
  return new Map(
    selectedAnnotations(editor).flatMap(({ id, shape }) => {
      const { x, y } = by.get(id) ?? NOWHERE;
      return x === 0 && y === 0 ? [] : [[id, shapeUtil(shape).translate(shape, x, y)] as const];
    }),
  );
}

function movedVertices(
  { record, handles }: ChosenVertices,
  by: ReadonlyMap<string, Point>,
): ReadonlyMap<string, Shape> {
  const shape = shapeUtil(record.shape).editVertices(record.shape, handles, (at, handle) => {
    const { x, y } = by.get(handle) ?? NOWHERE;
    return { x: at.x + x, y: at.y + y };
  });
  return new Map([[record.id, shape ?? record.shape]]);
}

function vertexPlaces({ record, handles }: ChosenVertices): readonly Placed[] {
  return shapeUtil(record.shape)
    .handles(record.shape)
    .filter(({ id }) => handles.has(id))
    .map(({ id, point }) => ({ id, box: [point.x, point.y, 0, 0] }));
}

/** The gaps between neighbours become equal; the outermost ones stay. */
function evenMoves(placed: readonly Placed[], frame: Box, axis: Axis): readonly number[] {
  const order = placed.map((_, index) => index).sort((a, b) => middleOf(placed[a], axis) - middleOf(placed[b], axis));
  const filled = placed.reduce((sum, { box }) => sum + sizeOf(box, axis), 0);
  const gap = (sizeOf(frame, axis) - filled) / (placed.length - 1);
  const moves: number[] = new Array<number>(placed.length).fill(0);
  let at = frame[axis];
  for (const index of order) {
    const box = placed[index]?.box;
    if (!box) continue;
    moves[index] = at - box[axis];
    at += sizeOf(box, axis) + gap;
  }
  return moves;
}

function movable(editor: EditorContext): readonly Placed[] {
  return selectedAnnotations(editor).flatMap((record) => {
    const box = shapeUtil(record.shape).bounds(record.shape);
    return box === null || record.locked || record.pinned ? [] : [{ id: record.id, box }];
  });
}

function sizeOf(box: Box, axis: Axis): number {
  return axis === 0 ? box[2] : box[3];
}

function middleOf(placed: Placed | undefined, axis: Axis): number {
  return placed ? placed.box[axis] + sizeOf(placed.box, axis) / 2 : 0;
}
