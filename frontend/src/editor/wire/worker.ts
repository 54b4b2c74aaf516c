/** The worker's entry: a scout that answers what it is asked. */

import type { WireAnswer, WireOrder } from "./messages";
import { Scout } from "./Scout";

/** The part of a worker's scope that is used; the page's types know only windows. */
interface Scope {
  onmessage: ((event: MessageEvent<WireOrder>) => void) | null;
  postMessage(answer: WireAnswer, handOver: Transferable[]): void;
}

const scope = globalThis as unknown as Scope;
const scout = new Scout();

scope.onmessage = ({ data }) => {
  const answer = scout.receive(data);
  if (answer) scope.postMessage(answer, [answer.way.buffer]);
};
