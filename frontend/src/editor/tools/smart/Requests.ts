/** Owns the requests of the smart tool: the newest wins, and hovering asks only where answers are quick. */

import type { EditorContext } from "../../context";
import { distance, type ImagePoint } from "../../geometry/point";
import { apiToShape, type Shape } from "../../shapes";
import type { SmartAnswer, SmartPrompt, SmartRequest, SmartState } from "../../smart";

export interface Candidate {
  readonly shape: Shape;
  readonly score: number;
  /** The class of the strokes that it comes of; null: they name none. */
  readonly classId: number | null;
}

export interface Answer {
  readonly candidates: readonly Candidate[];
  readonly seconds: number | null;
  readonly path: SmartState["path"];
  readonly note: string;
}

/** An image whose last answer took longer is not asked again by hovering: its embedding is not there, or the method is slow. */
const QUICK_SECONDS = 0.3;
const HOVER_MS = 120;
/** CSS pixels. */
const HOVER_DISTANCE = 5;

export class Requests {
  private readonly editor: EditorContext;
  private current: AbortController | null = null;
  private hovering: AbortController | null = null;
  private hoveredAt: { readonly time: number; readonly point: ImagePoint } | null = null;
  /** "image method" */
  private quick: string | null = null;

  constructor(editor: EditorContext) {
    this.editor = editor;
  }

  /** Null when a newer request, or `abort`, made this one void. Rejects with a sentence. */
  async ask(prompt: SmartPrompt): Promise<Answer | null> {
    this.abort();
    const request = new AbortController();
    this.current = request;
    try {
      const begun = this.editor.clock.now();
      const answer = readAnswer(await this.send(prompt, request.signal));
      if (this.current !== request) return null;
      this.current = null;
      const took = Math.max(answer.seconds ?? 0, (this.editor.clock.now() - begun) / 1000);
      this.quick = took <= QUICK_SECONDS ? this.scene() : null;
      return answer;
    } catch (error) {
      if (this.current !== request) return null;
      this.current = null;
      throw error;
    }
  }

  /** What a click at `point` would give, or null when that is not asked for now. */
  async preview(point: ImagePoint, sign: 1 | -1): Promise<Shape | null> {
    const prompt: SmartPrompt = { points: [[point.x, point.y, sign]] };
    if (!this.mayHover(point, prompt)) return null;
    const request = new AbortController();
    this.hovering = request;
    this.hoveredAt = { time: this.editor.clock.now(), point };
    try {
      const answer = readAnswer(await this.send(prompt, request.signal));
      return this.hovering === request ? (answer.candidates[0]?.shape ?? null) : null;
    } catch {
      // Nobody asked for it aloud, so nobody is told that it failed; it is not tried again on this image.
      this.quick = null;
      return null;
    } finally {
      if (this.hovering === request) this.hovering = null;
    }
  }

  abort(): void {
    this.current?.abort();
    this.current = null;
    this.hovering?.abort();
    this.hovering = null;
  }

  private mayHover(point: ImagePoint, prompt: SmartPrompt): boolean {
    const { smart } = this.editor.session.get();
    if (!smart.hover || smart.method?.prompts.points !== true) return false;
    const isAsked = this.quick !== null && this.quick === this.scene();
    if (this.hovering !== null || !(isAsked || this.isQuick(prompt))) return false;
    const before = this.hoveredAt;
    if (before === null) return true;
    const moved = distance(point, before.point) >= this.editor.camera.toImageLength(HOVER_DISTANCE);
    return moved && this.editor.clock.now() - before.time >= HOVER_MS;
  }

  private isQuick(prompt: SmartPrompt): boolean {
    const request = this.request(prompt);
    return request !== null && this.editor.smartProvider?.isQuick?.(request) === true;
  }

  private scene(): string {
    return `${String(this.editor.imageId())} ${this.editor.session.get().smart.method?.key ?? ""}`;
  }

  private send(prompt: SmartPrompt, signal: AbortSignal): Promise<SmartAnswer> {
    const request = this.request(prompt);
    const provider = this.editor.smartProvider;
    if (!request || !provider) return Promise.reject(new Error("Choose a method first."));
    return provider.predict(request, signal);
  }

  private request(prompt: SmartPrompt): SmartRequest | null {
    const { method, parameters, output } = this.editor.session.get().smart;
    const imageId = this.editor.imageId();
    return method && imageId !== null ? { imageId, method: method.key, prompt, parameters, output } : null;
  }
}

function readAnswer(answer: SmartAnswer): Answer {
  const candidates = answer.shapes.map(({ shape, score, label }) => ({
    shape: apiToShape(shape),
    score,
    classId: label === undefined || label === 0 ? null : label,
  }));
  return { candidates, seconds: answer.seconds ?? null, path: answer.path ?? null, note: answer.note ?? "" };
}
