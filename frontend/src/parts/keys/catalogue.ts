/** Everything that has a key, in the order of the help overlay: the editor's own lists, the screen's and the app's. */
import { type Bindable, EDITOR_ACTIONS } from "../../editor";
import { APP_ACTIONS, SCREEN_ACTIONS, type Section } from "./screenActions";

export interface CatalogueEntry extends Bindable {
  readonly section: Section;
  /** What it is called where the message catalogue has no name for it, as for a tool of a plug-in. */
  readonly title: string;
}

export const SECTIONS: readonly Section[] = [
  "tools",
  "drawing",
  "cursor",
  "class",
  "edit",
  "object",
  "images",
  "view",
  "prediction",
  "review",
  "mode",
  "app",
];

const SECTION_OF: Readonly<Record<string, Section>> = {
  Tool: "tools",
  Draw: "drawing",
  Cursor: "cursor",
  Edit: "edit",
  Object: "object",
  Class: "class",
  Prediction: "prediction",
  View: "view",
};

export const CATALOGUE: readonly CatalogueEntry[] = [
  ...EDITOR_ACTIONS.map(({ id, keys, scope, title, group }) => ({
    id,
    keys,
    scope,
    title,
    section: SECTION_OF[group] ?? "edit",
  })),
  ...[...SCREEN_ACTIONS, ...APP_ACTIONS].map((action) => ({ ...action, title: action.id })),
];

const BY_ID = new Map(CATALOGUE.map((entry) => [entry.id, entry]));

/** An id that is not in the catalogue has no keys. */
export const entryOf = (id: string): CatalogueEntry | undefined => BY_ID.get(id);
