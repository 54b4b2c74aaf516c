/** Owns reading the open picture's pixels back: what tools look at, at the scale that they need. */

import type { Box } from "../geometry/box";
import type { Size } from "../geometry/point";
import type { Picture, Surface, SurfaceFactory } from "../surface";
import { TiledPicture } from "./TiledPicture";

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGBA, rows one after the other. */
  readonly data: Uint8ClampedArray;
}

/** What tools see of it. */
export interface PixelSource {
  /** Another number when there may be other, or finer, pixels than before. */
  readonly version: number;
  /**
   * `box` in image pixels and inside the picture, a pixel for `grid` image pixels; of a picture of tiles, those that are
   * there. Null while there is no picture.
   */
  read(box: Box, grid: number): Pixels | null;
}

export class PictureReader {
  private readonly createSurface: SurfaceFactory;
  private surface: Surface | null = null;

  constructor(createSurface: SurfaceFactory) {
    this.createSurface = createSurface;
  }

  /** `size` of the whole picture in image pixels. */
  read(picture: Picture | TiledPicture, size: Size, box: Box, grid: number): Pixels {
    const [x, y, width, height] = box;
    const [across, down] = [Math.max(Math.round(width / grid), 1), Math.max(Math.round(height / grid), 1)];
    const { context } = this.surfaceFor(across, down);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, across, down);
    context.imageSmoothingEnabled = true;
    if (picture instanceof TiledPicture)
      picture.paint(context, { scale: 1 / grid, x: -x / grid, y: -y / grid, shown: box });
    else {
      const scale = pictureScale(picture, size);
      context.drawImage(picture, x * scale, y * scale, width * scale, height * scale, 0, 0, across, down);
    }
    return context.getImageData(0, 0, across, down);
  }

  private surfaceFor(width: number, height: number): Surface {
    // Drawn by the processor: reading back from the GPU would hold up the frame.
    this.surface ??= this.createSurface(width, height, { willReadFrequently: true });
    if (this.surface.width < width || this.surface.height < height) {
      this.surface.resize(Math.max(width, this.surface.width), Math.max(height, this.surface.height));
    }
    return this.surface;
  }
}

/** A picture may have been decoded smaller than it is. */
function pictureScale(picture: Picture, size: Size): number {
  return "width" in picture && typeof picture.width === "number" && picture.width > 0 ? picture.width / size.width : 1;
}
