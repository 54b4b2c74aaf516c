/** Owns the comparison of the raster, as a worker or the page's slices made it, with drawing the objects straight away. */

import type { ApiAnnotation } from "..";
import type { Size } from "../geometry/point";
import { surfaceOf } from "../surface";
import { drawBatches } from "../view/batches";
import { Painter } from "../view/Painter";
import { idleObjects } from "../view/raster/idle";
import { SpatialIndex } from "../view/SpatialIndex";
import { Store } from "../store/Store";
import { Tints } from "../view/Tints";
import { HEIGHT, openScene, WIDTH, type Scene, type SceneOptions } from "./scene";

export interface Difference {
  /** Of one channel, 0 … 255. */
  readonly largest: number;
  /** Pixels that differ by more than rounding. */
  readonly share: number;
  /** Pixels that show anything. */
  readonly drawn: number;
}

/** Two roundings of a blend. */
const ROUNDING = 4;

export async function comparePixels(size: Size, objects: ApiAnnotation[], options: SceneOptions): Promise<Difference> {
  const scene = openScene(size, objects, options);
  try {
    await scene.settle();
    // From here on the worker is there, and draws all of it.
    scene.editor.updateSettings({ opacity: 0.4 });
    await scene.settle();
    if (options.worker !== false && scene.worked() === 0) throw new Error("The worker drew nothing.");
    return difference(pixelsOf(scene.layers.shapes), pixelsOf(drawStraight(scene, options.pixelRatio ?? 1)));
  } finally {
    scene.close();
  }
}

function drawStraight({ editor }: Scene, pixelRatio: number): HTMLCanvasElement {
  const canvas = Object.assign(document.createElement("canvas"), {
    width: WIDTH * pixelRatio,
    height: HEIGHT * pixelRatio,
  });
  const store = new Store();
  const index = new SpatialIndex(store);
  store.change(
    (transaction) => {
      for (const record of [...editor.classes.get(), ...editor.objects.get()]) transaction.put(record);
    },
    { origin: "remote", history: "ignore" },
  );
  const tints = new Tints((width, height) =>
    surfaceOf(Object.assign(document.createElement("canvas"), { width, height })),
  );
  const viewport = { width: WIDTH, height: HEIGHT, pixelRatio };
  const painter = new Painter(surfaceOf(canvas).context, editor.camera.state.get(), viewport, tints);
  painter.toImageSpace();
  const source = { store, index, settings: editor.settings.get(), without: new Set<string>() };
  const steps = drawBatches(painter, idleObjects(source, editor.camera.visibleBox()));
  while (steps.next().done !== true);
  return canvas;
}

function pixelsOf(canvas: HTMLCanvasElement): Uint8ClampedArray {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This canvas gives no 2D context.");
  return context.getImageData(0, 0, canvas.width, canvas.height).data;
}

/** Colours count as much as they are seen: under a thin veil they are rounded coarsely. */
function difference(a: Uint8ClampedArray, b: Uint8ClampedArray): Difference {
  let [largest, different, drawn] = [0, 0, 0];
  for (let at = 0; at < a.length; at += 4) {
    const [veilA, veilB] = [(a[at + 3] ?? 0) / 255, (b[at + 3] ?? 0) / 255];
    if (veilA > 0) drawn += 1;
    let off = Math.abs(veilA - veilB) * 255;
    for (let channel = 0; channel < 3; channel += 1)
      off = Math.max(off, Math.abs((a[at + channel] ?? 0) * veilA - (b[at + channel] ?? 0) * veilB));
    largest = Math.max(largest, off);
    if (off > ROUNDING) different += 1;
  }
  const pixels = a.length / 4;
  return { largest, share: different / pixels, drawn: drawn / pixels };
}
