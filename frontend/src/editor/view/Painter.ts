/** Owns drawing primitives in image coordinates with line widths in screen pixels. Knows no records and no tools. */

import type { Box } from "../geometry/box";
import type { MaskDraft } from "../geometry/MaskDraft";
import type { Point } from "../geometry/point";
import { shapeUtil, type Shape } from "../shapes";
import type { Context2D } from "../surface";
import { cameraBox, type CameraState, type Viewport } from "./Camera";
import type { PaintStyle } from "./styles";
import type { Tints, TintSource } from "./Tints";

const FULL_CIRCLE = 2 * Math.PI;
const HANDLE = 8;
/** CSS pixels. */
export const LABEL_HEIGHT = 16;
const LABEL_FONT = "12px system-ui, sans-serif";
const KEPT_WIDTHS = 1000;
const widths = new Map<string, number>();

export interface PlacedLabel {
  readonly at: Point;
  readonly text: string;
  readonly color: string;
}

export class Painter {
  readonly context: Context2D;
  readonly camera: CameraState;
  readonly pixelRatio: number;
  /** Image pixels that the surface shows. */
  readonly shown: Box;
  private readonly tints: Tints;

  /** `camera` maps image pixels to CSS pixels of this context's surface. */
  constructor(context: Context2D, camera: CameraState, viewport: Viewport, tints: Tints) {
    this.context = context;
    this.camera = camera;
    this.pixelRatio = viewport.pixelRatio;
    this.shown = cameraBox(camera, viewport);
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
    if (util.paint === "line") {
      util.trace(shape, this.context, this.pixel, style.edges);
      this.fillAndStroke({ ...style, fill: 0 });
      return;
    }
    util.trace(shape, this.context, this.pixel / 2);
    this.fillAndStroke(style);
  }

  mask(shape: Shape, style: PaintStyle): void {
    const util = shapeUtil(shape);
    const box = util.bounds(shape);
    if (box) this.tint(shape, { box, runs: () => util.runs(shape), isDraft: false }, style);
  }

  /** A mask that is being painted; `dirty` changed since it was drawn last, `from` is what it was before. */
  draft(draft: MaskDraft, style: PaintStyle, dirty: Box | null, from: object | null): void {
    this.tints.repaint(draft, draft, style.color, dirty, from);
    if (draft.box) this.tint(draft, { box: draft.box, runs: () => draft, isDraft: true }, style);
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

  /** Small squares with a coloured border, the same size at any zoom. */
  handles(points: readonly Point[], color: string, size = HANDLE, fill = "#ffffff"): void {
    if (points.length === 0) return;
    const side = size * this.pixel;
    this.context.beginPath();
    for (const { x, y } of points) this.context.rect(x - side / 2, y - side / 2, side, side);
    this.context.fillStyle = fill;
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
    this.labels([{ at, text, color }]);
  }

  /** There are up to hundreds on every frame: what they have in common is set once. */
  labels(labels: readonly PlacedLabel[]): void {
    if (labels.length === 0) return;
    const { context } = this;
    const { x, y, zoom } = this.camera;
    this.toScreenSpace();
    context.font = LABEL_FONT;
    context.textBaseline = "middle";
    for (const { at, text, color } of labels) {
      const left = Math.round(at.x * zoom + x);
      const bottom = Math.round(at.y * zoom + y);
      context.globalAlpha = 0.85;
      context.fillStyle = color;
      context.fillRect(left, bottom - LABEL_HEIGHT, this.widthOf(text) + 8, LABEL_HEIGHT);
      context.globalAlpha = 1;
      context.fillStyle = readableOn(color);
      context.fillText(text, left + 4, bottom - LABEL_HEIGHT / 2);
    }
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

  /** Measuring takes longer than drawing, and most labels are names of a few classes. */
  private widthOf(text: string): number {
    const known = widths.get(text);
    if (known !== undefined) return known;
    if (widths.size >= KEPT_WIDTHS) widths.clear();
    const width = Math.ceil(this.context.measureText(text).width);
    widths.set(text, width);
    return width;
  }

  private tint(key: object, source: TintSource, style: PaintStyle): void {
    this.context.globalAlpha = maskAlpha(style);
    this.tints.draw(this, key, source, style.color);
    this.context.globalAlpha = 1;
    this.toImageSpace();
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
