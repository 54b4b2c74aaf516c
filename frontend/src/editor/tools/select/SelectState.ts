/** Owns what every state of the select tool is made of. */

import type { EditorContext } from "../../context";
import type { ToolState } from "../Tool";
import type { SelectTool } from "./SelectTool";

export abstract class SelectState implements ToolState {
  abstract readonly id: string;
  protected readonly tool: SelectTool;
  protected readonly editor: EditorContext;

  constructor(tool: SelectTool, editor: EditorContext) {
    this.tool = tool;
    this.editor = editor;
  }
}
