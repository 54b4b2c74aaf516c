/** Owns the bottom layer: the picture, and the pixel grid over it at high zoom. */

import type { Size } from "../../geometry/point";
import type { Picture, Surface } from "../../surface";
import { cameraBox, type CameraState, type Viewport } from "../Camera";
import { TiledPicture } from "../TiledPicture";

/** From here on a pixel is drawn as a square, so that borders can be judged. */
const SHARP_ZOOM = 3;
const GRID_ZOOM = 12;

export interface ImageLayerInput {
  readonly picture: Picture | TiledPicture | null;
  readonly size: Size | null;
  readonly camera: CameraState;
  readonly viewport: Viewport;
  readonly pixelGrid: boolean;
}

export function drawImageLayer(surface: Surface, input: ImageLayerInput): void {
  const { context } = surface;
  const { picture, size, camera, viewport } = input;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, surface.width, surface.height);
  if (size === null) return;
  const scale = camera.zoom * viewport.pixelRatio;
  context.setTransform(scale, 0, 0, scale, camera.x * viewport.pixelRatio, camera.y * viewport.pixelRatio);
  if (picture === null) {
    context.fillStyle = "#80808040";
    context.fillRect(0, 0, size.width, size.height);
    return;
  }
  context.imageSmoothingEnabled = camera.zoom < SHARP_ZOOM;
  if (picture instanceof TiledPicture) {
    const { pixelRatio } = viewport;
    context.setTransform(1, 0, 0, 1, 0, 0);
    picture.draw(context, {
      scale,
      x: camera.x * pixelRatio,
      y: camera.y * pixelRatio,
      shown: cameraBox(camera, viewport),
    });
    context.setTransform(scale, 0, 0, scale, camera.x * pixelRatio, camera.y * pixelRatio);
  } else context.drawImage(picture, 0, 0, size.width, size.height);
  if (input.pixelGrid && camera.zoom >= GRID_ZOOM) drawPixelGrid(surface, size, camera, viewport);
}

function drawPixelGrid(surface: Surface, size: Size, camera: CameraState, viewport: Viewport): void {
  const { context } = surface;
  const left = Math.max(Math.floor(-camera.x / camera.zoom), 0);
  const top = Math.max(Math.floor(-camera.y / camera.zoom), 0);
  const right = Math.min(Math.ceil((viewport.width - camera.x) / camera.zoom), size.width);
  const bottom = Math.min(Math.ceil((viewport.height - camera.y) / camera.zoom), size.height);
  context.beginPath();
  for (let x = left; x <= right; x += 1) {
    context.moveTo(x, top);
    context.lineTo(x, bottom);
  }
  for (let y = top; y <= bottom; y += 1) {
    context.moveTo(left, y);
    context.lineTo(right, y);
  }
  context.setLineDash([]);
  context.lineWidth = 1 / (camera.zoom * viewport.pixelRatio);
  context.strokeStyle = "#80808080";
  context.stroke();
}
