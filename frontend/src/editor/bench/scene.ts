/** Owns the scenes that are measured: an editor on real canvases, its script's time taken apart from the browser's. */

import {
  Editor,
  surfaceOf,
  systemClock,
  type ApiAnnotation,
  type ChangeAnswer,
  type Clock,
  type PointerInput,
  type PointerKind,
  type SyncTransport,
} from "..";
import type { Size } from "../geometry/point";
import type { RasterPort } from "../view/raster/messages";
import { workerToPort } from "../view/raster/port";
import RasterWorker from "../view/raster/worker?worker&inline";
import { CLASS_COUNT } from "./objects";

export const WIDTH = 1600;
export const HEIGHT = 900;
const COLORS = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2"];
const CLASSES = Array.from({ length: CLASS_COUNT }, (_, at) => ({
  id: at + 1,
  number: at + 1,
  name: `class ${at + 1}`,
  color: COLORS[at] ?? "#ffffff",
  hotkey: String(at + 1),
}));
/** Frames without anything asked for, after which nothing is to come. */
const QUIET_FRAMES = 12;

/** Nothing is saved; every answer is immediate. */
const SILENT: SyncTransport = {
  saveChanges: (): Promise<ChangeAnswer> => Promise.resolve({ revision: 2 }),
  decide: () => Promise.resolve({ revision: 2 }),
};

/** One frame, in milliseconds. */
export interface FrameTime {
  /** From the repaint before to this one. */
  readonly whole: number;
  /** In the editor's own code: the event and the drawing calls. */
  readonly script: number;
  /** In the browser's main thread after that: what the calls recorded is made into pixels here where there is no GPU. */
  readonly paint: number;
}

export interface Scene {
  readonly editor: Editor;
  readonly layers: { readonly shapes: HTMLCanvasElement };
  /** Pictures that the worker made so far. */
  readonly worked: () => number;
  readonly pointer: (kind: PointerKind, x: number, y: number) => void;
  /** Runs `step` before each of `count` frames. */
  readonly frames: (count: number, step: (frame: number) => void) => Promise<readonly FrameTime[]>;
  /** Resolves when nothing more is asked for, with the moment since which that is so. */
  readonly settle: () => Promise<number>;
  readonly close: () => void;
}

export interface SceneOptions {
  readonly pixelRatio?: number;
  /** False: as in a browser without canvases for workers. */
  readonly worker?: boolean;
}

export function openScene(size: Size, annotations: readonly ApiAnnotation[], options: SceneOptions = {}): Scene {
  const { pixelRatio = 1, worker = true } = options;
  const canvases = ["image", "shapes", "overlay"].map(makeCanvas);
  const [image, shapes, overlay] = canvases.map((canvas) => surfaceOf(canvas));
  if (!image || !shapes || !overlay) throw new Error("Three canvases are needed.");
  const createSurface = (width: number, height: number) =>
    surfaceOf(Object.assign(document.createElement("canvas"), { width, height }));
  const watch = new Watch();
  const openRasterPort = () => (worker ? watch.port(workerToPort(new RasterWorker())) : null);
  const editor = new Editor({ createSurface, openRasterPort, transport: SILENT, clock: watch.clock });
  editor.mount({ image, shapes, overlay });
  editor.setClasses(CLASSES);
  editor.resize(WIDTH, HEIGHT, pixelRatio);
  editor.open({ image: { id: 1, name: "bench", state: "unlabelled", ...size }, revision: 1, annotations });
  const [, shown] = canvases;
  return {
    editor,
    layers: { shapes: shown ?? makeCanvas("none") },
    worked: () => watch.answered,
    pointer: (kind, x, y) => editor.pointer(pointerAt(kind, x, y)),
    frames: (count, step) => frames(watch, count, step),
    settle: async () => {
      let done = performance.now();
      for (let quiet = 0; quiet < QUIET_FRAMES; quiet += 1) {
        const { end } = await nextFrame();
        if (!watch.isWaiting && quiet > 0) continue;
        quiet = 0;
        done = end;
      }
      return done;
    },
    close: () => {
      editor.dispose();
      for (const canvas of canvases) canvas.remove();
    },
  };
}

/** The system's clock and the worker's port, with what is waited for and how long the frames' own work took. */
class Watch {
  drawn = 0;
  private frame = false;
  private ordered = 0;
  answered = 0;

  get isWaiting(): boolean {
    return this.frame || this.ordered !== this.answered;
  }

  port(port: RasterPort): RasterPort {
    return {
      ...port,
      post: (order, handOver) => {
        if (order.kind === "draw") this.ordered = order.number;
        port.post(order, handOver);
      },
      listen: (ears) =>
        port.listen({
          ...ears,
          receive: (answer) => {
            if (answer.isLast) this.answered = answer.number;
            ears.receive(answer);
          },
        }),
    };
  }

  readonly clock: Clock = {
    ...systemClock,
    frame: (run) => {
      this.frame = true;
      return systemClock.frame(() => {
        this.frame = false;
        const begin = performance.now();
        run();
        this.drawn += performance.now() - begin;
      });
    },
  };
}

function makeCanvas(name: string): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.dataset.layer = name;
  Object.assign(canvas.style, {
    position: "absolute",
    left: "0",
    top: "0",
    width: `${WIDTH}px`,
    height: `${HEIGHT}px`,
  });
  document.body.append(canvas);
  return canvas;
}

async function frames(watch: Watch, count: number, step: (frame: number) => void): Promise<readonly FrameTime[]> {
  const times: FrameTime[] = [];
  let { end: last } = await nextFrame();
  for (let frame = 0; frame < count; frame += 1) {
    watch.drawn = 0;
    const begin = performance.now();
    step(frame);
    const stepped = performance.now() - begin;
    const { start, end } = await nextFrame();
    times.push({ whole: end - last, script: stepped + watch.drawn, paint: end - start });
    last = end;
  }
  return times;
}

/** The next repaint: from where its callbacks are done until its painting is over, which is when a message comes through. */
export function nextFrame(): Promise<{ readonly start: number; readonly end: number }> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const start = performance.now();
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve({ start, end: performance.now() });
      channel.port2.postMessage(null);
    });
  });
}

function pointerAt(kind: PointerKind, x: number, y: number): PointerInput {
  const held = { shift: false, ctrl: false, alt: false };
  return {
    kind,
    pointerId: 1,
    pointerType: "mouse",
    button: kind === "move" ? -1 : 0,
    screen: { x, y },
    pressure: 1,
    ...held,
  };
}
