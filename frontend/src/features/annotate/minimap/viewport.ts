/** Where the window of the canvas lies on the small picture of the minimap; pure. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Frame extends Size {
  readonly x: number;
  readonly y: number;
}

const LONGEST = 168;

/** Of the small picture, CSS pixels; the longer side is always the same. */
export function miniatureOf(picture: Size): Size {
  const scale = LONGEST / Math.max(picture.width, picture.height, 1);
  return { width: Math.max(picture.width * scale, 1), height: Math.max(picture.height * scale, 1) };
}

/**
 * The part of the picture that the window shows, in picture pixels. Null while all of it is in view, and where nothing
 * is: a map of what one sees anyway is in the way.
 */
export function frameOf(
  camera: { readonly x: number; readonly y: number; readonly zoom: number },
  window: Size,
  picture: Size,
): Frame | null {
  const left = Math.max(-camera.x / camera.zoom, 0);
  const top = Math.max(-camera.y / camera.zoom, 0);
  const right = Math.min((window.width - camera.x) / camera.zoom, picture.width);
  const bottom = Math.min((window.height - camera.y) / camera.zoom, picture.height);
  const frame = { x: left, y: top, width: right - left, height: bottom - top };
  if (frame.width <= 0 || frame.height <= 0) return null;
  return frame.width >= picture.width && frame.height >= picture.height ? null : frame;
}
