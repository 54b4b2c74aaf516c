/** Owns the peer: an editor's usual drawing, a Path2D for each object, all of them on every frame. */

import type { ApiAnnotation } from "..";
import type { Size } from "../geometry/point";
import { HEIGHT, nextFrame, WIDTH } from "./scene";

const FRAMES = 6;

type Ring = readonly (readonly [number, number])[];

/** The middle frame's time in milliseconds. */
export async function drawNaively(objects: readonly ApiAnnotation[], size: Size): Promise<Record<string, number>> {
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  document.body.append(canvas);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This canvas gives no 2D context.");
  const paths = objects.map(({ shape }) => ringToPath((shape as { parts: [{ outer: Ring }] }).parts[0].outer));
  const fit = Math.min(WIDTH / size.width, HEIGHT / size.height);
  const times: number[] = [];
  let { end: last } = await nextFrame();
  for (let frame = 0; frame < FRAMES; frame += 1) {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, WIDTH, HEIGHT);
    context.setTransform(fit, 0, 0, fit, frame * 5, 0);
    for (const path of paths) drawPath(context, path, 1.5 / fit);
    const { end } = await nextFrame();
    times.push(end - last);
    last = end;
  }
  canvas.remove();
  return { frame: times.sort((a, b) => a - b)[FRAMES / 2] ?? 0 };
}

function ringToPath(ring: Ring): Path2D {
  const path = new Path2D();
  for (const [x, y] of ring) path.lineTo(x, y);
  path.closePath();
  return path;
}

function drawPath(context: CanvasRenderingContext2D, path: Path2D, width: number): void {
  context.globalAlpha = 0.25;
  context.fillStyle = "#e69f00";
  context.fill(path);
  context.globalAlpha = 1;
  context.strokeStyle = "#e69f00";
  context.lineWidth = width;
  context.stroke(path);
}
