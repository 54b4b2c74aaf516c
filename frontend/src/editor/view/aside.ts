/** Owns which objects stand aside: shown faintly, out of the pointer's reach. */

import type { ObjectRecord } from "../store/records";
import type { ViewSettings } from "../store/session";

export function isAside(record: ObjectRecord, { onlyClass, onlyObjects }: ViewSettings): boolean {
  if (onlyClass !== null && record.classId !== onlyClass) return true;
  return onlyObjects !== null && record.kind === "annotation" && !onlyObjects.has(record.id);
}
