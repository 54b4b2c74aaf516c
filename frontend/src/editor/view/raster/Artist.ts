/**
 * Owns the worker's side: a mirror of the objects, drawn with the code that the page draws with. Between two slices it
 * listens, so that a newer order takes the place of one that nobody waits for any more.
 */

import { Value } from "../../signal";
import { DEFAULT_SETTINGS, type ViewSettings } from "../../store/session";
import { Store } from "../../store/Store";
import type { Surface, SurfaceFactory } from "../../surface";
import { drawBatches } from "../batches";
import { Painter } from "../Painter";
import { SpatialIndex } from "../SpatialIndex";
import { Tints } from "../Tints";
import { idleObjects } from "./idle";
import type { DrawOrder, RasterAnswer, RasterOrder } from "./messages";
import { unpackObjects, type PackedObjects } from "./packing";

/** Between two looks at what else was ordered. */
const SLICE_MS = 12;
/** Between two parts of a drawing that shows itself as it grows. */
const PART_MS = 120;

export interface ArtistParts {
  readonly createSurface: SurfaceFactory;
  /** A surface whose pixels are given away and which is empty afterwards. */
  readonly createSheet: (width: number, height: number) => Surface & { readonly take: () => ImageBitmap };
  readonly answer: (answer: RasterAnswer) => void;
  readonly now: () => number;
  /** Resolves when messages that wait have been received. */
  readonly breathe: () => Promise<void>;
}

const MIRRORED = { origin: "remote", history: "ignore" } as const;

export class Artist {
  private readonly store = new Store();
  private readonly index = new SpatialIndex(this.store);
  private readonly settings = new Value<ViewSettings>(DEFAULT_SETTINGS);
  private readonly tints: Tints;
  private latest = 0;

  constructor(private readonly parts: ArtistParts) {
    this.tints = new Tints(parts.createSurface);
  }

  receive(order: RasterOrder): void {
    switch (order.kind) {
      case "objects":
        this.mirror(order.objects, order.deleted);
        return;
      case "classes":
        this.store.change((transaction) => {
          for (const { id } of this.store.classes.get()) transaction.delete(id);
          for (const record of order.classes) transaction.put(record);
        }, MIRRORED);
        return;
      case "settings":
        this.settings.set(order.settings);
        return;
      case "draw":
        this.latest = order.number;
        void this.draw(order);
    }
  }

  private mirror(objects: PackedObjects, deleted: readonly string[]): void {
    for (const id of [...deleted, ...objects.ids]) {
      const before = this.store.findObject(id);
      if (before) this.tints.forget(before.shape);
    }
    this.store.change((transaction) => {
      for (const id of deleted) transaction.delete(id);
      for (const record of unpackObjects(objects)) transaction.put(record);
    }, MIRRORED);
  }

  private async draw(order: DrawOrder): Promise<void> {
    const { now, answer, breathe } = this.parts;
    const { camera, box, width, height, pixelRatio, without, number } = order;
    // A sheet of its own for each order: one that is given up must leave nothing behind.
    const sheet = this.parts.createSheet(width, height);
    const { store, index } = this;
    const items = idleObjects({ store, index, settings: this.settings.get(), without }, box);
    const size = { width: box[2] * camera.zoom, height: box[3] * camera.zoom, pixelRatio };
    const painter = new Painter(sheet.context, camera, size, this.tints);
    painter.toImageSpace();
    let listened = now();
    let shown = listened;
    for (const steps = drawBatches(painter, items); steps.next().done !== true;) {
      if (now() - listened < SLICE_MS) continue;
      await breathe();
      if (this.latest !== number) return;
      listened = now();
      if (!order.inParts || listened - shown < PART_MS) continue;
      shown = listened;
      answer({ number, bitmap: sheet.take(), isLast: false });
      painter.toImageSpace();
    }
    answer({ number, bitmap: sheet.take(), isLast: true });
  }
}
