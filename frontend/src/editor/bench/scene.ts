/** Owns the scenes that are measured: an editor on real canvases, with made-up objects that are the same every time. */

import {
  Editor,
  surfaceOf,
  type ApiAnnotation,
  type ChangeAnswer,
  type PointerInput,
  type PointerKind,
  type SyncTransport,
} from "..";

const WIDTH = 1600;
const HEIGHT = 900;
const CLASSES = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2"].map((color, at) => ({
  id: at + 1,
  number: at + 1,
  name: `class ${at + 1}`,
  color,
  hotkey: String(at + 1),
}));

/** Nothing is saved; every answer is immediate. */
const SILENT: SyncTransport = {
  saveChanges: (): Promise<ChangeAnswer> => Promise.resolve({ revision: 2 }),
  decide: () => Promise.resolve({ revision: 2 }),
};

export interface Scene {
  readonly editor: Editor;
  readonly pointer: (kind: PointerKind, x: number, y: number) => void;
  /** Milliseconds from one repaint to the next while `step` runs before each. */
  readonly frames: (count: number, step: (frame: number) => void) => Promise<readonly number[]>;
  readonly close: () => void;
}

export function openScene(size: { width: number; height: number }, annotations: readonly ApiAnnotation[]): Scene {
  const canvases = ["image", "shapes", "overlay"].map(makeCanvas);
  const [image, shapes, overlay] = canvases.map(surfaceOf);
  if (!image || !shapes || !overlay) throw new Error("Three canvases are needed.");
  const createSurface = (width: number, height: number) =>
    surfaceOf(Object.assign(document.createElement("canvas"), { width, height }));
  const editor = new Editor({ createSurface, transport: SILENT });
  editor.mount({ image, shapes, overlay });
  editor.setClasses(CLASSES);
  editor.resize(WIDTH, HEIGHT, 1);
  editor.open({ image: { id: 1, name: "bench", state: "unlabelled", ...size }, revision: 1, annotations });
  return {
    editor,
    pointer: (kind, x, y) => editor.pointer(pointerAt(kind, x, y)),
    frames,
    close: () => {
      editor.dispose();
      for (const canvas of canvases) canvas.remove();
    },
  };
}

/** Polygons of `vertices` points strewn over the picture. */
export function polygons(count: number, vertices: number, size: { width: number; height: number }): ApiAnnotation[] {
  const random = seeded(7);
  return Array.from({ length: count }, (_, at) => {
    const radius = 8 + 20 * random();
    const x = radius + random() * (size.width - 2 * radius);
    const y = radius + random() * (size.height - 2 * radius);
    const outer = Array.from({ length: vertices }, (_, step) => {
      const angle = (step / vertices) * 2 * Math.PI;
      const reach = radius * (0.7 + 0.3 * random());
      return [x + reach * Math.cos(angle), y + reach * Math.sin(angle)];
    });
    const shape = { type: "polygon", parts: [{ outer, holes: [] }] };
    return { uuid: `p${at}`, class: 1 + (at % CLASSES.length), shape };
  });
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

async function frames(count: number, step: (frame: number) => void): Promise<readonly number[]> {
  const times: number[] = [];
  let last = await nextFrame();
  for (let frame = 0; frame < count; frame += 1) {
    step(frame);
    const now = await nextFrame();
    times.push(now - last);
    last = now;
  }
  return times;
}

/** After the frame's callbacks and its painting: a message comes when the repaint is over. */
export function nextFrame(): Promise<number> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve(performance.now());
      channel.port2.postMessage(null);
    });
  });
}

function pointerAt(kind: PointerKind, x: number, y: number): PointerInput {
  const held = { shift: false, ctrl: false, alt: false };
  return { kind, pointerId: 1, pointerType: "mouse", button: kind === "move" ? -1 : 0, screen: { x, y }, ...held };
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
