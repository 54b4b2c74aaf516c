/** The editor of the screen, for the panels around the canvas. */
import { createContext, use } from "react";
import type { Editor } from "../../editor";

export const EditorContext = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = use(EditorContext);
  if (editor === null) throw new Error("useEditor needs an EditorContext around it.");
  return editor;
}
