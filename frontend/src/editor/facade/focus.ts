/** Owns what the person works on alone: some of the objects, or one class. The rest stands aside. */

import type { EditorCore } from "../core";

export class Focus {
  private readonly core: EditorCore;

  constructor(core: EditorCore) {
    this.core = core;
  }

  /** Null: all of them again. Equal sets draw nothing anew. */
  setObjects(ids: ReadonlySet<string> | null): void {
    const before = this.core.settings.get().onlyObjects;
    const same = ids === before || (ids?.size === before?.size && [...(ids ?? [])].every((id) => before?.has(id)));
    if (!same) this.core.settings.update((settings) => ({ ...settings, onlyObjects: ids }));
  }

  /** The class of what is drawn; in single-class mode, also the one that is worked on. */
  setClass(classId: number | null): void {
    const { session, settings } = this.core;
    session.update((state) => ({ ...state, activeClass: classId }));
    if (settings.get().onlyClass !== null) settings.update((state) => ({ ...state, onlyClass: classId }));
  }
}
