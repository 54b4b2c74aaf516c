/**
 * Owns the region around a place whose pixels look like it: what is smoothed, within a tolerance that the surroundings set,
 * and joined to the place (after QuPath's wand: Bankhead et al., "QuPath", Scientific Reports 2017).
 */

import type { Box } from "./box";
import { clamp, type Point } from "./point";
import type { MaskRuns } from "./runs";
import { NO_SPANS, type Spans } from "./spans";

/** RGBA, rows one after the other. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

const CHANNELS = 3;
/** Pixels; two boxes of this radius smooth like a Gaussian of about 2. */
const SMOOTHING = 2;
/** Gaps narrower than twice this are closed. */
const CLOSING = 2;
/** Levels: even the plainest surroundings have some noise. */
const LEAST = 3;

/**
 * 1 for each pixel of the region. `seed` in pixels; `tolerance` in standard deviations of each channel; nothing is further
 * from the seed than `reach`.
 */
export function growRegion(pixels: Pixels, seed: Point, tolerance: number, reach: number): Uint8Array {
  const { width, height } = pixels;
  const like = new Uint8Array(width * height).fill(1);
  const x = clamp(Math.floor(seed.x), 0, width - 1);
  const y = clamp(Math.floor(seed.y), 0, height - 1);
  for (let channel = 0; channel < CHANNELS; channel += 1) {
    const plane = smoothPlane(pixels, channel);
    const allowed = Math.max(tolerance * deviation(plane), LEAST);
    const own = plane[x + y * width] ?? 0;
    for (let at = 0; at < plane.length; at += 1) if (Math.abs((plane[at] ?? 0) - own) > allowed) like[at] = 0;
  }
  const joined = flood(like, width, height, x, y, reach);
  return close(joined, width, height);
}

function smoothPlane({ width, height, data }: Pixels, channel: number): Float32Array {
  let plane = new Float32Array(width * height);
  for (let at = 0; at < plane.length; at += 1) plane[at] = data[4 * at + channel] ?? 0;
  for (let pass = 0; pass < 2; pass += 1) {
    const across = new Float32Array(plane.length);
    for (let y = 0; y < height; y += 1) boxLine(plane, across, y * width, 1, width);
    plane = new Float32Array(plane.length);
    for (let x = 0; x < width; x += 1) boxLine(across, plane, x, width, height);
  }
  return plane;
}

/** The mean of the pixels within `SMOOTHING`, fewer of them at the ends. */
function boxLine(from: Float32Array, to: Float32Array, start: number, step: number, length: number): void {
  let sum = 0;
  let count = 0;
  for (let at = 0; at < Math.min(SMOOTHING, length); at += 1) {
    sum += from[start + at * step] ?? 0;
    count += 1;
  }
  for (let at = 0; at < length; at += 1) {
    if (at + SMOOTHING < length) {
      sum += from[start + (at + SMOOTHING) * step] ?? 0;
      count += 1;
    }
    if (at > SMOOTHING) {
      sum -= from[start + (at - SMOOTHING - 1) * step] ?? 0;
      count -= 1;
    }
    to[start + at * step] = sum / count;
  }
}

function deviation(plane: Float32Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of plane) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / plane.length;
  return Math.sqrt(Math.max(squares / plane.length - mean * mean, 0));
}

/** What is joined to the seed by sides. */
function flood(like: Uint8Array, width: number, height: number, x: number, y: number, reach: number): Uint8Array {
  const found = new Uint8Array(like.length);
  const waiting = [x + y * width];
  found[x + y * width] = 1;
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const atX = at % width;
    const atY = (at - atX) / width;
    if (Math.hypot(atX - x, atY - y) > reach) {
      found[at] = 0;
      continue;
    }
    const next = [
      atX > 0 ? at - 1 : at,
      atX < width - 1 ? at + 1 : at,
      atY > 0 ? at - width : at,
      atY < height - 1 ? at + width : at,
    ];
    for (const one of next) {
      if (found[one] === 1 || like[one] !== 1) continue;
      found[one] = 1;
      like[one] = 0;
      waiting.push(one);
    }
  }
  return found;
}

/** Dilated, then eroded: speckles of the texture inside belong to it. The border counts as set for the erosion. */
function close(region: Uint8Array, width: number, height: number): Uint8Array {
  const grown = spread(region, width, height, 1);
  return spread(grown, width, height, 0);
}

/** Pixels within `CLOSING` of one of this value take it. */
function spread(region: Uint8Array, width: number, height: number, value: 0 | 1): Uint8Array {
  const across = region.slice();
  const both = region.slice();
  for (let y = 0; y < height; y += 1) spreadLine(region, across, y * width, 1, width, value);
  both.set(across);
  for (let x = 0; x < width; x += 1) spreadLine(across, both, x, width, height, value);
  return both;
}

function spreadLine(from: Uint8Array, to: Uint8Array, start: number, step: number, length: number, value: 0 | 1): void {
  for (let at = 0; at < length; at += 1) {
    if (from[start + at * step] !== value) continue;
    const last = Math.min(at + CLOSING, length - 1);
    for (let near = Math.max(at - CLOSING, 0); near <= last; near += 1) to[start + near * step] = value;
  }
}

/** The image pixels whose middle lies in the region, which shows `box` of the picture (image pixels). */
export function regionToRuns(region: Uint8Array, { width, height }: Omit<Pixels, "data">, box: Box): MaskRuns {
  const [left, top, wide, high] = box;
  const known = new Map<number, Spans>();
  const columnOf = (at: number): Spans => {
    const found = known.get(at) ?? columnSpans(region, width, height, at, top, high / height);
    known.set(at, found);
    return found;
  };
  const first = Math.ceil(left - 0.5);
  const count = Math.max(Math.floor(left + wide - 0.5) - first + 1, 0);
  const columns = Array.from({ length: count }, (_, index) =>
    columnOf(clamp(Math.floor(((first + index + 0.5 - left) * width) / wide), 0, width - 1)),
  );
  return { left: first, columns };
}

function columnSpans(
  region: Uint8Array,
  width: number,
  height: number,
  column: number,
  top: number,
  grid: number,
): Spans {
  const spans: number[] = [];
  let start = -1;
  for (let y = 0; y <= height; y += 1) {
    const isSet = y < height && region[y * width + column] === 1;
    if (isSet && start < 0) start = y;
    if (isSet || start < 0) continue;
    const [low, high] = [Math.ceil(top + start * grid - 0.5), Math.ceil(top + y * grid - 0.5)];
    if (low < high) {
      // Two that touch after scaling are one.
      if (spans.at(-1) === low) spans[spans.length - 1] = high;
      else spans.push(low, high);
    }
    start = -1;
  }
  return spans.length === 0 ? NO_SPANS : spans;
}
