/** Owns the frame around several selected objects, by whose handles they are scaled and turned together. */

import { boxCenter, type Box } from "../../geometry/box";
import { orientedHandles } from "../../geometry/oriented";
import type { Handle } from "../../shapes/ShapeUtil";
import type { Painter } from "../../view/Painter";

const COLOR = "#4dabf7";

export function frameHandles(frame: Box | null, pixel: number): readonly Handle[] {
  if (frame === null) return [];
  const { x, y } = boxCenter(frame);
  return orientedHandles({ center: [x, y], size: [frame[2], frame[3]], angle: 0 }, pixel);
}

export function drawFrame(painter: Painter, frame: Box): void {
  painter.box(frame, { color: COLOR, fill: 0, width: 1, dash: [5, 4] });
  painter.handles(
    frameHandles(frame, painter.pixel).map(({ point }) => point),
    COLOR,
  );
}
