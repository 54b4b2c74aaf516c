/** Owns the part of the public face that is about outlines: how far they are simplified. */

import type { EditorContext } from "../context";
import { countVertices, keepSimplified, simplifiedSelection } from "../tools/simplify";

export class Outlines {
  private readonly editor: EditorContext;

  constructor(editor: EditorContext) {
    this.editor = editor;
  }

  /** Image pixels. */
  setTolerance(simplifyTolerance: number): void {
    this.editor.session.update((session) => ({ ...session, simplifyTolerance }));
    this.editor.requestOverlay();
  }

  /** Of masks that become polygons, in pixels. */
  setSmoothing(outlineSmoothing: number): void {
    this.editor.session.update((session) => ({ ...session, outlineSmoothing }));
    this.editor.requestOverlay();
  }

  /** What is selected, by the tolerance; one undo step. */
  simplify(): void {
    keepSimplified(this.editor);
  }

  /** Of the selected outlines and lines: as they are, and as they would be simplified. */
  countVertices(): { readonly before: number; readonly after: number } {
    const shapes = simplifiedSelection(this.editor);
    let [before, after] = [0, 0];
    for (const [id, shape] of shapes) {
      const record = this.editor.store.findAnnotation(id);
      before += record ? countVertices(record.shape) : 0;
      after += countVertices(shape);
    }
    return { before, after };
  }
}
