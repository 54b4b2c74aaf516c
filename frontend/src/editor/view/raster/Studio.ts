/**
 * Owns the page's side of drawing in a worker: starts it when there is first enough to draw, tells it what changed since
 * it was last told, orders pictures and hands them on. A worker that breaks is not asked again.
 */

import type { EditorRecord, ObjectRecord } from "../../store/records";
import type { ViewSettings } from "../../store/session";
import type { Store } from "../../store/Store";
import { packedBuffers, packObjects } from "./packing";
import type { DrawOrder, RasterAnswer, RasterPort, RasterPortFactory } from "./messages";

/** The bitmap is the receiver's from then on. */
type Receive = (answer: RasterAnswer) => void;

export class Studio {
  private port: RasterPort | null = null;
  private isStarted = false;
  private isReady = false;
  private number = 0;
  private receive: Receive | null = null;
  /** Ids of objects that the worker knows otherwise or not at all. */
  private readonly untold = new Set<string>();
  private told: { settings: ViewSettings | null; classes: unknown } = { settings: null, classes: null };

  constructor(
    private readonly open: RasterPortFactory,
    private readonly store: Store,
    /** What was ordered will not come. */
    private readonly onFail: () => void,
  ) {}

  /** The worker takes orders; when it is first asked, it is started. */
  isOpen(): boolean {
    if (!this.isStarted) this.start();
    return this.port !== null && this.isReady;
  }

  /** An object changed. */
  note(id: string, record: EditorRecord | null): void {
    if (this.isStarted && (record === null || isObject(record))) this.untold.add(id);
  }

  /** Answers to earlier orders are thrown away from here on. */
  order(order: Omit<DrawOrder, "kind" | "number">, settings: ViewSettings, receive: Receive): void {
    this.tell(settings);
    this.number += 1;
    this.receive = receive;
    this.port?.post({ kind: "draw", number: this.number, ...order }, []);
  }

  /** Nobody waits for what was ordered. */
  forget(): void {
    this.receive = null;
  }

  close(): void {
    this.forget();
    this.port?.close();
    this.port = null;
  }

  private start(): void {
    this.isStarted = true;
    this.port = this.open();
    this.port?.listen({
      ready: () => (this.isReady = true),
      receive: (answer) => {
        if (answer.number === this.number && this.receive) this.receive(answer);
        else answer.bitmap.close();
      },
      fail: () => {
        this.close();
        this.onFail();
      },
    });
    for (const { id } of [...this.store.annotations.get(), ...this.store.predictions.get()]) this.untold.add(id);
  }

  private tell(settings: ViewSettings): void {
    const classes = this.store.classes.get();
    if (this.told.classes !== classes) this.port?.post({ kind: "classes", classes }, []);
    if (this.told.settings !== settings) this.port?.post({ kind: "settings", settings }, []);
    this.told = { classes, settings };
    if (this.untold.size === 0) return;
    const deleted: string[] = [];
    const changed: ObjectRecord[] = [];
    for (const id of this.untold) {
      const record = this.store.findObject(id);
      if (record) changed.push(record);
      else deleted.push(id);
    }
    this.untold.clear();
    const objects = packObjects(changed);
    this.port?.post({ kind: "objects", objects, deleted }, packedBuffers(objects));
  }
}

function isObject(record: EditorRecord): boolean {
  return record.kind === "annotation" || record.kind === "prediction";
}
