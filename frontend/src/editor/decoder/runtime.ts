/** Owns running a decoder's ONNX model in the browser: on WebGPU where there is an adapter, else in WebAssembly. */

import type { InferenceSession, Tensor } from "onnxruntime-web";
import plainWasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import gpuWasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";

import type { Inputs, Outputs } from "./Decoder";
import { LOGITS_SIDE } from "./logits";
import type { Device } from "./messages";

interface Runtime {
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: typeof Tensor;
}

export interface Model {
  readonly device: Device;
  readonly run: (inputs: Inputs) => Promise<Outputs>;
}

const GRID = 64;
const NO_MASK = new Float32Array(LOGITS_SIDE * LOGITS_SIDE);

export async function openModel(bytes: ArrayBuffer): Promise<Model> {
  const model = new Uint8Array(bytes);
  if (await hasGpu()) {
    try {
      return await start(await loadGpu(), "webgpu", model);
    } catch {
      // A driver that cannot run it: WebAssembly can.
    }
  }
  return start(await loadPlain(), "wasm", model);
}

interface Gpu {
  readonly requestAdapter: () => Promise<object | null>;
}

async function hasGpu(): Promise<boolean> {
  const { gpu } = navigator as Navigator & { readonly gpu?: Gpu };
  return (await gpu?.requestAdapter().catch(() => null)) != null;
}

async function loadGpu(): Promise<Runtime> {
  const runtime = await import("onnxruntime-web/webgpu");
  runtime.env.wasm.wasmPaths = { wasm: gpuWasm };
  runtime.env.wasm.numThreads = threads();
  return runtime;
}

async function loadPlain(): Promise<Runtime> {
  const runtime = await import("onnxruntime-web/wasm");
  runtime.env.wasm.wasmPaths = { wasm: plainWasm };
  runtime.env.wasm.numThreads = threads();
  return runtime;
}

/** Several share memory only where the page is isolated from other origins. */
function threads(): number {
  return globalThis.crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, 4) : 1;
}

async function start({ InferenceSession, Tensor }: Runtime, device: Device, model: Uint8Array): Promise<Model> {
  const session = await InferenceSession.create(model, {
    executionProviders: device === "webgpu" ? ["webgpu", "wasm"] : ["wasm"],
    graphOptimizationLevel: "all",
  });
  const run = async ({ features, coords, labels, mask }: Inputs): Promise<Outputs> => {
    const side = [1, 1, LOGITS_SIDE, LOGITS_SIDE];
    const { iou_predictions: scores, low_res_masks: logits } = await session.run({
      image_embeddings: new Tensor("float32", features, [1, features.length / GRID ** 2, GRID, GRID]),
      point_coords: new Tensor("float32", coords, [1, labels.length, 2]),
      point_labels: new Tensor("float32", labels, [1, labels.length]),
      mask_input: new Tensor("float32", mask ?? NO_MASK, side),
      has_mask_input: new Tensor("float32", Float32Array.of(mask ? 1 : 0), [1]),
    });
    if (!scores || !logits) throw new Error("The decoder gave no masks.");
    return { scores: scores.data as Float32Array, logits: logits.data as Float32Array };
  };
  return { device, run };
}
