/** Owns the part of the public face that is about painting masks. */

import type { EditorContext } from "../context";
import { clamp } from "../geometry/point";
import type { BrushSettings } from "../store/session";
import { LARGEST_BRUSH } from "../tools/mask/StrokeTool";
import { clampTolerance } from "../tools/mask/wand";

export class Masks {
  private readonly editor: EditorContext;

  constructor(editor: EditorContext) {
    this.editor = editor;
  }

  setBrush(change: Partial<BrushSettings>): void {
    this.editor.session.update((session) => {
      const brush = { ...session.brush, ...change };
      const size = clamp(Math.round(brush.size), 1, LARGEST_BRUSH);
      return { ...session, brush: { ...brush, size, tolerance: clampTolerance(brush.tolerance) } };
    });
    this.editor.requestOverlay();
  }
}
