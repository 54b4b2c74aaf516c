/** Owns the figures of the editor, measured inside a browser: `await window.editorBench.<scene>(…)` answers numbers. */

import type { ApiAnnotation } from "..";
import type { Size } from "../geometry/point";
import { drawNaively } from "./naive";
import { fullMask, masks, polygons } from "./objects";
import { comparePixels } from "./pixels";
import { HEIGHT, nextFrame, openScene, WIDTH, type FrameTime, type Scene, type SceneOptions } from "./scene";

const SIZE = { width: 4000, height: 2400 };
const REST_FRAMES = 60;

type Figures = Record<string, number>;

/** "polygons" or "masks". */
type Kind = keyof typeof OBJECTS;

const OBJECTS = { polygons, masks } satisfies Record<string, (count: number, size: Size) => ApiAnnotation[]>;

interface Options extends SceneOptions {
  readonly kind?: Kind;
  readonly count?: number;
  readonly size?: Size;
}

async function withObjects(options: Options, measure: (scene: Scene) => Promise<Figures>): Promise<Figures> {
  const { kind = "polygons", count = 10_000, size = SIZE } = options;
  return within(openScene(size, OBJECTS[kind](count, size), options), measure);
}

declare global {
  interface Window {
    editorBench: typeof editorBench;
    /** Given from outside: milliseconds of processor time that the page's main thread has taken. */
    processorTime?: () => Promise<number>;
  }
}

/** Frames in which `step` runs, with the main thread's processor time for each: other programs do not count in it. */
async function measureFrames(scene: Scene, count: number, step: (frame: number) => void): Promise<Figures> {
  const before = await window.processorTime?.();
  const times = await scene.frames(count, step);
  const after = await window.processorTime?.();
  const processor = before === undefined || after === undefined ? {} : { cpu: (after - before) / count };
  return { ...summary(times), ...processor };
}

async function within(scene: Scene, measure: (scene: Scene) => Promise<Figures>): Promise<Figures> {
  try {
    await scene.settle();
    const rest = await scene.frames(REST_FRAMES, () => undefined);
    return { ...summary(rest, "rest_"), ...(await measure(scene)) };
  } finally {
    scene.close();
  }
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? 0;
}

function summary(times: readonly FrameTime[], prefix = ""): Figures {
  const figures: Figures = {};
  for (const part of ["whole", "script", "paint"] as const) {
    const values = times.map((time) => time[part]);
    figures[`${prefix}${part}_p50`] = percentile(values, 0.5);
    figures[`${prefix}${part}_p95`] = percentile(values, 0.95);
  }
  return figures;
}

/** Where on the screen the middle of the first polygon and its first vertex lie. */
function aim({ editor }: Scene) {
  const ring = () => {
    const [target] = editor.objects.get();
    const found = target?.shape.type === "polygon" ? target.shape.parts[0]?.outer : undefined;
    if (!target || !found) throw new Error("There is no polygon to aim at.");
    return { id: target.id, vertices: found };
  };
  const mean = (at: 0 | 1): number => {
    const { vertices } = ring();
    return vertices.reduce((all, vertex) => all + vertex[at], 0) / vertices.length;
  };
  return {
    id: ring().id,
    middle: () => editor.camera.toScreen({ x: mean(0), y: mean(1) }),
    vertex: () => editor.camera.toScreen({ x: ring().vertices[0]?.[0] ?? 0, y: ring().vertices[0]?.[1] ?? 0 }),
  };
}

const timed = (action: () => void): number => {
  const begin = performance.now();
  action();
  return performance.now() - begin;
};

