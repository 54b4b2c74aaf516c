/** Owns starting the worker in a browser. */

import { READY, type RasterAnswer, type RasterPort } from "./messages";

/** Null where the browser has no canvases for workers. */
export function openRasterPort(): RasterPort | null {
  if (typeof Worker === "undefined" || typeof OffscreenCanvas === "undefined") return null;
  return workerToPort(new Worker(new URL("worker.ts", import.meta.url), { type: "module" }));
}

export function workerToPort(worker: Worker): RasterPort {
  return {
    post: (order, handOver) => worker.postMessage(order, [...handOver] as Transferable[]),
    listen: ({ receive, ready, fail }) => {
      worker.onmessage = ({ data }: MessageEvent<RasterAnswer | typeof READY>) => {
        if (data === READY) ready();
        else receive(data);
      };
      worker.onerror = fail;
      worker.onmessageerror = fail;
    },
    close: () => worker.terminate(),
  };
}
