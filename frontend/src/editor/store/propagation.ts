/** Owns what an object becomes on another image. */

import type { Size } from "../geometry/point";
import { apiToShape, shapeUtil, type Shape } from "../shapes";
import { annotationToApi, type AnnotationRecord, type ApiAnnotation } from "./records";

/**
 * Copies under identities of their own, at the same place in pixels and cut at the border of the other image. What lies
 * outside of it, and what `present` has already (same class, same shape), is left out.
 */
export function copiesFor(
  records: readonly AnnotationRecord[],
  size: Size,
  present: readonly ApiAnnotation[],
  uuid: () => string,
): ApiAnnotation[] {
  const taken = new Set(present.map((one) => keyOf(one.class, one.shape)));
  return records.flatMap((record): ApiAnnotation[] => {
    const shape = shapeUtil(record.shape).clamp(record.shape, size);
    if (shape === null || taken.has(keyOf(record.classId, shape))) return [];
    return [annotationToApi({ ...record, shape, id: uuid() })];
  });
}

function keyOf(classId: number, value: unknown): string {
  return JSON.stringify([classId, plain(value)]);
}

/** As this editor writes it; what it cannot read stands for itself. */
function plain(value: unknown): unknown {
  try {
    const shape: Shape = apiToShape(value);
    return Object.entries(shapeUtil(shape).toApi(shape)).sort(([a], [b]) => a.localeCompare(b));
  } catch {
    return value;
  }
}
