/** Owns the tag: `{"type": "tag"}`, a class of the whole image, without a place on it. */

import { PLAIN_SHAPE, type ShapeUtil } from "./ShapeUtil";

export interface TagShape {
  readonly type: "tag";
}

export const tagShape: ShapeUtil<TagShape> = {
  ...PLAIN_SHAPE,
  type: "tag",
  title: "Tag",
  paint: "none",
  sample: () => ({ type: "tag" }),
  fromApi: () => ({ type: "tag" }),
  toApi: (shape) => shape,
  bounds: () => null,
  area: () => 0,
  hitTest: () => false,
  intersects: () => false,
  clamp: (shape) => shape,
  translate: (shape) => shape,
  transform: (shape) => shape,
};
