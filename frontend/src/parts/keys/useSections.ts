/** The catalogue as it is shown: section by section, what matches the words that were searched for. */
import { boundKeys, type KeyBindings } from "../../editor";
import { CATALOGUE, type CatalogueEntry, SECTIONS } from "./catalogue";
import type { Section } from "./screenActions";
import { useKeyBindings } from "./store";
import { useActionTitle } from "./useActionTitle";

export interface KeyRow {
  readonly entry: CatalogueEntry;
  readonly title: string;
  readonly keys: readonly string[];
}

interface ShownSection {
  readonly section: Section;
  readonly rows: readonly KeyRow[];
}

/** `all`: also what has no key. */
export function useSections(text: string, all: boolean): readonly ShownSection[] {
  const bindings: KeyBindings = useKeyBindings();
  const title = useActionTitle();
  const wanted = text.trim().toLowerCase();
  const rows = CATALOGUE.map((entry) => ({ entry, title: title(entry.id), keys: boundKeys(entry, bindings) })).filter(
    (row) => (all || row.keys.length > 0) && `${row.title} ${row.keys.join(" ")}`.toLowerCase().includes(wanted),
  );
  return SECTIONS.map((section) => ({ section, rows: rows.filter(({ entry }) => entry.section === section) })).filter(
    (shown) => shown.rows.length > 0,
  );
}
