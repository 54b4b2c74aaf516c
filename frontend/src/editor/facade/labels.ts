/** Owns what is said of objects and of the image beside shape and class: attributes, marks of points, captions, groups. */

import type { EditorCore } from "../core";
import { markJoint, type Visibility } from "../shapes/skeleton";

export class Labels {
  private readonly core: EditorCore;

  constructor(core: EditorCore) {
    this.core = core;
  }

  /** One undo step for all of them; undefined takes the value away. */
  setAttribute(ids: Iterable<string>, name: string, value: string | number | boolean | undefined): void {
    this.core.edits.patchEach(
      ids,
      ({ attributes }) => {
        if (attributes[name] === value) return {};
        const others = Object.entries(attributes).filter(([key]) => key !== name);
        return { attributes: Object.fromEntries(value === undefined ? others : [...others, [name, value]]) };
      },
      `Set ${name}`,
    );
  }

  /** Null leaves every group. */
  setGroup(ids: Iterable<string>, group: number | null): void {
    this.core.edits.patch(ids, { group }, "Set group");
  }

  /** Objects of a higher one lie over those of a lower one. */
  setZOrder(ids: Iterable<string>, zOrder: number): void {
    this.core.edits.patch(ids, { zOrder }, "Set layer");
  }

  /** The last point of a skeleton cannot be taken away. */
  setVisibility(id: string, joint: number, visibility: Visibility): void {
    const record = this.core.store.findAnnotation(id);
    const shape = record?.shape.type === "skeleton" ? markJoint(record.shape, joint, visibility) : null;
    if (shape) this.core.edits.patch([id], { shape }, "Mark point");
  }

  /** A text about the image, in the active class. Null when it is empty. */
  addCaption(text: string): string | null {
    return this.core.edits.create({ type: "caption", text });
  }

  /** An empty text takes the caption away. */
  setCaption(id: string, text: string): void {
    const kept = text.trim();
    if (kept === "") this.core.edits.remove([id]);
    else this.core.edits.patch([id], { shape: { type: "caption", text: kept } }, "Change caption");
  }
}
