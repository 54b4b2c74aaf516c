/** Owns the select tool at rest: what a press would do is decided here. */

import type { ToolPointer } from "../../input/events";
import type { Handle } from "../../shapes/ShapeUtil";
import type { ObjectRecord } from "../../store/records";
import { isPrimary } from "../drafting";
import { SelectState } from "./SelectState";

export class Idle extends SelectState {
  readonly id = "idle";
  cursor = "default";

  onExit(): void {
    this.tool.ghost = null;
    this.editor.selection.hoverHandle(null);
  }

  onPointerMove(pointer: ToolPointer): void {
    const handle = this.tool.handleAt(pointer);
    const edge = handle ? null : this.tool.edgeAt(pointer);
    const [top] = handle || edge ? [] : this.editor.hits.at(pointer.point, pointer.tolerance);
    this.tool.ghost = edge?.point ?? null;
    this.cursor = handle?.cursor ?? (edge ? "copy" : top ? "move" : "default");
    this.editor.selection.hover(top?.id ?? null);
    this.editor.selection.hoverHandle(handle?.id ?? null);
    this.editor.requestOverlay();
  }

  onPointerDown(pointer: ToolPointer): void {
    if (!isPrimary(pointer)) return;
    this.tool.press(pointer);
    if (pointer.shift && !pointer.ctrl && this.pressVertices(pointer)) return;
    const handle = pointer.shift || pointer.ctrl ? null : this.tool.handleAt(pointer);
    if (handle) {
      this.pressHandle(handle);
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

  /** Shift among the vertices of the selected object takes one of them, or begins a rubber band around several. */
  private pressVertices(pointer: ToolPointer): boolean {
    const vertex = this.tool.vertexAt(pointer);
    if (vertex) this.editor.selection.toggleVertex(vertex.id);
    else if (this.tool.isAmongVertices(pointer)) {
      this.tool.pressedVertices = true;
      this.tool.transition("marquee");
    }
    return vertex !== null || this.tool.pressedVertices;
  }

  private pressHandle(handle: Handle): void {
    const { selection } = this.editor;
    if (!selection.vertices.get().has(handle.id)) selection.setVertices(new Set());
    this.tool.handle = handle;
    if (this.tool.editable() === null) this.tool.transition("transforming");
    else this.tool.transition(this.tool.pressedAlt ? "pointing" : "resizing");
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
