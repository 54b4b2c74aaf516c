/** Owns copied objects; they outlive the image they came from. */

import { boxUnion, type Box } from "../geometry/box";
import { clampMove } from "../geometry/transform";
import { shapeUtil } from "../shapes";
import { Value, type Signal } from "../signal";
import type { AnnotationRecord, ImageRecord } from "./records";

/** Image pixels to the right and down, so that a copy can be seen beside its original. */
const OFFSET = 10;

export class Clipboard {
  private records: readonly AnnotationRecord[] = [];
  private imageId: number | null = null;
  private readonly count = new Value(0);

  readonly size: Signal<number> = this.count;

  copy(records: readonly AnnotationRecord[], image: ImageRecord): void {
    this.records = records;
    this.imageId = image.imageId;
    this.count.set(records.length);
  }

  /** On the image they came from a little aside, on another one at the same place. */
  contentsFor(image: ImageRecord): readonly AnnotationRecord[] {
    return image.imageId === this.imageId ? aside(this.records, image) : this.records;
  }
}

/** Moved together, as far as the picture allows. */
export function aside(records: readonly AnnotationRecord[], image: ImageRecord): AnnotationRecord[] {
  const bounds = recordsToBounds(records);
  if (bounds === null) return [...records];
  const right = clampMove(bounds, image, { x: OFFSET, y: OFFSET });
  const move = right.x === 0 && right.y === 0 ? clampMove(bounds, image, { x: -OFFSET, y: -OFFSET }) : right;
  return records.map((record) => ({
    ...record,
    shape: shapeUtil(record.shape).translate(record.shape, move.x, move.y),
  }));
}

/** Null when none of them has a place. */
export function recordsToBounds(records: readonly Pick<AnnotationRecord, "shape">[]): Box | null {
  return records.reduce<Box | null>((all, { shape }) => boxUnion(all, shapeUtil(shape).bounds(shape)), null);
}
