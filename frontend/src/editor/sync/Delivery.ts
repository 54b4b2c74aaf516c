/** Owns sending: one batch at a time, the same batch until it is answered, what an answer or a failure means. */

import type { Clock } from "../clock";
import type { ImageLog } from "./ImageLog";
import type { Keeper } from "./Keeper";
import type { Logbook } from "./Logbook";
import { TransportError, type ChangeAnswer, type Outgoing, type RemoteChanges, type SyncTransport } from "./transport";

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;
/** Browsers send no more than 64 KiB for pages that are going away, headers included. */
const LEAVING_BYTES = 60_000;

interface DeliveryParts {
  readonly transport: SyncTransport;
  readonly clock: Clock;
  readonly logbook: Logbook;
  readonly keeper: Keeper;
  readonly onSaved: (log: ImageLog, answer: ChangeAnswer | null, remote: RemoteChanges) => void;
  readonly onChange: () => void;
  /** A run ended without trouble and something new is waiting. */
  readonly onMore: () => void;
}

const NO_CHANGES: RemoteChanges = { annotations: [], deleted: [] };

export class Delivery {
  private readonly parts: DeliveryParts;
  private running: Promise<void> | null = null;
  private trouble: TransportError | null = null;
  private retryMs = FIRST_RETRY_MS;
  private cancelRetry: (() => void) | null = null;
  private isDisposed = false;

  constructor(parts: DeliveryParts) {
    this.parts = parts;
  }

  get isSending(): boolean {
    return this.running !== null;
  }

  /** Why nothing gets through, until something does. */
  get failure(): TransportError | null {
    return this.trouble;
  }

  async flush(): Promise<void> {
    // A run that is under way may have passed what changed since.
    if (this.running) await this.running;
    if (this.parts.logbook.hasWork) await this.start();
  }

  /** Waits no longer: after a login, or when the network is back. */
  hurry(): void {
    this.trouble = null;
    this.retryMs = FIRST_RETRY_MS;
    void this.flush();
  }

  /**
   * The page goes away: what fits is sent now, without waiting for anything. What is under way is sent once more, as the
   * browser cuts it off; the server takes it once.
   */
  leave(): void {
    let room = LEAVING_BYTES;
    for (const { log, outgoing, size } of this.waiting()) {
      if (size > room) continue;
      room -= size;
      void this.sendLeaving(log, outgoing);
    }
  }

  /** Whether `leave` would send everything. */
  canLeave(): boolean {
    if (this.trouble !== null) return false;
    return this.waiting().reduce((sum, { size }) => sum + size, 0) <= LEAVING_BYTES;
  }

  dispose(): void {
    this.isDisposed = true;
    this.cancelRetry?.();
  }

  /** One run at a time, so that batches of one image keep their order. */
  private start(): Promise<void> {
    this.cancelRetry?.();
    this.running ??= this.run().finally(() => {
      this.running = null;
      this.parts.onChange();
      if (this.trouble === null && this.parts.logbook.hasWork) this.parts.onMore();
    });
    this.parts.onChange();
    return this.running;
  }

  private async run(): Promise<void> {
    for (const log of this.parts.logbook.inOrder) {
      for (let outgoing = this.nextOf(log); outgoing !== null; outgoing = this.nextOf(log)) {
        if (!(await this.deliver(log, outgoing))) return;
      }
      await this.parts.keeper.write(log);
    }
  }

  private waiting(): readonly { readonly log: ImageLog; readonly outgoing: Outgoing; readonly size: number }[] {
    return this.parts.logbook.inOrder.flatMap((log) => {
      const outgoing = log.next();
      return outgoing === null ? [] : [{ log, outgoing, size: utf8Length(JSON.stringify(outgoing.batch)) }];
    });
  }

  private nextOf(log: ImageLog): Outgoing | null {
    return this.isDisposed || !log.hasWork ? null : log.next();
  }

  /** False when nothing gets through at present. */
  private async deliver(log: ImageLog, outgoing: Outgoing): Promise<boolean> {
    const { keeper, onChange } = this.parts;
    onChange();
    await keeper.write(log);
    let goesOn = true;
    try {
      await this.send(log, outgoing, false);
    } catch (error) {
      goesOn = this.fail(log, asTransportError(error));
    }
    await keeper.write(log);
    onChange();
    return goesOn;
  }

  /** The page may stay after all: then it must say what is true. A failure is left to the next run. */
  private async sendLeaving(log: ImageLog, outgoing: Outgoing): Promise<void> {
    try {
      await this.send(log, outgoing, true);
    } catch {
      return;
    }
    await this.parts.keeper.write(log);
    this.parts.onChange();
  }

  private async send(log: ImageLog, { kind, batch }: Outgoing, keepalive: boolean): Promise<void> {
    const { transport, onSaved } = this.parts;
    if (kind === "decisions") {
      const answer = await transport.decide(log.imageId, batch, { keepalive });
      this.passed();
      log.acknowledgeDecisions(answer, batch.batch_id);
      onSaved(log, null, NO_CHANGES);
    } else {
      const answer = await transport.saveChanges(log.imageId, batch, { keepalive });
      this.passed();
      onSaved(log, answer, log.acknowledge(answer, batch.batch_id));
    }
  }

  private passed(): void {
    this.trouble = null;
    this.retryMs = FIRST_RETRY_MS;
  }

  private fail(log: ImageLog, failure: TransportError): boolean {
    if (failure.kind === "refused" || failure.kind === "barred") {
      this.passed();
      if (failure.kind === "refused") log.refuse(failure.message);
      else log.bar(failure.message);
      return true;
    }
    this.trouble = failure;
    if (failure.kind === "network" && !this.isDisposed) {
      this.cancelRetry = this.parts.clock.after(this.retryMs, () => void this.flush());
      this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
    }
    return false;
  }
}

function asTransportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  return new TransportError("network", error instanceof Error ? error.message : "The server gave no answer.");
}

/** An upper bound that costs no encoding: text beyond ASCII takes up to three bytes for each of its units. */
function utf8Length(text: string): number {
  return /^\p{ASCII}*$/u.test(text) ? text.length : text.length * 3;
}
