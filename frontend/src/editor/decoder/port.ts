/** Owns starting the worker in a browser. */

import type { DecoderAnswer, DecoderPort } from "./messages";

/** Null where the browser has no workers or no WebAssembly. */
export function openDecoderPort(): DecoderPort | null {
  if (typeof Worker === "undefined" || typeof WebAssembly === "undefined") return null;
  const worker = new Worker(new URL("worker.ts", import.meta.url), { type: "module" });
  return {
    post: (order, handOver) => worker.postMessage(order, [...handOver] as Transferable[]),
    listen: ({ receive, fail }) => {
      worker.onmessage = ({ data }: MessageEvent<DecoderAnswer>) => receive(data);
      worker.onerror = fail;
      worker.onmessageerror = fail;
    },
    close: () => worker.terminate(),
  };
}
