/** Owns which vertices are moved together: the selected ones of an object, and those that others have at the same place. */

import type { EditorContext } from "../../context";
import { boxExpand, pointsToBounds, type Box } from "../../geometry/box";
import { distance, type Point } from "../../geometry/point";
import { shapeUtil, type Shape } from "../../shapes";
import type { AnnotationRecord } from "../../store/records";

/** Image pixels: coordinates are rounded to thousandths. */
const SAME = 0.002;

/** Of one object. */
export interface ChosenVertices {
  readonly record: AnnotationRecord;
  readonly handles: ReadonlySet<string>;
}

export interface VertexGroup {
  readonly shape: Shape;
  readonly handles: ReadonlySet<string>;
}

/** By id of the object. */
export type VertexGroups = ReadonlyMap<string, VertexGroup>;

export function hasVertices(shape: Shape): boolean {
  const util = shapeUtil(shape);
  const [first] = util.handles(shape);
  return first !== undefined && util.editVertices(shape, new Set([first.id]), (at) => at) !== null;
}

/** The one selected object and those of its vertices that are selected; null where none is. */
export function selectedVertices(editor: EditorContext): ChosenVertices | null {
  const id = editor.selection.single();
  const record = id === null ? null : editor.store.findAnnotation(id);
  const chosen = editor.selection.vertices.get();
  if (!record || record.locked || chosen.size === 0) return null;
  const present = shapeUtil(record.shape).handles(record.shape);
  const handles = new Set(present.filter((handle) => chosen.has(handle.id)).map((handle) => handle.id));
  return handles.size === 0 ? null : { record, handles };
}

/** `shared`: with the vertices of other objects at the same places. */
export function vertexGroups(
  editor: EditorContext,
  { id, shape }: AnnotationRecord,
  handles: ReadonlySet<string>,
  shared: boolean,
): VertexGroups {
  const groups = new Map<string, VertexGroup>([[id, { shape, handles }]]);
  const points = groupPoints({ shape, handles });
  const box = pointsToBounds(points);
  if (!shared || box === null) return groups;
  for (const other of othersAt(editor, id, box)) {
    const common = commonHandles(other.shape, points);
    if (common.size > 0) groups.set(other.id, { shape: other.shape, handles: common });
  }
  return groups;
}

/** An edge that other objects have at the same place gets the vertex too. */
export function insertShared(editor: EditorContext, id: string, point: Point): void {
  const changed = othersAt(editor, id, [point.x, point.y, 0, 0]).flatMap((other) => {
    const util = shapeUtil(other.shape);
    const place = util.findEdge(other.shape, point, SAME);
    return place ? [[other.id, util.insertVertex(other.shape, { ...place, point }).shape] as const] : [];
  });
  editor.edits.reshape(new Map(changed));
}

function othersAt(editor: EditorContext, id: string, box: Box): AnnotationRecord[] {
  return editor.hits
    .shown(boxExpand(box, SAME))
    .filter((other) => other.kind === "annotation")
    .filter((other) => other.id !== id && editor.hits.isReachable(other));
}

function commonHandles(shape: Shape, points: readonly Point[]): Set<string> {
  if (!hasVertices(shape)) return new Set();
  const handles = shapeUtil(shape).handles(shape);
  const common = handles.filter((handle) => points.some((point) => distance(point, handle.point) <= SAME));
  return new Set(common.map(({ id }) => id));
}

export function movedGroups(groups: VertexGroups, dx: number, dy: number): ReadonlyMap<string, Shape> {
  return new Map(
    [...groups].map(([id, { shape, handles }]) => {
      const moved = shapeUtil(shape).editVertices(shape, handles, ({ x, y }) => ({ x: x + dx, y: y + dy }));
      return [id, moved ?? shape] as const;
    }),
  );
}

export function groupsBounds(groups: VertexGroups): Box | null {
  return pointsToBounds([...groups.values()].flatMap(groupPoints));
}

function groupPoints({ shape, handles }: VertexGroup): readonly Point[] {
  return shapeUtil(shape)
    .handles(shape)
    .filter(({ id }) => handles.has(id))
    .map(({ point }) => point);
}
