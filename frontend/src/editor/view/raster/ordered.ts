/** Owns a redraw that a worker does: what comes from it is laid on the raster, and the frames go on meanwhile. */

import type { ViewSettings } from "../../store/session";
import type { Viewport } from "../Camera";
import { rasterLay, type Raster } from "./Raster";
import type { Redraw } from "./redraw";
import type { Studio } from "./Studio";

export interface Commission {
  readonly studio: Studio;
  readonly settings: ViewSettings;
  readonly without: ReadonlySet<string>;
  /** Nothing else is shown yet, so it shows itself as it grows. */
  readonly inParts: boolean;
  /** Something of it arrived. */
  readonly onArrived: () => void;
}

export class OrderedRedraw implements Redraw {
  readonly needsFrames = false;
  private done = false;

  constructor(raster: Raster, { pixelRatio }: Viewport, { studio, settings, without, ...rest }: Commission) {
    const { camera, box } = raster;
    const { width, height } = raster.surface;
    const order = { camera, box, width, height, pixelRatio, without, inParts: rest.inParts };
    let isFirst = true;
    studio.order(order, settings, ({ bitmap, isLast }) => {
      const isWhole = isFirst && isLast;
      isFirst = false;
      if (isWhole) raster.bitmap = bitmap;
      else {
        rasterLay(raster, bitmap);
        bitmap.close();
      }
      this.done = isLast;
      rest.onArrived();
    });
  }

  advance(): void {
    // The worker advances by itself.
  }

  isDone(): boolean {
    return this.done;
  }
}
