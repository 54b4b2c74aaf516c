/** Owns a 2D context that draws nothing and remembers every call. */

import type { Context2D, Picture, Surface } from "../surface";
import { FakePicture } from "./FakePicture";

const METHODS = [
  "arc",
  "beginPath",
  "clearRect",
  "clip",
  "closePath",
  "drawImage",
  "fill",
  "fillRect",
  "fillText",
  "lineTo",
  "moveTo",
  "putImageData",
  "rect",
  "restore",
  "save",
  "setLineDash",
  "setTransform",
  "stroke",
  "strokeRect",
] as const;

const PROPERTIES = [
  "fillStyle",
  "font",
  "globalAlpha",
  "imageSmoothingEnabled",
  "lineCap",
  "lineDashOffset",
  "lineJoin",
  "lineWidth",
  "strokeStyle",
  "textBaseline",
] as const;

export interface DrawCall {
  readonly name: string;
  readonly values: readonly unknown[];
}

export class RecordingSurface implements Surface {
  readonly calls: DrawCall[] = [];
  readonly context: Context2D;
  readonly image: Picture;
  width: number;
  height: number;

  constructor(width = 0, height = 0) {
    this.width = width;
    this.height = height;
    this.context = recordingContext(this.calls);
    // Only passed on to drawImage, which is recorded.
    this.image = this as unknown as Picture;
  }

  resize(width: number, height: number): void {
    this.width = width;
    this.height = height;
    this.calls.push({ name: "resize", values: [width, height] });
  }

  count(name: string): number {
    return this.calls.filter((call) => call.name === name).length;
  }

  valuesOf(name: string): readonly (readonly unknown[])[] {
    return this.calls.filter((call) => call.name === name).map((call) => call.values);
  }

  forget(): void {
    this.calls.length = 0;
  }
}

function recordingContext(calls: DrawCall[]): Context2D {
  const context: Record<string, unknown> = {
    measureText: (text: string) => ({ width: 6 * text.length }),
    getImageData: (_x: number, _y: number, width: number, height: number) => {
      const drawn = calls.filter((call) => call.name === "drawImage").at(-1)?.values ?? [];
      const picture = drawn[0];
      if (!(picture instanceof FakePicture)) throw new Error("No test picture was drawn here.");
      return picture.read(drawn.slice(1).map(Number), width, height);
    },
    createImageData: (width: number, height: number) => ({
      width,
      height,
      data: new Uint8ClampedArray(4 * width * height),
    }),
  };
  for (const name of METHODS) context[name] = (...values: unknown[]) => calls.push({ name, values });
  for (const name of PROPERTIES) {
    let current: unknown = null;
    Object.defineProperty(context, name, {
      get: () => current,
      set: (value: unknown) => {
        current = value;
        calls.push({ name, values: [value] });
      },
    });
  }
  return context as unknown as Context2D;
}
