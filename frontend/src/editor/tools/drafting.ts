/** Owns what drawing tools share: clamped pointers, the style of an unfinished object, distances on the screen. */

import type { EditorContext } from "../context";
import { clampPoint, distance, type ImagePoint, type ScreenPoint } from "../geometry/point";
import type { ToolPointer } from "../input/events";
import { classToColor, type PaintStyle } from "../view/styles";

/** CSS pixels: a press that moved less is a click. */
export const DRAG_DISTANCE = 4;

/** The pointer's place, moved inside the picture: for lines drawn freehand and what is no vertex. */
export function insidePicture(editor: EditorContext, pointer: ToolPointer): ImagePoint {
  return clampPoint(pointer.point, editor.imageSize());
}

export function isDrag(from: ScreenPoint, to: ScreenPoint): boolean {
  return distance(from, to) >= DRAG_DISTANCE;
}

export function draftColor(editor: EditorContext): string {
  return classToColor(editor.session.get().activeClass, editor.store);
}

export function draftStyle(editor: EditorContext): PaintStyle {
  return { color: draftColor(editor), fill: 0.15, width: 2, dash: [] };
}

/** A left press with mouse, pen or finger. */
export function isPrimary(pointer: ToolPointer): boolean {
  return pointer.button === 0;
}
