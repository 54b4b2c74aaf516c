/** Reading and writing the declaration of a detector as JSON text. */
import type { Declaration, DetectorHead, InspectedModel } from "../../../api/types";

/** What a picture's way into the network is made of; these keys are set anew when another way is chosen. */
const PLAIN_INPUT = { fit: "letterbox", channels: "RGB", scale: 1, mean: [0, 0, 0], std: [1, 1, 1], pad: 114 };

export function asDeclaration(text: string): Declaration | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Declaration) : null;
  } catch {
    return null;
  }
}

/** The declaration with a plain input; without one, the keys that somebody has to fill in. */
export function blank(found: InspectedModel, known: Declaration | null = null): Declaration {
  const [, , height = 0, width = 0] = found.facts.input;
  return { head: "", size: [width, height], strides: [8, 16, 32], classes: [], ...known, ...PLAIN_INPUT };
}

export function namesIn(declaration: Declaration): readonly string[] {
  const names = declaration.classes;
  return Array.isArray(names) ? names.filter((name): name is string => typeof name === "string") : [];
}

/** Which of the head's inputs the declaration has; -1 for one of its own. */
export function inputOf(head: DetectorHead, declaration: Declaration): number {
  const plain = { ...PLAIN_INPUT, ...declaration };
  return head.inputs.findIndex((way) =>
    Object.entries({ ...PLAIN_INPUT, ...way.values }).every(
      ([key, value]) => JSON.stringify(plain[key as keyof typeof plain]) === JSON.stringify(value),
    ),
  );
}

export const nameOfFile = (filename: string): string => filename.replace(/\.onnx$/i, "").replace(/[_-]+/g, " ");
