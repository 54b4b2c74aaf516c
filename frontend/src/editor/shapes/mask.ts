/** Owns the mask: `{"type": "mask", "box": [x, y, width, height], "counts": COCO compressed RLE of that crop}`, whole pixels. */

import { boxClamp, boxContains, boxesIntersect, boxTranslate, boxWithin, type Box } from "../geometry/box";
import { countsArea, countsToString, countsTotal, stringToCounts } from "../geometry/rle";
import { countsToRuns, runsBox, runsClip, runsHas, runsToCounts, runsTouch, type MaskRuns } from "../geometry/runs";
import { isMove } from "../geometry/transform";
import { PLAIN_SHAPE, readBox, ShapeError, type ShapeUtil } from "./ShapeUtil";

export interface MaskShape {
  readonly type: "mask";
  readonly box: Box;
  readonly counts: string;
}

/** Decoded masks, least recently used first; numbers in their spans, about 32 MB. */
const DECODED_NUMBERS = 4_000_000;
const decoded = new Map<MaskShape, { readonly runs: MaskRuns; readonly numbers: number }>();
let decodedNumbers = 0;
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
  hitTest: (shape, point) => boxContains(shape.box, point) && runsHas(maskToRuns(shape), point),
  intersects(shape, box) {
    if (!boxesIntersect(shape.box, box)) return false;
    if (boxWithin(shape.box, box)) return true;
    return runsTouch(maskToRuns(shape), box);
  },
  clamp(shape, size) {
    const inside = boxClamp(shape.box, size);
    if (boxWithin(shape.box, [0, 0, size.width, size.height])) return maskShape.area(shape) > 0 ? shape : null;
    if (inside[2] < 1 || inside[3] < 1) return null;
    return runsToMask(runsClip(maskToRuns(shape), inside));
  },
  translate: (shape, dx, dy) => ({ ...shape, box: boxTranslate(shape.box, Math.round(dx), Math.round(dy)) }),
  transform: (shape, by) =>
    isMove(by) && Number.isInteger(by.dx) && Number.isInteger(by.dy) ? maskShape.translate(shape, by.dx, by.dy) : null,
  trace: (shape, sink) => sink.rect(...shape.box),
  runs: (shape) => maskToRuns(shape),
};

export function maskToRuns(shape: MaskShape): MaskRuns {
  const known = decoded.get(shape);
  if (known) {
    decoded.delete(shape);
    decoded.set(shape, known);
    return known.runs;
  }
  const counts = stringToCounts(shape.counts);
  const runs = countsToRuns(shape.box, counts);
  remember(shape, runs, counts.length + 2 * shape.box[2]);
  return runs;
}

/** The mask cropped to its pixels, or null when none is set. */
export function runsToMask(runs: MaskRuns): MaskShape | null {
  const box = runsBox(runs);
  if (box === null) return null;
  const counts = runsToCounts(runs, box);
  const shape: MaskShape = { type: "mask", box, counts: countsToString(counts) };
  areaOf.set(shape, countsArea(counts));
  return shape;
}

function remember(shape: MaskShape, runs: MaskRuns, numbers: number): void {
  decoded.set(shape, { runs, numbers });
  decodedNumbers += numbers;
  for (const [oldest, known] of decoded) {
    if (decodedNumbers <= DECODED_NUMBERS || oldest === shape) return;
    decoded.delete(oldest);
    decodedNumbers -= known.numbers;
  }
}

function readCounts(text: string): Uint32Array {
  try {
    return stringToCounts(text);
  } catch (error) {
    throw new ShapeError(`Mask: ${error instanceof Error ? error.message : "the run lengths cannot be read."}`);
  }
}
