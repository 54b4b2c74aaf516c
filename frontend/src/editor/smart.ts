/** Owns the interface to interactive segmentation, which is injected. */

/** Painted through `points`, `width` image pixels wide; `label` is the class that it speaks of. */
export interface SmartStroke {
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly width: number;
  readonly sign: 1 | -1;
  readonly label: number;
}

export interface SmartPrompt {
  /** x, y in image pixels; sign 1 belongs to the object, -1 does not. */
  readonly points: readonly (readonly [x: number, y: number, sign: 1 | -1])[];
  readonly box?: readonly [x: number, y: number, width: number, height: number];
  readonly strokes?: readonly SmartStroke[];
}

export interface SmartRequest {
  readonly imageId: number;
  readonly method: string;
  readonly prompt: SmartPrompt;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly output: string;
}

export interface SmartAnswer {
  readonly shapes: readonly { readonly shape: unknown; readonly score: number; readonly label?: number }[];
  readonly seconds?: number;
  /** Where it was found. */
  readonly path?: "browser" | "server";
  /** What a person should know of how it was found; empty when all is as it should be. */
  readonly note?: string;
}

export interface SmartProvider {
  /** Rejects with an Error whose message is the sentence to show. An aborted request may reject with anything. */
  predict(request: SmartRequest, signal: AbortSignal): Promise<SmartAnswer>;
  /** Hovering may ask this before the first click. */
  isQuick?(request: SmartRequest): boolean;
}

export interface SmartState {
  readonly busy: boolean;
  readonly error: string | null;
  readonly points: SmartPrompt["points"];
  readonly box: NonNullable<SmartPrompt["box"]> | null;
  readonly strokes: readonly SmartStroke[];
  /** Points that wait for Ctrl to be released. */
  readonly queued: number;
  readonly candidates: number;
  readonly candidate: number;
  readonly score: number | null;
  readonly seconds: number | null;
  readonly path: "browser" | "server" | null;
  readonly note: string;
}

export const SMART_IDLE: SmartState = {
  busy: false,
  error: null,
  points: [],
  box: null,
  strokes: [],
  queued: 0,
  candidates: 0,
  candidate: 0,
  score: null,
  seconds: null,
  path: null,
  note: "",
};
