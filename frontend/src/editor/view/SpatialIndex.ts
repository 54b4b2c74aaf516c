/** Owns which objects lie where: an R-tree over their bounds that follows the store. */

import RBush from "rbush";

import type { Box } from "../geometry/box";
import { shapeUtil } from "../shapes";
import type { EditorRecord, ObjectRecord } from "../store/records";
import type { Store, StoreEvent } from "../store/Store";

interface Entry {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  readonly id: string;
  readonly weight: number;
}

/** A mask is coloured pixel by pixel: as long as it takes to draw this many outlines. */
const MASK_WEIGHT = 16;

/** Above this many changes at once, loading the whole tree anew is faster: 10,000 objects take 5 ms. */
const BULK = 200;

export class SpatialIndex {
  private readonly store: Store;
  private readonly tree = new RBush<Entry>();
  private readonly entries = new Map<string, Entry>();

  constructor(store: Store) {
    this.store = store;
    store.listen((event) => this.follow(event));
  }

  /** Objects whose bounds touch `box`, in no order. */
  search(box: Box): ObjectRecord[] {
    return this.find(box)
      .map((entry) => this.store.findObject(entry.id))
      .filter((record) => record !== null);
  }

  /** How many objects' bounds touch `box`. */
  count(box: Box): number {
    return this.find(box).length;
  }

  /** What they take to be drawn, in outlines. */
  weight(box: Box): number {
    return this.find(box).reduce((sum, entry) => sum + entry.weight, 0);
  }

  private find([x, y, width, height]: Box): Entry[] {
    return this.tree.search({ minX: x, minY: y, maxX: x + width, maxY: y + height });
  }

  private follow({ diff }: StoreEvent): void {
    const stale: Entry[] = [];
    const fresh: Entry[] = [];
    for (const [id, { before, after }] of diff) {
      if (shapeOf(before) === shapeOf(after)) continue;
      const old = this.entries.get(id);
      if (old) stale.push(old);
      this.entries.delete(id);
      const entry = recordToEntry(after);
      if (!entry) continue;
      this.entries.set(id, entry);
      fresh.push(entry);
    }
    if (stale.length + fresh.length > BULK) {
      this.tree.clear();
      this.tree.load([...this.entries.values()]);
      return;
    }
    for (const entry of stale) this.tree.remove(entry);
    for (const entry of fresh) this.tree.insert(entry);
  }
}

function shapeOf(record: EditorRecord | null): unknown {
  return record !== null && "shape" in record ? record.shape : null;
}

function recordToEntry(record: EditorRecord | null): Entry | null {
  if (record === null || !("shape" in record)) return null;
  const bounds = shapeUtil(record.shape).bounds(record.shape);
  if (bounds === null) return null;
  const [x, y, width, height] = bounds;
  const weight = shapeUtil(record.shape).paint === "bitmap" ? MASK_WEIGHT : 1;
  return { minX: x, minY: y, maxX: x + width, maxY: y + height, id: record.id, weight };
}
