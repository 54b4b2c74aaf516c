/** Owns a picture of idle objects, somewhat larger than the screen, that panning and zooming only moves. */

import { boxExpand, boxWithin, type Box } from "../../geometry/box";
import type { Surface, SurfaceFactory } from "../../surface";
import { cameraBox, type CameraState, type Viewport } from "../Camera";
import { Painter } from "../Painter";
import type { Tints } from "../Tints";

/** Of the screen, added on each side. */
const MARGIN = 0.25;
/** Of the margin: when less is left, a redraw begins, so that it is done before the edge shows. */
const EARLY = 0.5;

export interface Raster {
  readonly surface: Surface;
  /** What came from a worker, shown as it is; it goes onto the surface when something of it is to be drawn anew. */
  bitmap: ImageBitmap | null;
  /** Of the raster: image pixels to CSS pixels from its own upper left corner. */
  camera: CameraState;
  /** Image pixels that it covers. */
  box: Box;
}

export function rasterMake(createSurface: SurfaceFactory): Raster {
  return { surface: createSurface(1, 1), bitmap: null, camera: { x: 0, y: 0, zoom: 1 }, box: [0, 0, 0, 0] };
}

/** Lays the raster around what the camera shows, empty. */
export function rasterAim(raster: Raster, camera: CameraState, viewport: Viewport): void {
  const marginX = Math.round(viewport.width * MARGIN);
  const marginY = Math.round(viewport.height * MARGIN);
  const width = viewport.width + 2 * marginX;
  const height = viewport.height + 2 * marginY;
  raster.camera = { x: camera.x + marginX, y: camera.y + marginY, zoom: camera.zoom };
  raster.box = cameraBox(raster.camera, { width, height });
  rasterEmpty(raster);
  wipe(raster.surface, Math.ceil(width * viewport.pixelRatio), Math.ceil(height * viewport.pixelRatio));
}

/** Nothing of what it holds is shown any more. */
export function rasterEmpty(raster: Raster): void {
  raster.bitmap?.close();
  raster.bitmap = null;
}

/** Lays a bitmap of the raster's size over what is there. */
export function rasterLay({ surface }: Raster, bitmap: ImageBitmap): void {
  surface.context.setTransform(1, 0, 0, 1, 0, 0);
  surface.context.drawImage(bitmap, 0, 0);
}

/** Whether the screen, and what it may show next, lies on the raster. */
export function rasterCovers(raster: Raster, camera: CameraState, viewport: Viewport): boolean {
  const reserve = (EARLY * MARGIN * Math.min(viewport.width, viewport.height)) / camera.zoom;
  return boxWithin(boxExpand(cameraBox(camera, viewport), reserve), raster.box);
}

/** A painter that draws on the raster in image pixels. */
export function rasterPainter(raster: Raster, pixelRatio: number, tints: Tints): Painter {
  if (raster.bitmap) rasterLay(raster, raster.bitmap);
  rasterEmpty(raster);
  const { surface, camera, box } = raster;
  const size = { width: box[2] * camera.zoom, height: box[3] * camera.zoom, pixelRatio };
  const painter = new Painter(surface.context, camera, size, tints);
  painter.toImageSpace();
  return painter;
}

/** Shows the part of the raster that the camera sees. */
export function rasterShow(raster: Raster, target: Surface, camera: CameraState, pixelRatio: number): void {
  const { context } = target;
  const scale = camera.zoom / raster.camera.zoom;
  const x = (camera.x - raster.camera.x * scale) * pixelRatio;
  const y = (camera.y - raster.camera.y * scale) * pixelRatio;
  context.imageSmoothingEnabled = scale !== 1;
  const picture = raster.bitmap ?? raster.surface.image;
  if (scale === 1) context.drawImage(picture, Math.round(x), Math.round(y));
  else context.drawImage(picture, x, y, raster.surface.width * scale, raster.surface.height * scale);
}

/** Making a canvas anew costs more than clearing it. */
function wipe(surface: Surface, width: number, height: number): void {
  if (surface.width !== width || surface.height !== height) surface.resize(width, height);
  surface.context.setTransform(1, 0, 0, 1, 0, 0);
  surface.context.clearRect(0, 0, width, height);
}
