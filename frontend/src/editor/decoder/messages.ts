/** Owns what the page and the worker that decodes masks say to each other. */

import type { SmartPrompt } from "../smart";

/** What an encoder read in an image: float16, channels x rows x columns. Sizes are pixels. */
export interface Embedding {
  readonly features: ArrayBuffer;
  /** Of the picture. */
  readonly width: number;
  readonly height: number;
  /** Of the picture in the frame that the encoder saw. */
  readonly frameWidth: number;
  readonly frameHeight: number;
}

export interface DecodeOrder {
  readonly kind: "decode";
  readonly number: number;
  readonly method: string;
  readonly image: number;
  readonly prompt: SmartPrompt;
  /** A single click gives the part, the object and the whole. */
  readonly sizes: boolean;
  /** Image pixels by which a polygon may differ from the mask; 0 keeps every step. */
  readonly tolerance: number;
  readonly output: string;
}

export type DecoderOrder =
  /** An ONNX model with the inputs and outputs that the API documents for `decoder/`. */
  | { readonly kind: "model"; readonly method: string; readonly model: ArrayBuffer }
  | { readonly kind: "embedding"; readonly method: string; readonly image: number; readonly embedding: Embedding }
  | { readonly kind: "forget"; readonly method: string; readonly image: number }
  | DecodeOrder;

export type DecoderAnswer =
  /** The model of this method takes orders; `device` is where it runs. */
  | { readonly kind: "ready"; readonly method: string; readonly device: Device }
  | {
      readonly kind: "shapes";
      readonly number: number;
      readonly shapes: readonly { readonly shape: unknown; readonly score: number }[];
    }
  /** Without a number: the model of this method cannot be used here. */
  | { readonly kind: "failed"; readonly number: number | null; readonly method: string; readonly reason: string };

export type Device = "webgpu" | "wasm";

/** The worker, as the page sees it. */
export interface DecoderPort {
  readonly post: (order: DecoderOrder, handOver: readonly ArrayBufferLike[]) => void;
  /** `fail` is called when it will never answer again. */
  readonly listen: (ears: { readonly receive: (answer: DecoderAnswer) => void; readonly fail: () => void }) => void;
  readonly close: () => void;
}
