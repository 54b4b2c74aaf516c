/** Owns a stand-in for the worker of the live wire: the same scout, in the test's own thread. */

import type { WireOrder, WirePort } from "../wire/messages";
import { Scout } from "../wire/Scout";

type Ears = Parameters<WirePort["listen"]>[0];

export class FakeWireWorker implements WirePort {
  readonly orders: WireOrder[] = [];
  isClosed = false;
  private ears: Ears | null = null;
  private readonly scout = new Scout();

  readonly listen = (ears: Ears): void => {
    this.ears = ears;
  };

  readonly post = (order: WireOrder): void => {
    this.orders.push(order);
    const answer = this.scout.receive(order);
    void Promise.resolve().then(() => {
      if (answer && !this.isClosed) this.ears?.receive(answer);
    });
  };

  readonly close = (): void => {
    this.isClosed = true;
  };

  break(): void {
    this.ears?.fail();
  }

  /** How often it was shown another part of the picture. */
  get windows(): number {
    return this.orders.filter((order) => order.kind === "window").length;
  }
}
