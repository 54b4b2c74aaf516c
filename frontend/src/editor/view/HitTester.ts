/** Owns what is under the pointer: the index proposes, the shape decides, the smallest wins. */

import { boxExpand, type Box } from "../geometry/box";
import type { ImagePoint } from "../geometry/point";
import type { Signal } from "../signal";
import { shapeUtil } from "../shapes";
import type { ObjectRecord } from "../store/records";
import type { ViewSettings } from "../store/session";
import type { Store } from "../store/Store";
import { isAside } from "./aside";
import type { SpatialIndex } from "./SpatialIndex";
import { recordToEdges } from "./styles";

export class HitTester {
  private readonly index: SpatialIndex;
  private readonly settings: Signal<ViewSettings>;
  private readonly store: Store;

  constructor(index: SpatialIndex, settings: Signal<ViewSettings>, store: Store) {
    this.index = index;
    this.settings = settings;
    this.store = store;
  }

  /** Visible, unlocked objects under `point`, smallest area first, the uppermost first among equals. */
  at(point: ImagePoint, tolerance: number): ObjectRecord[] {
    return this.index
      .search(boxExpand([point.x, point.y, 0, 0], tolerance))
      .filter((record) => this.isReachable(record))
      .filter((record) => {
        const edges = recordToEdges(record, this.store);
        return shapeUtil(record.shape).hitTest(record.shape, point, tolerance, edges);
      })
      .map((record) => ({ record, area: shapeUtil(record.shape).area(record.shape) }))
      .sort((a, b) => a.area - b.area || zOrder(b.record) - zOrder(a.record) || b.record.order - a.record.order)
      .map(({ record }) => record);
  }

  /** Visible objects, locked or not, whose bounds touch `box`, in no order. */
  shown(box: Box): ObjectRecord[] {
    return this.index.search(box).filter((record) => isVisible(record, this.settings.get()));
  }

  within(box: Box): ObjectRecord[] {
    return this.index
      .search(box)
      .filter((record) => this.isReachable(record) && shapeUtil(record.shape).intersects(record.shape, box));
  }

  isReachable(record: ObjectRecord): boolean {
    const settings = this.settings.get();
    const locked = record.kind === "annotation" && record.locked;
    return isVisible(record, settings) && !locked && !isAside(record, settings);
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
