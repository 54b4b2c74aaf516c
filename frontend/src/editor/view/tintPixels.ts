/** Owns the pixels of a mask's coloured picture. */

import type { Box } from "../geometry/box";
import { columnAt, type MaskRuns } from "../geometry/runs";
import type { Spans } from "../geometry/spans";
import type { Surface } from "../surface";

interface Place {
  /** Image pixels that the surface covers, at multiples of 2 ** level. */
  readonly box: Box;
  readonly level: number;
}

/** Colours `part` (image pixels) of the surface anew: a pixel is set when any pixel of the mask under it is. */
export function tintPixels(surface: Surface, { box, level }: Place, runs: MaskRuns, color: string, part: Box): void {
  const grid = 2 ** level;
  const left = Math.floor((part[0] - box[0]) / grid);
  const top = Math.floor((part[1] - box[1]) / grid);
  const width = Math.ceil((part[0] + part[2] - box[0]) / grid) - left;
  const height = Math.ceil((part[1] + part[3] - box[1]) / grid) - top;
  if (width < 1 || height < 1) return;
  const picture = surface.context.createImageData(width, height);
  const pixels = new Uint32Array(picture.data.buffer);
  const value = colorToPixel(color);
  const firstRow = box[1] / grid + top;
  const fill = (column: number, spans: Spans): void => {
    for (let at = 0; at < spans.length; at += 2) {
      const start = Math.max(Math.floor((spans[at] ?? 0) / grid) - firstRow, 0);
      const end = Math.min(Math.ceil((spans[at + 1] ?? 0) / grid) - firstRow, height);
      for (let row = start; row < end; row += 1) pixels[row * width + column] = value;
    }
  };
  for (let i = 0; i < width; i += 1) {
    const x = box[0] + (left + i) * grid;
    let before: Spans | null = null;
    for (let column = x; column < x + grid; column += 1) {
      const spans = columnAt(runs, column);
      // Large masks have many equal columns side by side.
      if (spans !== before) fill(i, spans);
      before = spans;
    }
  }
  surface.context.putImageData(picture, left, top);
}

/** "#rrggbb" as an opaque pixel of a little-endian Uint32 view (every platform with a browser). */
function colorToPixel(color: string): number {
  const value = Number.parseInt(color.slice(1, 7), 16);
  const [red, green, blue] = [(value >> 16) & 255, (value >> 8) & 255, value & 255];
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
