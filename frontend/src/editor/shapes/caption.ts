/** Owns the caption: `{"type": "caption", "text": "…"}`, a text about the whole image, without a place on it. */

import { PLAIN_SHAPE, ShapeError, type ShapeUtil } from "./ShapeUtil";

export interface CaptionShape {
  readonly type: "caption";
  readonly text: string;
}

export const LONGEST_CAPTION = 10_000;

export const captionShape: ShapeUtil<CaptionShape> = {
  ...PLAIN_SHAPE,
  type: "caption",
  title: "Caption",
  paint: "none",
  sample: () => ({ type: "caption", text: "Two cats on a sofa." }),
  fromApi({ text }) {
    if (typeof text !== "string") throw new ShapeError('Caption: "text" must be a text about the picture.');
    return { type: "caption", text };
  },
  toApi: (shape) => shape,
  bounds: () => null,
  area: () => 0,
  hitTest: () => false,
  intersects: () => false,
  clamp(shape) {
    const text = shape.text.replaceAll("\0", "").trim().slice(0, LONGEST_CAPTION);
    if (text === "") return null;
    return text === shape.text ? shape : { type: "caption", text };
  },
  translate: (shape) => shape,
  transform: (shape) => shape,
};
