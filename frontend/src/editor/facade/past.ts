/** Owns the part of the public face that puts onto the undo stack what was done elsewhere than on the open image. */

import type { EditorCore } from "../core";
import type { OutsideAct } from "../store/History";

export class Past {
  private readonly core: EditorCore;

  constructor(core: EditorCore) {
    this.core = core;
  }

  /** The latest step of the open image, until another one is opened. */
  note(name: string, act: OutsideAct): void {
    this.core.history.note(name, act);
  }
}
