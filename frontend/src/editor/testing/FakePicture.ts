/** Owns a picture that is a rule for its pixels: what is read back of it can be reckoned. */

import type { Picture } from "../surface";

/** 0 … 255 at a pixel. */
type Rule = (x: number, y: number) => number;

export class FakePicture {
  constructor(
    readonly width: number,
    readonly height: number,
    private readonly rule: Rule,
  ) {}

  /** Only passed on to drawImage, which is recorded. */
  get picture(): Picture {
    return this as unknown as Picture;
  }

  /** As a canvas reads back what drawImage drew with the part `[x, y, width, height]`, whose pixels are not blended. */
  read(
    [left = 0, top = 0, wide = 0, high = 0]: readonly number[],
    width: number,
    height: number,
  ): { width: number; height: number; data: Uint8ClampedArray } {
    const data = new Uint8ClampedArray(4 * width * height);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const grey = this.rule(
          Math.floor(left + ((x + 0.5) * wide) / width),
          Math.floor(top + ((y + 0.5) * high) / height),
        );
        data.fill(grey, 4 * (y * width + x), 4 * (y * width + x) + 3);
      }
    }
    return { width, height, data };
  }
}
