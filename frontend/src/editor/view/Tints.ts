/** Owns coloured pictures of masks: one picture a mask and colour, kept while memory allows. */

import type { MaskBitmap } from "../geometry/bitmap";
import type { Box } from "../geometry/box";
import type { Surface, SurfaceFactory } from "../surface";

/** A picture and the image pixels that it covers; it may reach beyond the mask. */
export interface Tint {
  readonly color: string;
  readonly surface: Surface;
  readonly box: Box;
}

/** 24 M pixels are 96 MB. */
const KEPT_PIXELS = 24_000_000;

/** Keys are shapes and bitmaps: both stay the same object as long as they mean the same. */
export class Tints {
  private readonly createSurface: SurfaceFactory;
  private readonly kept = new Map<object, Tint>();
  private pixels = 0;

  constructor(createSurface: SurfaceFactory) {
    this.createSurface = createSurface;
  }

  /** The picture of a mask that does not change. */
  get(shape: object, bitmap: () => MaskBitmap | null, color: string): Tint | null {
    const known = this.find(shape, color);
    if (known) return known;
    const source = bitmap();
    return source === null || source.data.length === 0 ? null : this.create(shape, source, color);
  }

  /**
   * The picture of a mask that is being painted: only `dirty` (image pixels) is coloured anew. A bitmap seen for the first
   * time takes over the picture of `from`, what it was before: colouring 16 megapixels takes 100 ms, copying them 10.
   */
  live(bitmap: MaskBitmap, color: string, dirty: Box | null, from: object | null): Tint | null {
    if (bitmap.data.length === 0) return null;
    const known = this.find(bitmap, color);
    const before = known || from === null ? null : this.find(from, color);
    if (!known && !before) return this.create(bitmap, bitmap, color);
    const tint = known ?? this.keep(bitmap, { color, surface: this.copy(bitmap, before), box: boxOf(bitmap) });
    if (dirty !== null) colour(tint.surface, bitmap, color, dirty);
    return tint;
  }

  /** A bitmap became a shape (or another bitmap): its picture goes on as that one's. */
  move(from: object, to: object): void {
    const known = this.kept.get(from);
    this.forget(from);
    if (known) this.keep(to, known);
  }

  forget(key: object): void {
    const known = this.kept.get(key);
    if (!known) return;
    this.kept.delete(key);
    this.pixels -= known.box[2] * known.box[3];
  }

  private find(key: object, color: string): Tint | null {
    const known = this.kept.get(key);
    if (known?.color !== color) return null;
    this.kept.delete(key);
    this.kept.set(key, known);
    return known;
  }

  private create(key: object, bitmap: MaskBitmap, color: string): Tint {
    const surface = this.createSurface(bitmap.width, bitmap.height);
    colour(surface, bitmap, color, boxOf(bitmap));
    return this.keep(key, { color, surface, box: boxOf(bitmap) });
  }

  private copy(bitmap: MaskBitmap, before: Tint | null): Surface {
    const surface = this.createSurface(bitmap.width, bitmap.height);
    if (before) surface.context.drawImage(before.surface.image, before.box[0] - bitmap.x, before.box[1] - bitmap.y);
    return surface;
  }

  private keep(key: object, tint: Tint): Tint {
    this.forget(key);
    this.kept.set(key, tint);
    this.pixels += tint.box[2] * tint.box[3];
    for (const oldest of this.kept.keys()) {
      if (this.pixels <= KEPT_PIXELS || oldest === key) break;
      this.forget(oldest);
    }
    return tint;
  }
}

function boxOf({ x, y, width, height }: MaskBitmap): Box {
  return [x, y, width, height];
}

function colour(surface: Surface, bitmap: MaskBitmap, color: string, box: Box): void {
  const [x, y, width, height] = box;
  if (width < 1 || height < 1) return;
  const picture = surface.context.createImageData(width, height);
  const pixels = new Uint32Array(picture.data.buffer);
  const value = colorToPixel(color);
  const left = x - bitmap.x;
  const top = y - bitmap.y;
  for (let i = 0; i < width; i += 1) {
    const column = (left + i) * bitmap.height + top;
    for (let j = 0; j < height; j += 1) if (bitmap.data[column + j] === 1) pixels[j * width + i] = value;
  }
  surface.context.putImageData(picture, left, top);
}

/** "#rrggbb" as an opaque pixel of a little-endian Uint32 view (every platform with a browser). */
function colorToPixel(color: string): number {
  const value = Number.parseInt(color.slice(1, 7), 16);
  const [red, green, blue] = [(value >> 16) & 255, (value >> 8) & 255, value & 255];
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
