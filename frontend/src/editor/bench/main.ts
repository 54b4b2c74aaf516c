/** Owns the figures of the editor, measured inside a browser: `await window.editorBench.<figure>()` answers numbers. */

import { nextFrame, openScene, polygons, type Scene } from "./scene";

const SIZE = { width: 4000, height: 2400 };
const COUNT = 10_000;

async function withPolygons(
  measure: (scene: Scene) => Promise<Record<string, number>>,
): Promise<Record<string, number>> {
  const scene = openScene(SIZE, polygons(COUNT, 20, SIZE));
  await settled(scene);
  try {
    return { ...(await idle(scene)), ...(await measure(scene)) };
  } finally {
    scene.close();
  }
}

/** Everything drawn, sharp, and nothing asked for any more. */
async function settled(scene: Scene): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 200));
  await scene.frames(90, () => undefined);
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? 0;
}

/** What the machine and the browser take by themselves: frames in which nothing is asked for. */
const idle = async (scene: Scene): Promise<{ idle50: number; idle95: number }> => {
  const times = await scene.frames(90, () => undefined);
  return { idle50: percentile(times, 0.5), idle95: percentile(times, 0.95) };
};

const summary = (times: readonly number[]) => ({
  p50: percentile(times, 0.5),
  p95: percentile(times, 0.95),
  max: Math.max(...times),
});

const editorBench = {
  /** From `open` until all objects are on the screen. */
  open: async () => {
    const annotations = polygons(COUNT, 20, SIZE);
    const begin = performance.now();
    const scene = openScene(SIZE, annotations);
    const opened = performance.now() - begin;
    await nextFrame();
    const first = performance.now() - begin;
    scene.close();
    return { opened, first };
  },
  pan: () =>
    withPolygons(async (scene) => {
      scene.editor.camera.zoomBy(3);
      await settled(scene);
      return summary(await scene.frames(180, (frame) => scene.editor.camera.panBy(frame % 60 < 30 ? 12 : -12, 3)));
    }),
  zoom: () =>
    withPolygons(async (scene) =>
      summary(
        await scene.frames(180, (frame) => {
          scene.editor.camera.zoomAt({ x: 700, y: 400 }, frame % 60 < 30 ? 1.04 : 1 / 1.04);
        }),
      ),
    ),
  /** Handling of one pointer move over the objects. */
  hover: () =>
    withPolygons((scene) => {
      const times = Array.from({ length: 500 }, (_, at) => {
        const begin = performance.now();
        scene.pointer("move", 100 + ((at * 37) % 1400), 100 + ((at * 13) % 700));
        return performance.now() - begin;
      });
      return Promise.resolve(summary(times));
    }),
  /** One object dragged about among all the others. */
  drag: () =>
    withPolygons(async (scene) => {
      const [target] = scene.editor.objects.get().filter(({ shape }) => shape.type === "polygon");
      const [first] = target?.shape.type === "polygon" ? target.shape.parts : [];
      const x = (first?.outer.reduce((sum, vertex) => sum + vertex[0], 0) ?? 0) / 20;
      const y = (first?.outer.reduce((sum, vertex) => sum + vertex[1], 0) ?? 0) / 20;
      const at = scene.editor.camera.toScreen({ x, y });
      scene.editor.select([target?.id ?? ""]);
      scene.pointer("down", at.x, at.y);
      const times = await scene.frames(120, (frame) => scene.pointer("move", at.x + frame * 2, at.y + (frame % 20)));
      scene.pointer("up", at.x + 240, at.y);
      return summary(times);
    }),
  /** All objects selected and dragged at once. */
  dragAll: () =>
    withPolygons(async (scene) => {
      scene.editor.run("select-all");
      const [first] = scene.editor.objects.get();
      const [part] = first?.shape.type === "polygon" ? first.shape.parts : [];
      const x = (part?.outer.reduce((sum, vertex) => sum + vertex[0], 0) ?? 0) / 20;
      const y = (part?.outer.reduce((sum, vertex) => sum + vertex[1], 0) ?? 0) / 20;
      const at = scene.editor.camera.toScreen({ x, y });
      scene.pointer("down", at.x, at.y);
      const times = await scene.frames(40, (frame) => scene.pointer("move", at.x + (frame % 8), at.y + (frame % 5)));
      scene.pointer("up", at.x + 3, at.y);
      return summary(times);
    }),
  /** A brush of 200 pixels on a mask of 16 megapixels: frames of the stroke, and the end of it. */
  brush: async () => {
    const size = { width: 4000, height: 4000 };
    const scene = openScene(size, [{ uuid: "m", class: 1, shape: fullMask(4000) }]);
    await settled(scene);
    const calm = await idle(scene);
    scene.editor.select(["m"]);
    scene.editor.setTool("eraser");
    scene.editor.setBrushSize(200);
    const begin = performance.now();
    scene.pointer("down", 500, 200);
    const down = performance.now() - begin;
    const times = await scene.frames(90, (frame) => scene.pointer("move", 500 + frame * 6, 200 + (frame % 30) * 10));
    const end = performance.now();
    scene.pointer("up", 1040, 300);
    const up = performance.now() - end;
    const after = await scene.frames(10, () => undefined);
    scene.close();
    return { ...calm, down, up, after: Math.max(...after), ...summary(times) };
  },
};

/** COCO text of an all-set square: no zeros, then all ones. */
function fullMask(side: number): { type: "mask"; box: number[]; counts: string } {
  let value = side * side;
  let text = "0";
  for (let more = true; more;) {
    const low = value & 0x1f;
    value >>= 5;
    more = (low & 0x10) === 0 ? value !== 0 : value !== -1;
    text += String.fromCharCode((more ? low | 0x20 : low) + 48);
  }
  return { type: "mask", box: [0, 0, side, side], counts: text };
}

declare global {
  interface Window {
    editorBench: typeof editorBench;
  }
}

window.editorBench = editorBench;
