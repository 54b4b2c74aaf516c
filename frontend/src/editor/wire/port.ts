/** Owns starting the worker in a browser. */

import type { WireAnswer, WirePort } from "./messages";

export function openWirePort(): WirePort | null {
  if (typeof Worker === "undefined") return null;
  const worker = new Worker(new URL("worker.ts", import.meta.url), { type: "module" });
  return {
    post: (order, handOver) => worker.postMessage(order, [...handOver] as Transferable[]),
    listen: ({ receive, fail }) => {
      worker.onmessage = ({ data }: MessageEvent<WireAnswer>) => receive(data);
      worker.onerror = fail;
      worker.onmessageerror = fail;
    },
    close: () => worker.terminate(),
  };
}
