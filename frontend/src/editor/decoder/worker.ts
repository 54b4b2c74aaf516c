/** The worker's entry: one decoder for each method, whose orders are done one after the other. */

import { Decoder } from "./Decoder";
import type { DecoderAnswer, DecoderOrder } from "./messages";
import { openModel } from "./runtime";

/** The part of a worker's scope that is used; the page's types know only windows. */
interface Scope {
  onmessage: ((event: MessageEvent<DecoderOrder>) => void) | null;
  postMessage(answer: DecoderAnswer): void;
}

const scope = globalThis as unknown as Scope;
const decoders = new Map<string, Decoder>();
let work: Promise<void> = Promise.resolve();

scope.onmessage = ({ data }) => {
  work = work.then(() => obey(data)).catch((error: unknown) => fail(data, error));
};

async function obey(order: DecoderOrder): Promise<void> {
  if (order.kind === "model") {
    const { device, run } = await openModel(order.model);
    decoders.set(order.method, new Decoder(run));
    scope.postMessage({ kind: "ready", method: order.method, device });
    return;
  }
  const decoder = decoders.get(order.method);
  if (!decoder) throw new Error(`There is no model of ${order.method} here.`);
  if (order.kind === "embedding") decoder.add(order.image, order.embedding);
  else if (order.kind === "forget") decoder.forget(order.image);
  else scope.postMessage({ kind: "shapes", number: order.number, shapes: await decoder.decode(order) });
}

function fail(order: DecoderOrder, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  scope.postMessage({
    kind: "failed",
    number: order.kind === "decode" ? order.number : null,
    method: order.method,
    reason,
  });
}
