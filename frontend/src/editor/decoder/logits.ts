/** Owns the way from a mask's logits over the encoder's frame to pixels of the picture. */

import type { Size } from "../geometry/point";
import { NO_RUNS, type MaskRuns } from "../geometry/runs";
import { NO_SPANS, type Spans } from "../geometry/spans";

/** Rows and columns of the logits, which cover the whole square frame. */
export const LOGITS_SIDE = 256;
const FRAME_SIDE = 1024;
const PER_FRAME = LOGITS_SIDE / FRAME_SIDE;

/**
 * The pixels of a picture of `size` whose logit is positive, where `frame` is the picture's size in the encoder's frame.
 * Between the logits it is linear both ways, so that each column is cut where it changes its sign: no array of pixels.
 */
export function logitsToRuns(logits: Float32Array, size: Size, frame: Size): MaskRuns {
  if (logits.every((value) => value <= 0)) return NO_RUNS;
  const [across, down] = [(frame.width / size.width) * PER_FRAME, (frame.height / size.height) * PER_FRAME];
  const column = new Float32Array(LOGITS_SIDE);
  const columns = Array.from({ length: size.width }, (_, x) => {
    blendColumns(logits, (x + 0.5) * across - 0.5, column);
    return positiveSpans(column, down, size.height);
  });
  return { left: 0, columns };
}

function blendColumns(logits: Float32Array, at: number, into: Float32Array): void {
  const inside = Math.min(Math.max(at, 0), LOGITS_SIDE - 1);
  const left = Math.floor(inside);
  const right = Math.min(left + 1, LOGITS_SIDE - 1);
  const part = inside - left;
  for (let row = 0; row < LOGITS_SIDE; row += 1) {
    const start = row * LOGITS_SIDE;
    into[row] = (1 - part) * (logits[start + left] ?? 0) + part * (logits[start + right] ?? 0);
  }
}

/** `scale`: rows of logits for a row of the picture. */
function positiveSpans(column: Float32Array, scale: number, height: number): Spans {
  const spans: number[] = [];
  let start = (column[0] ?? 0) > 0 ? 0 : -1;
  for (let row = 0; row < LOGITS_SIDE - 1; row += 1) {
    const [a, b] = [column[row] ?? 0, column[row + 1] ?? 0];
    if (a > 0 === b > 0) continue;
    const crossing = (row + a / (a - b) + 0.5) / scale - 0.5;
    if (b > 0) start = Math.max(Math.floor(crossing) + 1, 0);
    else {
      pushSpan(spans, start, Math.min(Math.ceil(crossing), height));
      start = -1;
    }
  }
  if (start >= 0) pushSpan(spans, start, height);
  return spans.length === 0 ? NO_SPANS : spans;
}

/** Two that touch are one. */
function pushSpan(spans: number[], start: number, end: number): void {
  if (start >= end) return;
  if (spans.at(-1) === start) spans[spans.length - 1] = end;
  else spans.push(start, end);
}
