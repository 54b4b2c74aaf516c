/** Owns how it is shown what a place was drawn to: a square at a vertex, a circle on a border, a bar along the picture's edge. */

import type { Size } from "../geometry/point";
import type { Painter } from "./Painter";
import type { Snap } from "./Snapping";
import type { PaintStyle } from "./styles";

/** CSS pixels. */
const HALF = 7;
const BAR = 14;
/** Dark under bright, so that it is seen on any picture. */
const UNDER: PaintStyle = { color: "#000000b0", fill: 0, width: 4, dash: [] };
const OVER: PaintStyle = { color: "#ff4fd8", fill: 0, width: 2, dash: [] };

export function drawSnap(painter: Painter, snap: Snap | null, size: Size): void {
  if (snap === null) return;
  for (const style of [UNDER, OVER]) drawMark(painter, snap, size, style);
}

function drawMark(painter: Painter, { kind, point: { x, y } }: Snap, size: Size, style: PaintStyle): void {
  const half = HALF * painter.pixel;
  if (kind === "vertex") painter.box([x - half, y - half, 2 * half, 2 * half], style);
  else if (kind === "border") painter.circle({ x, y }, half, style);
  else {
    const bar = BAR * painter.pixel;
    if (x === 0 || x === size.width) drawBar(painter, { x, y }, { x: 0, y: bar }, style);
    if (y === 0 || y === size.height) drawBar(painter, { x, y }, { x: bar, y: 0 }, style);
  }
}

interface Pair {
  readonly x: number;
  readonly y: number;
}

function drawBar(painter: Painter, at: Pair, by: Pair, style: PaintStyle): void {
  painter.line(
    [
      { x: at.x - by.x, y: at.y - by.y },
      { x: at.x + by.x, y: at.y + by.y },
    ],
    style,
  );
}
