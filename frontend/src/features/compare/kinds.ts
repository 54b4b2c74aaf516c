/** The kinds of change of an object: their order and colours. */
import type { DiffKind, DiffObject } from "../../api/types";

export const KINDS: readonly DiffKind[] = [
  "added",
  "removed",
  "reshaped",
  "moved",
  "relabelled",
  "attributes",
  "flags",
  "source",
];

export const KIND_COLORS: Readonly<Record<DiffKind, string>> = {
  added: "#1f9d61",
  removed: "#d9483b",
  reshaped: "#4f7fe8",
  moved: "#8a63d2",
  relabelled: "#e69f00",
  attributes: "#44aa99",
  flags: "#999933",
  source: "#8a8f98",
};

/** The one colour of an object that changed in several ways: the strongest of them. */
export const colorOf = (object: DiffObject): string =>
  KIND_COLORS[KINDS.find((kind) => object.kinds.includes(kind)) ?? "source"];
