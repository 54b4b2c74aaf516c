/** The worker's entry: an artist on canvases that belong to no page. */

import { surfaceOf } from "../../surface";
import { Artist } from "./Artist";
import { READY, type RasterAnswer, type RasterOrder } from "./messages";

/** The part of a worker's scope that is used; the page's types know only windows. */
interface Scope {
  onmessage: ((event: MessageEvent<RasterOrder>) => void) | null;
  postMessage(answer: RasterAnswer | typeof READY, handOver: Transferable[]): void;
}

const scope = globalThis as unknown as Scope;
const breath = new MessageChannel();
const breathing: (() => void)[] = [];
breath.port1.onmessage = () => breathing.shift()?.();

const artist = new Artist({
  createSurface: (width, height) => surfaceOf(new OffscreenCanvas(width, height)),
  createSheet(width, height) {
    const canvas = new OffscreenCanvas(width, height);
    // Drawn by this thread's processor: thousands of outlines would hold up the GPU's queue, and every frame with it.
    return Object.assign(surfaceOf(canvas, { willReadFrequently: true }), {
      take: () => canvas.transferToImageBitmap(),
    });
  },
  answer: (answer) => scope.postMessage(answer, [answer.bitmap]),
  now: () => performance.now(),
  breathe: () =>
    new Promise((resolve) => {
      breathing.push(resolve);
      breath.port2.postMessage(null);
    }),
});

scope.onmessage = ({ data }) => artist.receive(data);
scope.postMessage(READY, []);
