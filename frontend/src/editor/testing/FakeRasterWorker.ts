/** Owns a stand-in for the worker that draws idle objects: the same artist, in the test's own thread, when it is told to. */

import { Artist } from "../view/raster/Artist";
import type { DrawOrder, RasterAnswer, RasterOrder, RasterPort } from "../view/raster/messages";
import { RecordingSurface } from "./RecordingContext";

type Ears = Parameters<RasterPort["listen"]>[0];

export class FakeRasterWorker implements RasterPort {
  /** What was drawn for each order. */
  readonly sheets: RecordingSurface[] = [];
  readonly orders: RasterOrder[] = [];
  /** What it gave away. */
  readonly bitmaps: ImageBitmap[] = [];
  isClosed = false;
  private ears: Ears | null = null;
  private time = 0;
  private waiting: RasterAnswer[] = [];
  private readonly artist = new Artist({
    createSurface: (width, height) => new RecordingSurface(width, height),
    createSheet: (width, height) => {
      const sheet = new RecordingSurface(width, height);
      this.sheets.push(sheet);
      return Object.assign(sheet, { take: () => this.take() });
    },
    answer: (answer) => this.waiting.push(answer),
    // Every look at the time costs some of it, so that long drawings come in slices.
    now: () => (this.time += 1),
    breathe: () => Promise.resolve(),
  });

  readonly listen = (ears: Ears): void => {
    this.ears = ears;
  };

  readonly post = (order: RasterOrder): void => {
    this.orders.push(order);
    this.artist.receive(order);
  };

  readonly close = (): void => {
    this.isClosed = true;
  };

  get drawings(): readonly DrawOrder[] {
    return this.orders.filter((order) => order.kind === "draw");
  }

  private take(): ImageBitmap {
    const bitmap = { close: () => undefined } as ImageBitmap;
    this.bitmaps.push(bitmap);
    return bitmap;
  }

  start(): void {
    this.ears?.ready();
  }

  break(): void {
    this.ears?.fail();
  }

  /** Lets it draw to the end, and its answers arrive. */
  async finish(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    for (const answer of this.waiting.splice(0)) this.ears?.receive(answer);
  }
}
