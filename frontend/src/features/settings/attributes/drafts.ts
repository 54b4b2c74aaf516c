/** Attribute definitions while they are edited, as texts; pure. */

export const ATTRIBUTE_TYPES = ["text", "number", "checkbox", "select", "radio"] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

type Definition = Readonly<Record<string, unknown>>;

export interface AttributeDraft {
  readonly key: number;
  readonly name: string;
  readonly type: AttributeType;
  readonly values: readonly string[];
  readonly min: number | null;
  readonly max: number | null;
  /** Of a checkbox "true" or "false"; empty: no default. */
  readonly default: string;
  /** What the definition says besides, as it came from a file. */
  readonly others: Definition;
}

export const NEW_ATTRIBUTE: Omit<AttributeDraft, "key"> = {
  name: "",
  type: "select",
  values: [],
  min: null,
  max: null,
  default: "",
  others: {},
};

export function definitionsToDrafts(definitions: readonly Definition[]): readonly AttributeDraft[] {
  return definitions.map(({ name, type, values, min, max, default: value, ...others }, key) => ({
    key,
    name: typeof name === "string" ? name : "",
    type: ATTRIBUTE_TYPES.find((known) => known === type) ?? "text",
    values: Array.isArray(values) ? values.map(String) : [],
    min: typeof min === "number" ? min : null,
    max: typeof max === "number" ? max : null,
    default: ["string", "number", "boolean"].includes(typeof value) ? String(value) : "",
    others,
  }));
}

export function draftsToDefinitions(drafts: readonly AttributeDraft[]): Record<string, unknown>[] {
  return drafts.map((draft) => ({
    ...draft.others,
    name: draft.name.trim(),
    type: draft.type,
    ...(hasValues(draft.type) ? { values: [...draft.values] } : {}),
    ...(draft.type === "number" && draft.min !== null ? { min: draft.min } : {}),
    ...(draft.type === "number" && draft.max !== null ? { max: draft.max } : {}),
    ...(draft.default === "" ? {} : { default: readDefault(draft) }),
  }));
}

export function hasValues(type: AttributeType): boolean {
  return type === "select" || type === "radio";
}

/** A number that is none stays a text, so that the server says what would be right. */
function readDefault({ type, default: text }: AttributeDraft): string | number | boolean {
  if (type === "checkbox") return text === "true";
  const number = Number(text);
  return type === "number" && Number.isFinite(number) ? number : text;
}
