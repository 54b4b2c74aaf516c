/** Owns what is under the pointer: the index proposes, the shape decides, the smallest wins. */

import { boxExpand, type Box } from "../geometry/box";
import type { ImagePoint } from "../geometry/point";
import type { Signal } from "../signal";
import { shapeUtil } from "../shapes";
import type { ObjectRecord } from "../store/records";
import type { ViewSettings } from "../store/session";
import type { SpatialIndex } from "./SpatialIndex";

export class HitTester {
  private readonly index: SpatialIndex;
  private readonly settings: Signal<ViewSettings>;

  constructor(index: SpatialIndex, settings: Signal<ViewSettings>) {
    this.index = index;
    this.settings = settings;
  }

  /** Visible, unlocked objects under `point`, smallest area first, the uppermost first among equals. */
  at(point: ImagePoint, tolerance: number): ObjectRecord[] {
    return this.index
      .search(boxExpand([point.x, point.y, 0, 0], tolerance))
      .filter((record) => this.isReachable(record))
      .filter((record) => shapeUtil(record.shape).hitTest(record.shape, point, tolerance))
      .map((record) => ({ record, area: shapeUtil(record.shape).area(record.shape) }))
      .sort((a, b) => a.area - b.area || zOrder(b.record) - zOrder(a.record) || b.record.order - a.record.order)
      .map(({ record }) => record);
  }

  within(box: Box): ObjectRecord[] {
    return this.index
      .search(box)
      .filter((record) => this.isReachable(record) && shapeUtil(record.shape).intersects(record.shape, box));
  }

  isReachable(record: ObjectRecord): boolean {
    return isVisible(record, this.settings.get()) && !(record.kind === "annotation" && record.locked);
  }
}

export function isVisible(record: ObjectRecord, settings: ViewSettings): boolean {
  if (settings.hideAll) return false;
  if (record.kind === "annotation") return !record.hidden;
  return settings.showPredictions && record.state === "pending" && record.score >= settings.minScore;
}

function zOrder(record: ObjectRecord): number {
  return record.kind === "annotation" ? record.zOrder : 0;
}
