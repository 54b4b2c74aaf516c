/** Owns who answers the smart tool. */

import type { EditorCore } from "../core";
import type { SmartProvider } from "../smart";

export class Answering {
  private readonly core: EditorCore;

  constructor(core: EditorCore) {
    this.core = core;
  }

  /** Another provider answers from here on; the returned function gives the place back. */
  replace(make: (before: SmartProvider) => SmartProvider): () => void {
    const before = this.core.smartProvider;
    if (before === null) return () => undefined;
    this.core.smartProvider = make(before);
    return () => (this.core.smartProvider = before);
  }
}
