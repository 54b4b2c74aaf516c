/**
 * The page's side of decoding in the browser: brings models and embeddings to the worker, those of the next images ahead,
 * and asks it. What cannot be had is not complained about: there is the server. Knows no React.
 */
import type { DecoderAnswer, DecoderPort, Embedding, SmartAnswer, SmartRequest } from "../../../editor";

/** An embedding holds 4 MB in the worker: the open image, two ahead, one behind. */
const KEPT = 4;
const ASK_AGAIN_MS = 700;
const MOST_ASKED = 200;

/** Null: the server is still making it. */
export interface Sources {
  readonly decoder: (method: string, signal: AbortSignal) => Promise<ArrayBuffer | null>;
  readonly embedding: (image: number, method: string, signal: AbortSignal) => Promise<Embedding | null>;
  readonly prepare: (image: number, method: string) => Promise<unknown>;
}

interface Waiting {
  readonly resolve: (answer: SmartAnswer) => void;
  readonly reject: (error: Error) => void;
}

export class LocalDecoder {
  private port: DecoderPort | null = null;
  private number = 0;
  private readonly aborter = new AbortController();
  private readonly waiting = new Map<number, Waiting>();
  private readonly models = new Map<string, "coming" | "ready" | "failed">();
  private readonly bringing = new Map<string, Promise<void>>();
  /** "method image", least recently wanted first. */
  private readonly embeddings = new Map<string, "coming" | "there">();

  constructor(
    private readonly open: () => DecoderPort | null,
    private readonly sources: Sources,
  ) {}

  /** The image can be decoded without the server. */
  isReady(method: string, image: number): boolean {
    return this.models.get(method) === "ready" && this.embeddings.get(keyOf(method, image)) === "there";
  }

  /** Brings what is needed for these images, one after the other, the first one first. */
  async bring(method: string, images: readonly number[]): Promise<void> {
    const model = this.bringing.get(method) ?? this.bringModel(method);
    this.bringing.set(method, model);
    await model;
    for (const image of images) {
      if (this.models.get(method) === "failed" || this.aborter.signal.aborted) return;
      await this.bringEmbedding(method, image);
    }
  }

  decode({ imageId, method, prompt, parameters, output }: SmartRequest, signal: AbortSignal): Promise<SmartAnswer> {
    return new Promise((resolve, reject) => {
      if (!this.isReady(method, imageId) || this.port === null) {
        reject(new Error("This image cannot be decoded here."));
        return;
      }
      this.number += 1;
      const number = this.number;
      this.waiting.set(number, { resolve, reject });
      signal.addEventListener("abort", () => this.settle(number)?.reject(new Error("It is not wanted any more.")));
      const sizes = parameters.sizes === true;
      const tolerance = Number(parameters.tolerance ?? 0);
      this.port.post({ kind: "decode", number, method, image: imageId, prompt, sizes, tolerance, output }, []);
    });
  }

  close(): void {
    this.aborter.abort();
    this.fail();
  }

  private async bringModel(method: string): Promise<void> {
    this.models.set(method, "coming");
    try {
      this.port ??= this.start();
      const model = await this.untilMade((signal) => this.sources.decoder(method, signal));
      this.port.post({ kind: "model", method, model }, [model]);
    } catch {
      this.models.set(method, "failed");
    }
  }

  private async bringEmbedding(method: string, image: number): Promise<void> {
    const key = keyOf(method, image);
    const known = this.embeddings.get(key);
    this.embeddings.delete(key);
    this.embeddings.set(key, known ?? "coming");
    if (known !== undefined) return;
    try {
      await this.sources.prepare(image, method);
      const embedding = await this.untilMade((signal) => this.sources.embedding(image, method, signal));
      this.port?.post({ kind: "embedding", method, image, embedding }, [embedding.features]);
      this.embeddings.set(key, "there");
      this.drop();
    } catch {
      this.embeddings.delete(key);
    }
  }

  private drop(): void {
    for (const key of this.embeddings.keys()) {
      if (this.embeddings.size <= KEPT) return;
      this.embeddings.delete(key);
      const [method = "", image = ""] = key.split(" ");
      this.port?.post({ kind: "forget", method, image: Number(image) }, []);
    }
  }

  private async untilMade<T>(ask: (signal: AbortSignal) => Promise<T | null>): Promise<T> {
    const { signal } = this.aborter;
    for (let time = 0; time < MOST_ASKED; time += 1) {
      const found = await ask(signal);
      if (found !== null) return found;
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      signal.throwIfAborted();
    }
    throw new Error("The server did not make it.");
  }

  private start(): DecoderPort {
    const port = this.open();
    if (port === null) throw new Error("This browser has no workers.");
    port.listen({ receive: (answer) => this.receive(answer), fail: () => this.fail() });
    return port;
  }

  private receive(answer: DecoderAnswer): void {
    if (answer.kind === "ready") this.models.set(answer.method, "ready");
    else if (answer.kind === "shapes") this.settle(answer.number)?.resolve({ shapes: answer.shapes });
    else if (answer.number === null) this.models.set(answer.method, "failed");
    else this.settle(answer.number)?.reject(new Error(answer.reason));
  }

  private settle(number: number): Waiting | undefined {
    const found = this.waiting.get(number);
    this.waiting.delete(number);
    return found;
  }

  private fail(): void {
    this.port?.close();
    this.port = null;
    for (const method of this.models.keys()) this.models.set(method, "failed");
    for (const number of [...this.waiting.keys()]) this.settle(number)?.reject(new Error("The worker ended."));
  }
}

const keyOf = (method: string, image: number): string => `${method} ${image}`;
