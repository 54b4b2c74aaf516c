/** Owns how drawing tools go about it. */

import type { EditorCore } from "../core";
import type { Session } from "../store/session";

export class Drawing {
  private readonly core: EditorCore;

  constructor(core: EditorCore) {
    this.core = core;
  }

  /** Which points of an object give its box. */
  setBoxBy(boxBy: Session["boxBy"]): void {
    this.core.cancelTool();
    this.core.session.update((session) => ({ ...session, boxBy }));
  }

  setSnapping(snapping: boolean): void {
    this.core.session.update((session) => ({ ...session, snapping }));
  }

  setSharedVertices(sharedVertices: boolean): void {
    this.core.session.update((session) => ({ ...session, sharedVertices }));
  }
}
