/** The settings of a run as preset and edits; pure. */
import type { Architecture } from "../../api/types";
import type { ParameterValues } from "../../api/types";

/** A preset's settings over the architecture's defaults. */
export function presetValues(architecture: Architecture, preset: string): ParameterValues {
  const defaults = Object.fromEntries(architecture.config.map((field) => [field.key, field.default]));
  return { ...defaults, ...architecture.presets.find((item) => item.key === preset)?.config };
}

/** Only what differs from the preset travels; the server fills in the rest and keeps the preset's name true. */
export function changedValues(values: ParameterValues, base: ParameterValues): ParameterValues {
  return Object.fromEntries(Object.entries(values).filter(([key, value]) => value !== base[key]));
}
