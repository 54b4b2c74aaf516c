/** Owns cropped one-byte-a-pixel masks, column-major like COCO RLE so that runs are contiguous memory. */

import type { Box } from "./box";
import { clamp, type Point, type Size } from "./point";
import type { Counts } from "./rle";

/** Pixel (x + i, y + j) of the image is `data[i * height + j]`, 0 or 1. */
export interface MaskBitmap {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export function bitmapCreate(box: Box): MaskBitmap {
  const [x, y, width, height] = box;
  return { x, y, width, height, data: new Uint8Array(width * height) };
}

export function countsToBitmap(box: Box, counts: Counts): MaskBitmap {
  const bitmap = bitmapCreate(box);
  let at = 0;
  for (let index = 0; index < counts.length; index += 1) {
    const run = counts[index] ?? 0;
    if (index % 2 === 1) bitmap.data.fill(1, at, at + run);
    at += run;
  }
  return bitmap;
}

export function bitmapGet(bitmap: MaskBitmap, point: Point): boolean {
  const i = Math.floor(point.x) - bitmap.x;
  const j = Math.floor(point.y) - bitmap.y;
  if (i < 0 || j < 0 || i >= bitmap.width || j >= bitmap.height) return false;
  return bitmap.data[i * bitmap.height + j] === 1;
}

/** The smallest box around the set pixels, in image pixels; null when none is set. */
export function bitmapTightBox(bitmap: MaskBitmap): Box | null {
  const { data, height } = bitmap;
  const first = data.indexOf(1);
  if (first === -1) return null;
  const left = Math.floor(first / height);
  const right = Math.floor(data.lastIndexOf(1) / height);
  let top = height;
  let bottom = -1;
  for (let column = left; column <= right; column += 1) {
    const pixels = data.subarray(column * height, (column + 1) * height);
    const start = pixels.indexOf(1);
    if (start === -1) continue;
    top = Math.min(top, start);
    bottom = Math.max(bottom, pixels.lastIndexOf(1));
  }
  return [bitmap.x + left, bitmap.y + top, right - left + 1, bottom - top + 1];
}

/** The runs of the part of `bitmap` that `box` covers; `box` lies within it. */
export function bitmapToCounts(bitmap: MaskBitmap, box: Box): number[] {
  const counts: number[] = [];
  let value = 0;
  let run = 0;
  for (const pixels of contiguousPixels(bitmap, box)) {
    let at = 0;
    while (at < pixels.length) {
      const next = pixels.indexOf(1 - value, at);
      if (next === -1) {
        run += pixels.length - at;
        break;
      }
      counts.push(run + next - at);
      run = 0;
      value = 1 - value;
      at = next;
    }
  }
  counts.push(run);
  return counts;
}

function* contiguousPixels(bitmap: MaskBitmap, box: Box): Generator<Uint8Array> {
  const left = box[0] - bitmap.x;
  const top = box[1] - bitmap.y;
  const { data, height } = bitmap;
  if (box[3] === height) {
    yield data.subarray(left * height, (left + box[2]) * height);
    return;
  }
  for (let column = left; column < left + box[2]; column += 1) {
    yield data.subarray(column * height + top, column * height + top + box[3]);
  }
}

/**
 * A copy that covers `box` as well, inside the picture. The sides that grew get room to spare in proportion to the size,
 * so that a long stroke over a large mask is copied a few times only.
 */
export function bitmapGrow(bitmap: MaskBitmap, box: Box, size: Size): MaskBitmap {
  const [left, right] = growAxis(bitmap.x, bitmap.width, box[0], box[2], size.width);
  const [top, bottom] = growAxis(bitmap.y, bitmap.height, box[1], box[3], size.height);
  return bitmapCopy(bitmap, [left, top, right - left, bottom - top]);
}

function growAxis(start: number, extent: number, from: number, reach: number, limit: number): [number, number] {
  const end = start + extent;
  const room = Math.max(64, Math.floor(extent / 2));
  return [
    from < start ? clamp(Math.floor(from) - room, 0, start) : start,
    from + reach > end ? clamp(Math.ceil(from + reach) + room, end, limit) : end,
  ];
}

/** A copy of what lies in `box`; outside `bitmap` it is empty. */
export function bitmapCopy(bitmap: MaskBitmap, box: Box): MaskBitmap {
  const copy = bitmapCreate(box);
  const from = Math.max(bitmap.x, box[0]);
  const to = Math.min(bitmap.x + bitmap.width, box[0] + box[2]);
  const top = Math.max(bitmap.y, box[1]);
  const bottom = Math.min(bitmap.y + bitmap.height, box[1] + box[3]);
  if (top >= bottom) return copy;
  for (let x = from; x < to; x += 1) {
    const source = (x - bitmap.x) * bitmap.height - bitmap.y;
    copy.data.set(bitmap.data.subarray(source + top, source + bottom), (x - copy.x) * copy.height + top - copy.y);
  }
  return copy;
}

/** Sets (1) or clears (0) the pixels whose centre lies within `radius` of the segment; answers the box touched, or null. */
export function bitmapPaint(bitmap: MaskBitmap, from: Point, to: Point, radius: number, value: 0 | 1): Box | null {
  const left = Math.max(Math.ceil(Math.min(from.x, to.x) - radius - 0.5), bitmap.x);
  const right = Math.min(Math.floor(Math.max(from.x, to.x) + radius - 0.5), bitmap.x + bitmap.width - 1);
  let top = Infinity;
  let bottom = -Infinity;
  for (let x = left; x <= right; x += 1) {
    const span = capsuleSpan(from, to, radius, x + 0.5);
    if (span === null) continue;
    const start = Math.max(Math.ceil(span[0] - 0.5), bitmap.y);
    const end = Math.min(Math.floor(span[1] - 0.5), bitmap.y + bitmap.height - 1);
    if (start > end) continue;
    const column = (x - bitmap.x) * bitmap.height - bitmap.y;
    bitmap.data.fill(value, column + start, column + end + 1);
    top = Math.min(top, start);
    bottom = Math.max(bottom, end);
  }
  return top > bottom ? null : [left, top, right - left + 1, bottom - top + 1];
}

/** Where the vertical line at `x` is inside the capsule around the segment: a capsule is convex, so it is one span. */
function capsuleSpan(from: Point, to: Point, radius: number, x: number): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const end of [from, to]) {
    const dx = x - end.x;
    if (Math.abs(dx) > radius) continue;
    const reach = Math.sqrt(radius * radius - dx * dx);
    low = Math.min(low, end.y - reach);
    high = Math.max(high, end.y + reach);
  }
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length > 0) {
    const nx = (-(to.y - from.y) / length) * radius;
    const ny = ((to.x - from.x) / length) * radius;
    for (const sign of [1, -1]) {
      const ax = from.x + sign * nx;
      const bx = to.x + sign * nx;
      if (ax === bx || x < Math.min(ax, bx) || x > Math.max(ax, bx)) continue;
      const y = from.y + sign * ny + ((x - ax) / (bx - ax)) * (to.y - from.y);
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
  }
  return low > high ? null : [low, high];
}
