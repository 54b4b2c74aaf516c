/** Owns the strokes of the smart tool: how one grows with the pointer, and how they look. */

import type { EditorContext } from "../../context";
import { distance, roundCoordinate, type ImagePoint } from "../../geometry/point";
import type { SmartStroke } from "../../smart";
import type { Painter } from "../../view/Painter";
import { classToColor } from "../../view/styles";
import { NEGATIVE, POSITIVE } from "./signs";

/** CSS pixels between two corners of a stroke. */
const STEP = 3;
/** Of all strokes of a prompt: the server takes 2000. */
const MOST_POINTS = 400;

export function strokeFrom(editor: EditorContext, start: ImagePoint, sign: 1 | -1): SmartStroke {
  const { smart, activeClass } = editor.session.get();
  const label = smart.method?.several === true && sign === 1 ? (activeClass ?? 0) : 0;
  return { points: [rounded(start)], width: smart.strokeWidth, sign, label };
}

export function strokeTo(editor: EditorContext, stroke: SmartStroke, to: ImagePoint): SmartStroke {
  const last = stroke.points.at(-1);
  const far = last === undefined || distance({ x: last[0], y: last[1] }, to) >= editor.camera.toImageLength(STEP);
  if (!far || stroke.points.length >= MOST_POINTS) return stroke;
  return { ...stroke, points: [...stroke.points, rounded(to)] };
}

export function drawStrokes(painter: Painter, editor: EditorContext, strokes: readonly SmartStroke[]): void {
  for (const { points, width, sign, label } of strokes) {
    const color = sign === -1 ? NEGATIVE : label === 0 ? POSITIVE : classToColor(label, editor.store);
    const style = { color, fill: 0, width: width / editor.camera.toImageLength(1), dash: [] };
    painter.line(
      points.map(([x, y]) => ({ x, y })),
      style,
    );
  }
}

function rounded({ x, y }: ImagePoint): readonly [number, number] {
  return [roundCoordinate(x), roundCoordinate(y)];
}
