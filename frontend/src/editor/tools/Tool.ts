/** Owns the contract of a tool: a small state machine that gets pointer and key events while it is in hand. */

import type { EditorContext } from "../context";
import type { DrawingAction } from "../input/drawingActions";
import type { KeyInput, ToolPointer, WheelInput } from "../input/events";
import type { Painter } from "../view/Painter";

export interface ToolDefinition {
  readonly id: string;
  readonly title: string;
  readonly keys: readonly string[];
  /** SVG path data in a 24 x 24 box. */
  readonly icon: string;
  /** Shape types it makes or changes; empty = it needs none. */
  readonly shapes: readonly string[];
  readonly group: "View" | "Draw" | "Edit" | "Mask" | "Smart";
  readonly create: (editor: EditorContext) => Tool;
}

/** One state; its id is a gerund in lower case, or "idle". Only the handlers that it needs. */
export interface ToolState {
  readonly id: string;
  /** CSS cursor. */
  readonly cursor?: string;
  onEnter?(): void;
  onExit?(): void;
  onPointerDown?(pointer: ToolPointer): void;
  onPointerMove?(pointer: ToolPointer): void;
  onPointerUp?(pointer: ToolPointer): void;
  /** What the person's key for it means here; false when it means nothing, and the key is somebody else's. */
  onAction?(action: DrawingAction): boolean;
  onKeyUp?(key: KeyInput): void;
  /** Ctrl + wheel. True when used; else the camera zooms. */
  onWheel?(wheel: WheelInput): boolean;
  /** Esc: everything as it was before the object or drag began. */
  onCancel?(): void;
  /** Enter. */
  onComplete?(): void;
  /** Takes back the last step of an unfinished object; true when there was one. */
  onUndo?(): boolean;
  draw?(painter: Painter): void;
}

export abstract class Tool {
  abstract readonly id: string;
  protected readonly editor: EditorContext;
  private machine: { readonly states: readonly ToolState[]; current: ToolState } | null = null;

  constructor(editor: EditorContext) {
    this.editor = editor;
  }

  /** The first one is the initial state. */
  protected abstract createStates(): readonly [ToolState, ...ToolState[]];

  /** Drawn in every state. */
  draw(painter: Painter): void {
    this.state.draw?.(painter);
  }

  get state(): ToolState {
    if (this.machine === null) {
      const states = this.createStates();
      this.machine = { states, current: states[0] };
    }
    return this.machine.current;
  }

  get path(): string {
    return `${this.id}.${this.state.id}`;
  }

  /** Something is unfinished. */
  get isBusy(): boolean {
    return this.state !== this.machine?.states[0];
  }

  get cursor(): string {
    return this.state.cursor ?? "default";
  }

  enter(): void {
    this.state.onEnter?.();
  }

  /** Another tool is taken; what is unfinished is given up. */
  exit(): void {
    this.cancel();
    this.state.onExit?.();
  }

  /** False when there was nothing to cancel. */
  cancel(): boolean {
    if (!this.isBusy) return false;
    this.state.onCancel?.();
    this.goInitial();
    return true;
  }

  transition(id: string): void {
    const { state, machine } = this;
    const next = machine?.states.find((one) => one.id === id);
    if (machine === null || next === undefined) throw new Error(`The tool "${this.id}" has no state "${id}".`);
    state.onExit?.();
    machine.current = next;
    next.onEnter?.();
    this.editor.requestOverlay();
  }

  private goInitial(): void {
    const initial = this.machine?.states[0];
    if (initial && this.state !== initial) this.transition(initial.id);
  }
}
