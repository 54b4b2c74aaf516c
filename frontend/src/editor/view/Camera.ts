/** Owns which part of the image the screen shows. Knows no shapes. */

import { boxCenter, type Box } from "../geometry/box";
import { clamp, type ImagePoint, type Point, type ScreenPoint, type Size } from "../geometry/point";
import { Value, type Signal } from "../signal";

/** screen = image * zoom + (x, y), CSS pixels. */
export interface CameraState {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Viewport extends Size {
  /** Device pixels per CSS pixel. */
  readonly pixelRatio: number;
}

const MAX_ZOOM = 64;
/** Of the picture must stay on the screen, so that it cannot be lost. */
const KEEP_VISIBLE = 40;
const FIT_MARGIN = 16;
/** Above and below: the bars that float over the canvas hide nothing of a fitted picture. */
const FIT_MARGIN_DOWN = 56;

export class Camera {
  private readonly value = new Value<CameraState>({ x: 0, y: 0, zoom: 1 });
  private readonly port = new Value<Viewport>({ width: 0, height: 0, pixelRatio: 1 });
  private picture: Size = { width: 0, height: 0 };
  /** Until the person pans or zooms, the picture stays fitted when the window changes. */
  private fitted = true;

  readonly state: Signal<CameraState> = this.value;
  readonly viewport: Signal<Viewport> = this.port;

  setPicture(size: Size): void {
    this.picture = size;
    this.fit();
  }

  resize(viewport: Viewport): void {
    const before = this.port.get();
    this.port.set(viewport);
    if (this.fitted || before.width === 0) this.fit();
    else this.panBy((viewport.width - before.width) / 2, (viewport.height - before.height) / 2);
  }

  toImage(point: ScreenPoint): ImagePoint {
    const { x, y, zoom } = this.value.get();
    return { x: (point.x - x) / zoom, y: (point.y - y) / zoom };
  }

  toScreen(point: ImagePoint): ScreenPoint {
    const { x, y, zoom } = this.value.get();
    return { x: point.x * zoom + x, y: point.y * zoom + y };
  }

  /** Image pixels that `pixels` on the screen cover. */
  toImageLength(pixels: number): number {
    return pixels / this.value.get().zoom;
  }

  /** What the screen shows, in image pixels; may reach beyond the picture. */
  visibleBox(): Box {
    return cameraBox(this.value.get(), this.port.get());
  }

  panBy(dx: number, dy: number): void {
    const { x, y, zoom } = this.value.get();
    this.fitted = false;
    this.place({ x: x + dx, y: y + dy, zoom });
  }

  /** What lies under `at` stays there. */
  zoomAt(at: ScreenPoint, factor: number): void {
    const before = this.value.get();
    const zoom = clamp(before.zoom * factor, this.minZoom(), MAX_ZOOM);
    const scale = zoom / before.zoom;
    this.fitted = false;
    this.place({ x: at.x - (at.x - before.x) * scale, y: at.y - (at.y - before.y) * scale, zoom });
  }

  zoomBy(factor: number): void {
    this.zoomAt(this.screenCenter(), factor);
  }

  fit(): void {
    const { width, height } = this.picture;
    if (width > 0 && height > 0)
      this.show([0, 0, width, height], FIT_MARGIN, Math.min(FIT_MARGIN_DOWN, this.port.get().height / 8));
    this.fitted = true;
  }

  /** One image pixel is one CSS pixel, around what is in the middle now. */
  actualSize(): void {
    this.zoomBy(1 / this.value.get().zoom);
  }

  /** Fills the screen with `box`, `margin` CSS pixels beside and `marginDown` above and below it. */
  show(box: Box, margin = 60, marginDown = margin): void {
    const { width, height } = this.port.get();
    if (width === 0 || height === 0) return;
    const across = Math.max(width - 2 * margin, 1) / Math.max(box[2], 1);
    const down = Math.max(height - 2 * marginDown, 1) / Math.max(box[3], 1);
    const zoom = clamp(Math.min(across, down), 0.01, MAX_ZOOM);
    const center = boxCenter(box);
    this.fitted = false;
    this.place({ x: width / 2 - center.x * zoom, y: height / 2 - center.y * zoom, zoom });
  }

  /** Moves only as far as needed to see the middle of `box`. */
  reveal(box: Box): void {
    const { width, height } = this.port.get();
    const at = this.toScreen(boxCenter(box));
    const margin = Math.min(FIT_MARGIN, width / 4, height / 4);
    const dx = clamp(at.x, margin, width - margin) - at.x;
    const dy = clamp(at.y, margin, height - margin) - at.y;
    if (dx !== 0 || dy !== 0) this.panBy(dx, dy);
  }

  private screenCenter(): Point {
    const { width, height } = this.port.get();
    return { x: width / 2, y: height / 2 };
  }

  private minZoom(): number {
    const { width, height } = this.port.get();
    const fit = Math.min(width / Math.max(this.picture.width, 1), height / Math.max(this.picture.height, 1));
    return Math.min(fit, 1) / 4;
  }

  private place({ x, y, zoom }: CameraState): void {
    const { width, height } = this.port.get();
    const keep = Math.min(KEEP_VISIBLE, (this.picture.width * zoom) / 2, (this.picture.height * zoom) / 2);
    const next = {
      x: clamp(x, keep - this.picture.width * zoom, Math.max(width - keep, 0)),
      y: clamp(y, keep - this.picture.height * zoom, Math.max(height - keep, 0)),
      zoom,
    };
    const now = this.value.get();
    if (now.x !== next.x || now.y !== next.y || now.zoom !== next.zoom) this.value.set(next);
  }
}

/** The image pixels that a surface of `size` (CSS pixels) shows; may reach beyond the picture. */
export function cameraBox({ x, y, zoom }: CameraState, size: Size): Box {
  return [-x / zoom, -y / zoom, size.width / zoom, size.height / zoom];
}
