/** Owns drawing primitives in image coordinates with line widths in screen pixels. Knows no records and no tools. */

import type { MaskBitmap } from "../geometry/bitmap";
import type { Box } from "../geometry/box";
import type { Point } from "../geometry/point";
import { shapeUtil, type Shape } from "../shapes";
import type { Context2D } from "../surface";
import type { CameraState } from "./Camera";
import type { PaintStyle } from "./styles";
import type { Tint, Tints } from "./Tints";

const FULL_CIRCLE = 2 * Math.PI;
const HANDLE = 8;
/** CSS pixels. */
export const LABEL_HEIGHT = 16;
const LABEL_FONT = "12px system-ui, sans-serif";

export class Painter {
  readonly context: Context2D;
  readonly camera: CameraState;
  private readonly pixelRatio: number;
  private readonly tints: Tints;

  /** `camera` maps image pixels to CSS pixels of this context's surface. */
  constructor(context: Context2D, camera: CameraState, pixelRatio: number, tints: Tints) {
    this.context = context;
    this.camera = camera;
    this.pixelRatio = pixelRatio;
    this.tints = tints;
  }

  /** Image pixels that one CSS pixel covers. */
  get pixel(): number {
    return 1 / this.camera.zoom;
  }

  /** From here on the context draws in image pixels. */
  toImageSpace(): void {
    const scale = this.camera.zoom * this.pixelRatio;
    this.context.setTransform(scale, 0, 0, scale, this.camera.x * this.pixelRatio, this.camera.y * this.pixelRatio);
  }

  /** From here on the context draws in CSS pixels. */
  toScreenSpace(): void {
    this.context.setTransform(this.pixelRatio, 0, 0, this.pixelRatio, 0, 0);
  }

  shape(shape: Shape, style: PaintStyle): void {
    const util = shapeUtil(shape);
    if (util.paint === "none") return;
    if (util.paint === "bitmap") {
      this.mask(shape, style);
      return;
    }
    this.context.beginPath();
    util.trace(shape, this.context, this.pixel / 2);
    this.fillAndStroke(style);
  }

  mask(shape: Shape, style: PaintStyle): void {
    this.tint(
      this.tints.get(shape, () => shapeUtil(shape).bitmap(shape), style.color),
      style,
    );
  }

  /** A mask that is being painted; `dirty` changed since it was drawn last, `from` is what it was before. */
  bitmap(bitmap: MaskBitmap, style: PaintStyle, dirty: Box | null, from: object | null): void {
    this.tint(this.tints.live(bitmap, style.color, dirty, from), style);
  }

  line(points: readonly Point[], style: PaintStyle, closed = false): void {
    this.context.beginPath();
    points.forEach(({ x, y }, index) => {
      if (index === 0) this.context.moveTo(x, y);
      else this.context.lineTo(x, y);
    });
    if (closed) this.context.closePath();
    this.fillAndStroke(style);
  }

  box(box: Box, style: PaintStyle): void {
    this.boxes([box], style);
  }

  boxes(boxes: readonly Box[], style: PaintStyle): void {
    this.context.beginPath();
    for (const box of boxes) this.context.rect(...box);
    this.fillAndStroke(style);
  }

  /** `radius` in image pixels. */
  circle(center: Point, radius: number, style: PaintStyle): void {
    this.context.beginPath();
    this.context.arc(center.x, center.y, radius, 0, FULL_CIRCLE);
    this.fillAndStroke(style);
  }

  /** Small white squares with a coloured border, the same size at any zoom. */
  handles(points: readonly Point[], color: string, size = HANDLE): void {
    if (points.length === 0) return;
    const side = size * this.pixel;
    this.context.beginPath();
    for (const { x, y } of points) this.context.rect(x - side / 2, y - side / 2, side, side);
    this.context.fillStyle = "#ffffff";
    this.context.fill();
    this.strokeWith(color, 1.5, []);
  }

  /** A dot for a prompt: filled, with a white rim. */
  dot(center: Point, color: string, size = 10): void {
    this.context.beginPath();
    this.context.arc(center.x, center.y, (size / 2) * this.pixel, 0, FULL_CIRCLE);
    this.context.fillStyle = color;
    this.context.fill();
    this.strokeWith("#ffffff", 1.5, []);
  }

  /** Text over a coloured plate, its lower left corner at `at`. */
  label(at: Point, text: string, color: string): void {
    this.toScreenSpace();
    const { x, y, zoom } = this.camera;
    const left = Math.round(at.x * zoom + x);
    const bottom = Math.round(at.y * zoom + y);
    this.context.font = LABEL_FONT;
    this.context.textBaseline = "middle";
    const width = Math.ceil(this.context.measureText(text).width) + 8;
    this.context.globalAlpha = 0.85;
    this.context.fillStyle = color;
    this.context.fillRect(left, bottom - LABEL_HEIGHT, width, LABEL_HEIGHT);
    this.context.globalAlpha = 1;
    this.context.fillStyle = readableOn(color);
    this.context.fillText(text, left + 4, bottom - LABEL_HEIGHT / 2);
    this.toImageSpace();
  }

  fillAndStroke(style: PaintStyle): void {
    if (style.fill > 0) {
      this.context.globalAlpha = style.fill;
      this.context.fillStyle = style.color;
      this.context.fill();
      this.context.globalAlpha = 1;
    }
    if (style.width > 0) this.strokeWith(style.color, style.width, style.dash);
  }

  private tint(tint: Tint | null, style: PaintStyle): void {
    if (tint === null) return;
    this.context.globalAlpha = maskAlpha(style);
    this.context.imageSmoothingEnabled = false;
    this.context.drawImage(tint.surface.image, ...tint.box);
    this.context.globalAlpha = 1;
  }

  private strokeWith(color: string, width: number, dash: readonly number[]): void {
    this.context.strokeStyle = color;
    this.context.lineWidth = width * this.pixel;
    this.context.setLineDash(dash.map((length) => length * this.pixel));
    this.context.stroke();
  }
}

/** A mask has no outline that shows it, so its fill is stronger than that of an outlined shape. */
function maskAlpha(style: PaintStyle): number {
  return Math.min(style.fill * 1.5, 1);
}

function readableOn(color: string): string {
  const value = Number.parseInt(color.slice(1, 7), 16);
  const light = 0.299 * ((value >> 16) & 255) + 0.587 * ((value >> 8) & 255) + 0.114 * (value & 255);
  return light > 150 ? "#000000" : "#ffffff";
}
