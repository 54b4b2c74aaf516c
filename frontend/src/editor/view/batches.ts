/** Owns the order and grouping in which idle objects are drawn: many of one style share one path. */

import { shapeUtil } from "../shapes";
import type { ObjectRecord } from "../store/records";
import type { Painter } from "./Painter";
import type { PaintStyle } from "./styles";

/** Outlines in one path. Larger paths rasterise no faster, and between two paths a redraw can pause. */
const PATH_SHAPES = 32;
/** Finding or grouping more objects than this is a frame's work by itself: 10,000 take 5 to 10 ms. */
export const SORTED_IN_A_FRAME = 2000;
/** Screen pixels: anything smaller is drawn as a dot, and no dashes on what is hardly larger. */
const DOT = 3;
const DASHED = 16;

export interface StyledRecord {
  readonly record: ObjectRecord;
  readonly style: PaintStyle;
}

interface Batch {
  readonly style: PaintStyle;
  readonly paint: string;
  readonly items: StyledRecord[];
}

/** A part of a redraw was done: "path", or "all" that a frame should do. */
export type Step = "path" | "all";

/** Draws and pauses after every path, so that the caller decides how long a frame may take. */
export function* drawBatches(painter: Painter, items: readonly StyledRecord[]): Generator<Step> {
  const batches = recordsToBatches(items, painter.pixel);
  if (items.length > SORTED_IN_A_FRAME) yield "all";
  for (const batch of batches) {
    if (batch.paint === "bitmap") yield* drawMasks(painter, batch);
    else yield* drawOutlines(painter, batch);
  }
}

/** By zOrder, predictions last; within one zOrder by style, as fills are see-through anyway. */
function recordsToBatches(items: readonly StyledRecord[], pixel: number): Batch[] {
  const layers = new Map<number, Map<string, Batch>>();
  for (const item of items) {
    const { record, style } = item;
    const layer = record.kind === "annotation" ? record.zOrder : Infinity;
    const batches = layers.get(layer) ?? new Map<string, Batch>();
    layers.set(layer, batches);
    const { paint } = shapeUtil(record.shape);
    const dashed = style.dash.length > 0 && extent(record, pixel) >= DASHED;
    const key = `${paint} ${style.color} ${dashed ? "dashed" : ""} ${style.width}`;
    const batch = batches.get(key);
    const fill = paint === "line" ? 0 : style.fill;
    if (batch) batch.items.push(item);
    else batches.set(key, { style: { ...style, fill, dash: dashed ? style.dash : [] }, paint, items: [item] });
  }
  return [...layers].sort(([a], [b]) => a - b).flatMap(([, batches]) => [...batches.values()]);
}

function* drawMasks(painter: Painter, batch: Batch): Generator<Step> {
  for (const { record } of batch.items) {
    painter.mask(record.shape, batch.style);
    yield "path";
  }
}

function* drawOutlines(painter: Painter, batch: Batch): Generator<Step> {
  const { pixel, context } = painter;
  for (let from = 0; from < batch.items.length; from += PATH_SHAPES) {
    context.beginPath();
    for (const { record, style } of batch.items.slice(from, from + PATH_SHAPES)) {
      const { shape } = record;
      const util = shapeUtil(shape);
      const bounds = util.bounds(shape);
      if (bounds === null) continue;
      // A single point is no larger than its mark at any zoom.
      if (batch.paint !== "line" && bounds[2] < DOT * pixel && bounds[3] < DOT * pixel) {
        context.rect(bounds[0], bounds[1], Math.max(bounds[2], pixel), Math.max(bounds[3], pixel));
      } else util.trace(shape, context, pixel, style.edges);
    }
    painter.fillAndStroke(batch.style);
    yield "path";
  }
}

/** The longer side on the screen. */
function extent(record: ObjectRecord, pixel: number): number {
  const bounds = shapeUtil(record.shape).bounds(record.shape);
  return bounds === null ? 0 : Math.max(bounds[2], bounds[3]) / pixel;
}