const editorBench = {
  /** From `open` until the first frame, and until all objects are on the screen. */
  open: async ({ kind = "polygons", count = 10_000, size = SIZE }: Options) => {
    const annotations = OBJECTS[kind](count, size);
    const begin = performance.now();
    const scene = openScene(size, annotations);
    const opened = performance.now() - begin;
    const { end } = await nextFrame();
    const quiet = await scene.settle();
    scene.close();
    return { opened, first: end - begin, drawn: quiet - begin };
  },
  pan: (options: Options) =>
    withObjects(options, async (scene) => {
      scene.editor.camera.zoomBy(3);
      await scene.settle();
      return measureFrames(scene, 180, (frame) => scene.editor.camera.panBy(frame % 60 < 30 ? 12 : -12, 3));
    }),
  zoom: (options: Options) =>
    withObjects(options, (scene) =>
      measureFrames(scene, 180, (frame) => {
        scene.editor.camera.zoomAt({ x: 700, y: 400 }, frame % 60 < 30 ? 1.04 : 1 / 1.04);
      }),
    ),
  /** How far the raster is from drawing the objects straight away. */
  pixels: ({ kind = "polygons", count = 10_000, size = SIZE, ...options }: Options) =>
    comparePixels(size, OBJECTS[kind](count, size), options),
  /** What the same objects cost when every one is filled and stroked on every frame. */
  naive: ({ count = 10_000, size = SIZE }: Options) => drawNaively(polygons(count, size), size),
  /** Handling of one pointer move over the objects. */
  hover: (options: Options) =>
    withObjects(options, (scene) => {
      const times = Array.from({ length: 500 }, (_, at) =>
        timed(() => scene.pointer("move", 100 + ((at * 37) % (WIDTH - 200)), 100 + ((at * 13) % (HEIGHT - 200)))),
      );
      return Promise.resolve({ p95: percentile(times, 0.95) });
    }),
  /** From the press on an object until it is painted as selected. */
  select: (options: Options) =>
    withObjects(options, async (scene) => {
      const { editor } = scene;
      const places = editor.objects
        .get()
        .slice(0, 40)
        .map(({ id }) => id);
      const times: number[] = [];
      for (const id of places) {
        editor.zoomTo(id);
        editor.camera.zoomBy(0.2);
        await scene.settle();
        const begin = performance.now();
        scene.pointer("down", WIDTH / 2, HEIGHT / 2);
        scene.pointer("up", WIDTH / 2, HEIGHT / 2);
        times.push((await nextFrame()).end - begin);
        if (editor.selection.get().size !== 1) throw new Error("The click selected nothing.");
        editor.select([]);
      }
      return { p50: percentile(times, 0.5), p95: percentile(times, 0.95) };
    }),
  /** One object dragged about among all the others. */
  drag: (options: Options) =>
    withObjects(options, async (scene) => {
      const target = aim(scene);
      scene.editor.select([target.id]);
      const at = target.middle();
      scene.pointer("down", at.x, at.y);
      const figures = await measureFrames(scene, 120, (frame) =>
        scene.pointer("move", at.x + frame * 2, at.y + (frame % 20)),
      );
      scene.pointer("up", at.x + 240, at.y);
      return figures;
    }),
  /** One vertex of an object dragged about among all the others. */
  dragVertex: (options: Options) =>
    withObjects(options, async (scene) => {
      const target = aim(scene);
      scene.editor.select([target.id]);
      scene.editor.zoomTo(target.id);
      scene.editor.camera.zoomBy(0.3);
      await scene.settle();
      const at = target.vertex();
      scene.pointer("down", at.x, at.y);
      const figures = await measureFrames(scene, 120, (frame) =>
        scene.pointer("move", at.x + (frame % 40), at.y + (frame % 25)),
      );
      scene.pointer("up", at.x + 10, at.y);
      const moved = target.vertex();
      if (Math.hypot(moved.x - at.x, moved.y - at.y) < 5) throw new Error("The vertex stayed where it was.");
      return figures;
    }),
  /** All objects selected and dragged at once. */
  dragAll: (options: Options) =>
    withObjects(options, async (scene) => {
      const at = aim(scene).middle();
      scene.editor.run("select-all");
      scene.pointer("down", at.x, at.y);
      const figures = await measureFrames(scene, 40, (frame) =>
        scene.pointer("move", at.x + (frame % 8), at.y + (frame % 5)),
      );
      scene.pointer("up", at.x + 3, at.y);
      return figures;
    }),
  /** A brush of 200 pixels on a mask as large as the picture: begin, frames and end of a stroke. */
  brush: ({ size = SIZE }: Options) =>
    within(openScene(size, [fullMask(size)]), async (scene) => {
      scene.editor.select(["m"]);
      scene.editor.setTool("eraser");
      scene.editor.masks.setBrush({ size: 200 });
      const down = timed(() => scene.pointer("down", 500, 200));
      const figures = await measureFrames(scene, 90, (frame) =>
        scene.pointer("move", 500 + frame * 6, 200 + (frame % 30) * 10),
      );
      const up = timed(() => scene.pointer("up", 1040, 300));
      return { down, up, ...figures };
    }),
};

window.editorBench = editorBench;
