/** What can be asked in a rule: fields, how each is compared, and which values there are to choose from. */
import { SPLITS } from "../splits";
import { STATES } from "../StateBadge";
import type { LabelClass } from "../../api/types";
import type { Condition, RuleValue } from "../../api/rules";

/** What a rule list is about: objects of the open image, or the images of a project by their objects and themselves. */
export type RuleScope = "objects" | "images";
type ValueKind = "classes" | "words" | "choice" | "number" | "share" | "flag" | "attribute";

interface FieldDefinition {
  readonly field: string;
  readonly about: "object" | "image";
  readonly ops: readonly string[];
  readonly kind: ValueKind;
  readonly choices?: readonly string[];
}

const LISTED = ["in", "not_in"] as const;
const RANGED = ["min", "max"] as const;
const SHAPE_TYPES = [
  "box",
  "rotated_box",
  "polygon",
  "ellipse",
  "polyline",
  "skeleton",
  "mask",
  "tag",
  "caption",
] as const;
const SOURCES = ["human", "import", "method", "run", "model"] as const;

export const FIELDS: readonly FieldDefinition[] = [
  { field: "class", about: "object", ops: LISTED, kind: "classes" },
  { field: "type", about: "object", ops: LISTED, kind: "choice", choices: SHAPE_TYPES },
  { field: "source", about: "object", ops: LISTED, kind: "choice", choices: SOURCES },
  { field: "score", about: "object", ops: RANGED, kind: "number" },
  { field: "area", about: "object", ops: RANGED, kind: "number" },
  { field: "area_share", about: "object", ops: RANGED, kind: "share" },
  { field: "attribute", about: "object", ops: ["is", "is_not", "contains", ...RANGED, "set"], kind: "attribute" },
  { field: "occluded", about: "object", ops: ["is"], kind: "flag" },
  { field: "truncated", about: "object", ops: ["is"], kind: "flag" },
  { field: "crowd", about: "object", ops: ["is"], kind: "flag" },
  { field: "annotator", about: "object", ops: LISTED, kind: "words" },
  { field: "state", about: "image", ops: LISTED, kind: "choice", choices: STATES },
  { field: "split", about: "image", ops: LISTED, kind: "choice", choices: SPLITS },
  { field: "tag", about: "image", ops: LISTED, kind: "words" },
  { field: "name", about: "image", ops: LISTED, kind: "words" },
];

export const fieldsOf = (scope: RuleScope): readonly FieldDefinition[] =>
  scope === "images" ? FIELDS : FIELDS.filter((one) => one.about === "object");

export const definitionOf = (field: string): FieldDefinition | undefined => FIELDS.find((one) => one.field === field);

const STARTS: Readonly<Record<ValueKind, RuleValue>> = {
  classes: [],
  words: [],
  choice: [],
  number: NaN,
  share: NaN,
  flag: true,
  attribute: "",
};

/** A condition on the field that waits for its value. */
export function newCondition(field: string): Condition {
  const definition = definitionOf(field);
  return {
    kind: "condition",
    field,
    op: definition?.ops[0] ?? "in",
    value: STARTS[definition?.kind ?? "words"],
    ...(field === "attribute" ? { name: "" } : {}),
  };
}

/** With another comparison; a value that the comparison cannot take starts anew. */
export function withOp(condition: Condition, op: string): Condition {
  if (condition.field !== "attribute") return { ...condition, op };
  const wants = op === "set" ? "boolean" : RANGED.some((one) => one === op) ? "number" : null;
  const fits =
    wants === null ? op !== "contains" || typeof condition.value === "string" : typeof condition.value === wants;
  return {
    ...condition,
    op,
    value: fits ? condition.value : wants === "boolean" ? true : wants === "number" ? NaN : "",
  };
}

export interface AttributeChoice {
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
}

/** The attributes of all classes by name; of several with one name, the first says its type. */
export function attributesOf(classes: readonly LabelClass[]): readonly AttributeChoice[] {
  const found = new Map<string, AttributeChoice>();
  for (const { attributes } of classes) {
    for (const one of attributes as readonly { name?: unknown; type?: unknown; values?: unknown }[]) {
      if (typeof one.name !== "string" || found.has(one.name)) continue;
      const values = Array.isArray(one.values) ? one.values.filter((value) => typeof value === "string") : [];
      found.set(one.name, { name: one.name, type: typeof one.type === "string" ? one.type : "text", values });
    }
  }
  return [...found.values()];
}
