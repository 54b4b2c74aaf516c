/** Owns how drawing tools go about it. */

import type { EditorCore } from "../core";
import { clamp } from "../geometry/point";
import type { Session, WireSettings } from "../store/session";

const MOST_TOLERANCE = 20;

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

  setWire(change: Partial<WireSettings>): void {
    this.core.session.update((session) => {
      const { pull, tolerance } = { ...session.wire, ...change };
      return { ...session, wire: { pull: clamp(pull, 0, 1), tolerance: clamp(tolerance, 0, MOST_TOLERANCE) } };
    });
    this.core.requestOverlay();
  }

  setSnapping(snapping: boolean): void {
    this.core.session.update((session) => ({ ...session, snapping }));
  }

  setSharedVertices(sharedVertices: boolean): void {
    this.core.session.update((session) => ({ ...session, sharedVertices }));
  }
}
