/** Owns how the handles of the selected object look. */

import { distance } from "../../geometry/point";
import type { Handle } from "../../shapes/ShapeUtil";
import type { Painter } from "../../view/Painter";

/** CSS pixels: names of points that stand closer would cover each other. */
const NAMED = 28;
const FAINT = 5;
const CHOSEN = 13;

/** Selected vertices, over the others: filled and larger, so that they differ by more than colour. */
export function drawChosen(
  painter: Painter,
  handles: readonly Handle[],
  chosen: ReadonlySet<string>,
  color: string,
): void {
  const points = handles.filter(({ id }) => chosen.has(id)).map(({ point }) => point);
  painter.handles(points, "#ffffff", CHOSEN, color);
}

/** Handles of what is hidden in the picture are smaller; points of a skeleton have their names where there is room. */
export function drawHandles(
  painter: Painter,
  handles: readonly Handle[],
  color: string,
  names: readonly string[],
): void {
  const [faint, plain] = [handles.filter((handle) => handle.faint), handles.filter((handle) => !handle.faint)];
  painter.handles(
    plain.map((handle) => handle.point),
    color,
  );
  painter.handles(
    faint.map((handle) => handle.point),
    color,
    FAINT,
  );
  for (const handle of handles) drawName(painter, handle, handles, color, names);
}

function drawName(
  painter: Painter,
  handle: Handle,
  handles: readonly Handle[],
  color: string,
  names: readonly string[],
): void {
  const name = handle.joint === undefined ? undefined : names[handle.joint];
  if (name === undefined) return;
  const room = NAMED * painter.pixel;
  if (handles.some((other) => other !== handle && distance(other.point, handle.point) < room)) return;
  painter.label({ x: handle.point.x + 7 * painter.pixel, y: handle.point.y - 2 * painter.pixel }, name, color);
}
