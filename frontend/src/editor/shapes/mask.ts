/** Owns the mask: `{"type": "mask", "box": [x, y, width, height], "counts": COCO compressed RLE of that crop}`, whole pixels. */

import {
  bitmapCopy,
  bitmapGet,
  bitmapTightBox,
  bitmapToCounts,
  countsToBitmap,
  type MaskBitmap,
} from "../geometry/bitmap";
import { boxClamp, boxContains, boxesIntersect, boxTranslate, boxWithin, type Box } from "../geometry/box";
import { countsArea, countsToString, countsTotal, stringToCounts } from "../geometry/rle";
import { PLAIN_SHAPE, readBox, ShapeError, type ShapeUtil } from "./ShapeUtil";

export interface MaskShape {
  readonly type: "mask";
  readonly box: Box;
  readonly counts: string;
}

/** Decoded masks, least recently used first. 64 MB: a 4,000 x 4,000 mask is 16 MB and decodes in about 10 ms. */
const DECODED_BYTES = 64 * 1024 * 1024;
const decoded = new Map<MaskShape, MaskBitmap>();
let decodedBytes = 0;
const areaOf = new WeakMap<MaskShape, number>();

export const maskShape: ShapeUtil<MaskShape> = {
  ...PLAIN_SHAPE,
  type: "mask",
  title: "Mask",
  paint: "bitmap",
  sample: () => ({ type: "mask", box: [2, 3, 4, 3], counts: countsToString([1, 2, 1, 7, 1]) }),
  fromApi(value) {
    const box = readBox(value.box, "Mask");
    const counts = value.counts;
    if (!box.every(Number.isInteger)) throw new ShapeError('Mask: "box" must be whole pixels.');
    if (typeof counts !== "string") throw new ShapeError('Mask: "counts" must be COCO compressed RLE text.');
    const total = countsTotal(readCounts(counts));
    if (total !== box[2] * box[3]) {
      throw new ShapeError(`Mask: the runs cover ${total} pixels, but the box has ${box[2]} x ${box[3]}.`);
    }
    return { type: "mask", box, counts };
  },
  toApi: (shape) => shape,
  bounds: (shape) => shape.box,
  area(shape) {
    const known = areaOf.get(shape);
    if (known !== undefined) return known;
    const area = countsArea(stringToCounts(shape.counts));
    areaOf.set(shape, area);
    return area;
  },
  hitTest: (shape, point) => boxContains(shape.box, point) && bitmapGet(maskToBitmap(shape), point),
  intersects(shape, box) {
    if (!boxesIntersect(shape.box, box)) return false;
    if (boxWithin(shape.box, box)) return true;
    const left = Math.floor(Math.max(box[0], shape.box[0]));
    const top = Math.floor(Math.max(box[1], shape.box[1]));
    const right = Math.ceil(Math.min(box[0] + box[2], shape.box[0] + shape.box[2]));
    const bottom = Math.ceil(Math.min(box[1] + box[3], shape.box[1] + shape.box[3]));
    if (right <= left || bottom <= top) return false;
    return bitmapCopy(maskToBitmap(shape), [left, top, right - left, bottom - top]).data.includes(1);
  },
  clamp(shape, size) {
    const inside = boxClamp(shape.box, size);
    if (boxWithin(shape.box, [0, 0, size.width, size.height])) return maskShape.area(shape) > 0 ? shape : null;
    if (inside[2] < 1 || inside[3] < 1) return null;
    return bitmapToMask(bitmapCopy(maskToBitmap(shape), inside));
  },
  translate: (shape, dx, dy) => ({ ...shape, box: boxTranslate(shape.box, Math.round(dx), Math.round(dy)) }),
  trace: (shape, sink) => sink.rect(...shape.box),
  bitmap: (shape) => maskToBitmap(shape),
};

/** Shared: must not be painted on. */
export function maskToBitmap(shape: MaskShape): MaskBitmap {
  const known = decoded.get(shape);
  const bitmap = known ?? countsToBitmap(shape.box, stringToCounts(shape.counts));
  remember(shape, bitmap);
  return bitmap;
}

/** The mask cropped to its pixels, or null when none is set. */
export function bitmapToMask(bitmap: MaskBitmap): MaskShape | null {
  const box = bitmapTightBox(bitmap);
  if (box === null) return null;
  const counts = bitmapToCounts(bitmap, box);
  const shape: MaskShape = { type: "mask", box, counts: countsToString(counts) };
  areaOf.set(shape, countsArea(counts));
  return shape;
}

function remember(shape: MaskShape, bitmap: MaskBitmap): void {
  if (decoded.delete(shape)) decodedBytes -= bitmap.data.length;
  decoded.set(shape, bitmap);
  decodedBytes += bitmap.data.length;
  for (const [oldest, { data }] of decoded) {
    if (decodedBytes <= DECODED_BYTES || oldest === shape) return;
    decoded.delete(oldest);
    decodedBytes -= data.length;
  }
}

function readCounts(text: string): Uint32Array {
  try {
    return stringToCounts(text);
  } catch (error) {
    throw new ShapeError(`Mask: ${error instanceof Error ? error.message : "the run lengths cannot be read."}`);
  }
}
