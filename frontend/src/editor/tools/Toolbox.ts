/** Owns which tool is in hand. Knows tools only through the list it is given. */

import type { EditorContext } from "../context";
import { Value, type Signal } from "../signal";
import type { Tool, ToolDefinition } from "./Tool";

export class Toolbox {
  readonly definitions: readonly ToolDefinition[];
  private readonly editor: EditorContext;
  private readonly tools: ReadonlyMap<string, Tool>;
  private tool: Tool;
  private before: string;
  private readonly pathValue: Value<string>;
  private readonly cursorValue: Value<string>;

  /** "box.dragging" */
  readonly path: Signal<string>;
  /** CSS cursor. */
  readonly cursor: Signal<string>;

  constructor(definitions: readonly ToolDefinition[], editor: EditorContext) {
    this.definitions = definitions;
    this.editor = editor;
    this.tools = new Map(definitions.map((definition) => [definition.id, definition.create(editor)]));
    this.tool = this.get(editor.session.get().tool);
    this.before = this.tool.id;
    this.pathValue = new Value(this.tool.path);
    this.cursorValue = new Value(this.tool.cursor);
    this.path = this.pathValue;
    this.cursor = this.cursorValue;
  }

  get current(): Tool {
    return this.tool;
  }

  /** The drawing tool that was in hand before select or pan. */
  get previous(): string {
    return this.before;
  }

  /** True, or a sentence why not. */
  canUse(id: string): true | string {
    const definition = this.definitions.find((one) => one.id === id);
    if (!definition) return `There is no tool "${id}".`;
    const { shapes, activeClass, readOnly } = this.editor.session.get();
    const allowed = shapes.length === 0 || definition.shapes.some((shape) => shapes.includes(shape));
    if (definition.shapes.length === 0) return true;
    if (readOnly) return "Your role in this project lets you look, not draw.";
    if (!allowed) return `This project's objects are of another kind: ${shapes.join(", ")}.`;
    return activeClass === null ? "Add a class to the project first." : true;
  }

  use(id: string): void {
    if (id === this.tool.id || this.canUse(id) !== true) return;
    this.tool.exit();
    if (this.definitionOf(this.tool.id).shapes.length > 0) this.before = this.tool.id;
    this.tool = this.get(id);
    this.editor.selection.hover(null);
    this.editor.session.update((session) => ({ ...session, tool: id }));
    this.tool.enter();
    this.editor.requestOverlay();
    this.refresh();
  }

  /** After every event: the state may have changed. */
  refresh(): void {
    this.pathValue.set(this.tool.path);
    this.cursorValue.set(this.tool.cursor);
  }

  private get(id: string): Tool {
    const tool = this.tools.get(id);
    if (!tool) throw new Error(`There is no tool "${id}".`);
    return tool;
  }

  private definitionOf(id: string): ToolDefinition {
    const definition = this.definitions.find((one) => one.id === id);
    if (!definition) throw new Error(`There is no tool "${id}".`);
    return definition;
  }
}
