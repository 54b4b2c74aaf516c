/** Owns the select tool at rest: what a press would do is decided here. */

import type { ToolPointer } from "../../input/events";
import type { ObjectRecord } from "../../store/records";
import { isPrimary } from "../drafting";
import { SelectState } from "./SelectState";

export class Idle extends SelectState {
  readonly id = "idle";
  cursor = "default";

  onExit(): void {
    this.tool.ghost = null;
  }

  onPointerMove(pointer: ToolPointer): void {
    const handle = this.tool.handleAt(pointer);
    const edge = handle ? null : this.tool.edgeAt(pointer);
    const [top] = handle || edge ? [] : this.editor.hits.at(pointer.point, pointer.tolerance);
    this.tool.ghost = edge?.point ?? null;
    this.cursor = handle?.cursor ?? (edge ? "copy" : top ? "move" : "default");
    this.editor.selection.hover(top?.id ?? null);
    this.editor.requestOverlay();
  }

  onPointerDown(pointer: ToolPointer): void {
    if (!isPrimary(pointer)) return;
    this.tool.press(pointer);
    const handle = pointer.shift || pointer.ctrl ? null : this.tool.handleAt(pointer);
    if (handle && pointer.alt) {
      this.tool.deleteVertex(handle);
      return;
    }
    if (handle) {
      this.tool.handle = handle.id;
      this.tool.transition("resizing");
      return;
    }
    const edge = pointer.shift || pointer.ctrl ? null : this.tool.edgeAt(pointer);
    if (edge) {
      this.tool.pressedEdge = edge;
      if (pointer.clicks > 1) this.editor.history.run("Add vertex", () => this.tool.insertVertex(edge));
      else this.tool.transition("pointing");
      return;
    }
    this.pressObjects(pointer, this.editor.hits.at(pointer.point, pointer.tolerance));
  }

  /** A drag moves what is selected already, also from under a smaller object; a click selects the smallest. */
  private pressObjects(pointer: ToolPointer, hits: readonly ObjectRecord[]): void {
    const { selection } = this.editor;
    const [top] = hits;
    if (!top) {
      this.tool.transition(pointer.pointerType === "touch" ? "panning" : "marquee");
      return;
    }
    if (pointer.shift || pointer.ctrl) selection.toggle(top.id);
    else if (hits.some((hit) => selection.has(hit.id))) this.tool.clickTarget = top.id;
    else selection.set([top.id]);
    this.tool.transition("pointing");
  }
}
