/**
 * Owns decoding prompts into masks as the server's Segment Anything does: prompts into the encoder's frame, the mask of the
 * clicks before as the first guess, the best of the masks first. What runs the model is given to it.
 */

import { runsBox, type MaskRuns } from "../geometry/runs";
import { partsSimplify } from "../geometry/simplify";
import { runsToParts } from "../geometry/outline";
import { runsToMask } from "../shapes/mask";
import type { SmartPrompt } from "../smart";
import { LOGITS_SIDE, logitsToRuns } from "./logits";
import type { DecodeOrder, Embedding } from "./messages";

const LOGITS = LOGITS_SIDE * LOGITS_SIDE;
/** Of the model's four masks: this one is for several clicks or a box, the others are part, object and whole. */
const SINGLE = 0;
const SIZES = [1, 2, 3] as const;
/** First guesses of 256 kB each. */
const KEPT = 24;
/** Points that are chained; all further ones refine the mask of these together. */
const CHAINED = 24;

export interface Inputs {
  readonly features: Float32Array;
  readonly coords: Float32Array;
  readonly labels: Float32Array;
  readonly mask: Float32Array | null;
}

export interface Outputs {
  readonly scores: Float32Array;
  readonly logits: Float32Array;
}

type Run = (inputs: Inputs) => Promise<Outputs>;

interface Scene {
  readonly embedding: Embedding;
  readonly features: Float32Array;
}

interface Found {
  readonly score: number;
  readonly logits: Float32Array;
}

export type Shapes = readonly { readonly shape: unknown; readonly score: number }[];

export class Decoder {
  private readonly scenes = new Map<number, Scene>();
  /** Best logits by image and prompt, least recently used first. */
  private readonly guesses = new Map<string, Float32Array>();

  constructor(private readonly run: Run) {}

  add(image: number, embedding: Embedding): void {
    this.scenes.set(image, { embedding, features: halfToFloats(new Uint16Array(embedding.features)) });
  }

  forget(image: number): void {
    this.scenes.delete(image);
    for (const key of this.guesses.keys()) if (key.startsWith(`${image} `)) this.guesses.delete(key);
  }

  /** Best first; empty where nothing is found. */
  async decode({ image, prompt, sizes, tolerance, output }: DecodeOrder): Promise<Shapes> {
    const scene = this.scenes.get(image);
    if (!scene) throw new Error(`There is no embedding of image ${image}.`);
    const found = await this.find(image, scene, prompt, sizes);
    const { width, height, frameWidth, frameHeight } = scene.embedding;
    return found.flatMap(({ score, logits }) => {
      const runs = logitsToRuns(logits, { width, height }, { width: frameWidth, height: frameHeight });
      const shape = runsToShape(runs, output, tolerance);
      return shape === null ? [] : [{ shape, score: Math.min(Math.max(score, 0), 1) }];
    });
  }

  private async find(image: number, scene: Scene, prompt: SmartPrompt, sizes: boolean): Promise<readonly Found[]> {
    const before = withoutLast(prompt);
    const mask = before && (await this.guess(image, scene, before, sizes));
    const { scores, logits } = await this.run({ ...toFrame(prompt, scene.embedding), features: scene.features, mask });
    const isClick = prompt.box === undefined && prompt.points.length === 1;
    const chosen = isClick && sizes ? SIZES : [SINGLE];
    const found = chosen
      .map((index) => ({ score: scores[index] ?? 0, logits: logits.slice(index * LOGITS, (index + 1) * LOGITS) }))
      .sort((a, b) => b.score - a.score);
    if (found[0]) this.keep(keyOf(image, prompt, sizes), found[0].logits);
    return found;
  }

  /** The best logits of what was asked before the last click. */
  private async guess(image: number, scene: Scene, prompt: SmartPrompt, sizes: boolean): Promise<Float32Array | null> {
    const known = this.guesses.get(keyOf(image, prompt, sizes));
    return known ?? (await this.find(image, scene, prompt, sizes))[0]?.logits ?? null;
  }

  private keep(key: string, logits: Float32Array): void {
    this.guesses.delete(key);
    this.guesses.set(key, logits);
    for (const oldest of this.guesses.keys()) {
      if (this.guesses.size <= KEPT) return;
      this.guesses.delete(oldest);
    }
  }
}

/** What its mask refines, as on the server; null: it refines none. */
function withoutLast({ points, box }: SmartPrompt): SmartPrompt | null {
  const fewer = points.slice(0, Math.min(points.length - 1, CHAINED));
  if (box !== undefined) return points.length > 0 ? { points: fewer, box } : null;
  return fewer.some(([, , sign]) => sign === 1) ? { points: fewer } : null;
}

function keyOf(image: number, { points, box }: SmartPrompt, sizes: boolean): string {
  return `${image} ${String(sizes)} ${points.join(";")} ${box?.join() ?? ""}`;
}

/** Labels: 1 object, 0 not the object, 2 and 3 the corners of a box, -1 the padding that ends a prompt without box. */
function toFrame({ points, box }: SmartPrompt, embedding: Embedding): Pick<Inputs, "coords" | "labels"> {
  const [across, down] = [embedding.frameWidth / embedding.width, embedding.frameHeight / embedding.height];
  const corners = box && [
    [box[0], box[1], 2],
    [box[0] + box[2], box[1] + box[3], 3],
  ];
  const all = [...points.map(([x, y, sign]) => [x, y, sign === 1 ? 1 : 0]), ...(corners ?? [[0, 0, -1]])];
  return {
    coords: Float32Array.from(all.flatMap(([x = 0, y = 0]) => [x * across, y * down])),
    labels: Float32Array.from(all.map(([, , label = 0]) => label)),
  };
}

function runsToShape(runs: MaskRuns, output: string, tolerance: number): unknown {
  const box = runsBox(runs);
  if (box === null) return null;
  if (output === "box") return { type: "box", box };
  if (output === "polygon") return { type: "polygon", parts: partsSimplify(runsToParts(runs), tolerance) };
  return runsToMask(runs);
}

/** IEEE 754 half precision; browsers have no arrays of it yet that all of them know. */
export function halfToFloats(halves: Uint16Array): Float32Array {
  const floats = new Float32Array(halves.length);
  for (let at = 0; at < halves.length; at += 1) {
    const bits = halves[at] ?? 0;
    const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
    const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
    const value = exponent === 31 ? (fraction === 0 ? Infinity : Number.NaN) : size;
    floats[at] = bits >> 15 === 1 ? -value : value;
  }
  return floats;
}
