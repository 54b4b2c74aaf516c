/** Owns the interface to something that can be drawn on. Creates no element: canvases are injected. */

/** The part of a 2D context that the editor uses. */
export type Context2D = Pick<
  CanvasRenderingContext2D,
  | "arc"
  | "beginPath"
  | "clearRect"
  | "clip"
  | "closePath"
  | "createImageData"
  | "drawImage"
  | "fill"
  | "fillRect"
  | "fillStyle"
  | "fillText"
  | "font"
  | "getImageData"
  | "globalAlpha"
  | "imageSmoothingEnabled"
  | "lineCap"
  | "lineDashOffset"
  | "lineJoin"
  | "lineTo"
  | "lineWidth"
  | "measureText"
  | "moveTo"
  | "putImageData"
  | "rect"
  | "restore"
  | "save"
  | "setLineDash"
  | "setTransform"
  | "stroke"
  | "strokeRect"
  | "strokeStyle"
  | "textBaseline"
>;

/** Where outlines go: a context or a Path2D. */
export type PathSink = Pick<CanvasRenderingContext2D, "moveTo" | "lineTo" | "closePath" | "rect">;

/** A decoded picture. */
export type Picture = CanvasImageSource;

export interface Surface {
  readonly context: Context2D;
  /** What another context can draw. */
  readonly image: Picture;
  readonly width: number;
  readonly height: number;
  /** Sets the size in device pixels and clears. */
  resize(width: number, height: number): void;
}

/** `settings`: how the canvas will be used. */
export type SurfaceFactory = (width: number, height: number, settings?: CanvasRenderingContext2DSettings) => Surface;

/** Wraps a canvas that somebody else made. */
export function surfaceOf(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  settings: CanvasRenderingContext2DSettings = {},
): Surface {
  const context = canvas.getContext("2d", settings) as Context2D | null;
  if (context === null) throw new Error("This canvas gives no 2D context; it must not be used for WebGL already.");
  return {
    context,
    image: canvas,
    get width() {
      return canvas.width;
    },
    get height() {
      return canvas.height;
    },
    resize(width, height) {
      canvas.width = width;
      canvas.height = height;
    },
  };
}
