/** Owns prompting a segmentation method: clicks and a box go out, a preview comes back, Enter makes it an object. */

import { pointsToBox } from "../../geometry/box";
import { clamp, roundCoordinate, type ImagePoint, type ScreenPoint } from "../../geometry/point";
import type { ToolPointer } from "../../input/events";
import type { Shape } from "../../shapes";
import { SMART_IDLE, type SmartPrompt, type SmartState, type SmartStroke } from "../../smart";
import type { Painter } from "../../view/Painter";
import { draftStyle, insidePicture } from "../drafting";
import { Tool, type ToolState } from "../Tool";
import { drawFinds, findAt, keepFinds, newOnes } from "./finds";
import { Requests, type Answer, type Candidate } from "./Requests";
import { NEGATIVE, POSITIVE } from "./signs";
import { Boxing, Idle, Pressing, Prompting, Stroking } from "./states";
import { drawStrokes, strokeFrom, strokeTo } from "./strokes";

export class SmartTool extends Tool {
  readonly id = "smart";
  pointer: ImagePoint | null = null;
  pressed: ScreenPoint = { x: 0, y: 0 };
  private start: ImagePoint = { x: 0, y: 0 };
  private flipped = false;
  private rightButton = false;
  private readonly requests = new Requests(this.editor);
  private candidates: readonly Candidate[] = [];
  /** Of several found objects those that the person does not want. */
  private dropped: ReadonlySet<Candidate> = new Set();
  private stroke: SmartStroke | null = null;
  /** What was added last is taken back first. */
  private added: readonly ("point" | "stroke")[] = [];
  private hovered: Shape | null = null;
  private acceptOnArrival = false;
  private unfollow: () => void = () => undefined;

  override enter(): void {
    super.enter();
    let { method, parameters, output } = this.editor.session.get().smart;
    this.unfollow = this.editor.session.subscribe(() => {
      const { smart } = this.editor.session.get();
      if (smart.method === method && smart.parameters === parameters && smart.output === output) return;
      ({ method, parameters, output } = smart);
      this.askAgain();
    });
  }

  override exit(): void {
    this.unfollow();
    super.exit();
  }

  protected createStates(): readonly [ToolState, ...ToolState[]] {
    return [new Idle(this), new Prompting(this), new Pressing(this), new Boxing(this), new Stroking(this)];
  }

  press(pointer: ToolPointer): void {
    if (pointer.button === 1) return;
    this.rightButton = pointer.button === 2;
    this.pressed = pointer.screen;
    this.start = this.place(pointer);
    this.pointer = this.start;
    this.hovered = null;
    this.transition("pressing");
  }

  aim(pointer: ToolPointer): void {
    this.pointer = this.place(pointer);
    this.editor.requestOverlay();
  }

  /** Shows what a click would give, where the method is quick. */
  hover(): void {
    if (this.pointer) void this.showHover(this.pointer);
  }

  flip(): void {
    this.flipped = !this.flipped;
    this.editor.requestOverlay();
  }

  addPoint(pointer: ToolPointer): void {
    const { sign } = this;
    const prompts = this.editor.session.get().smart.method?.prompts;
    this.transition("prompting");
    if (this.toggleFind()) return;
    if (prompts && !(sign === 1 ? prompts.points : prompts.negative_points)) {
      this.update({ error: `This method takes no ${sign === 1 ? "" : "negative "}points.` });
      return;
    }
    this.added = [...this.added, "point"];
    const points = [...this.smart.points, [this.start.x, this.start.y, sign] as const];
    this.update({ points, queued: pointer.ctrl ? this.smart.queued + 1 : 0 });
    if (!pointer.ctrl) void this.send();
  }

  addBox(): void {
    this.transition("prompting");
    if (this.editor.session.get().smart.method?.prompts.box === false) {
      this.update({ error: "This method takes no box; click on the object." });
      return;
    }
    const box = pointsToBox(this.start, this.pointer ?? this.start);
    if (box[2] < 1 || box[3] < 1) return;
    this.update({ box });
    void this.send();
  }

  /** Whether this drag paints: where the method takes strokes, as the options say, and with Alt the other way round. */
  drawsStroke({ alt }: ToolPointer): boolean {
    const { method, drag } = this.editor.session.get().smart;
    if (method?.prompts.strokes !== true) return false;
    return !method.prompts.box || (drag === "stroke") !== alt;
  }

  beginStroke(pointer: ToolPointer): void {
    this.transition("stroking");
    this.stroke = strokeFrom(this.editor, this.start, this.sign);
    this.extendStroke(pointer);
  }

  extendStroke(pointer: ToolPointer): void {
    this.aim(pointer);
    if (this.stroke) this.stroke = strokeTo(this.editor, this.stroke, this.place(pointer));
  }

  addStroke(): void {
    this.transition("prompting");
    if (!this.stroke) return;
    this.update({ strokes: [...this.smart.strokes, this.stroke] });
    this.added = [...this.added, "stroke"];
    this.stroke = null;
    void this.send();
  }

  /** The box of the selected object is the prompt. */
  promptBox(box: NonNullable<SmartPrompt["box"]>): void {
    this.transition("prompting");
    this.update({ box });
    void this.send();
  }

  /** A click on one of several found objects leaves it out, or takes it in again. */
  private toggleFind(): boolean {
    const { method } = this.editor.session.get().smart;
    if (method?.several !== true || method.prompts.points) return false;
    const found = findAt(this.candidates, this.start);
    if (found) {
      const dropped = new Set(this.dropped);
      if (!dropped.delete(found)) dropped.add(found);
      this.dropped = dropped;
      this.update({ candidates: this.candidates.length - dropped.size });
    }
    if (!this.hasPrompt) this.reset();
    return true;
  }

  sendQueued(): void {
    if (this.smart.queued === 0) return;
    this.update({ queued: 0 });
    void this.send();
  }

  /** The last point or stroke goes, then the box; what is left is asked again. */
  removeLast(): void {
    const last = this.added.at(-1);
    this.added = this.added.slice(0, -1);
    if (last === "stroke") this.update({ strokes: this.smart.strokes.slice(0, -1) });
    else if (last === "point") this.update({ points: this.smart.points.slice(0, -1), queued: 0 });
    else this.update({ box: null });
    if (this.hasPrompt) void this.send();
    else this.reset();
  }

  nextCandidate(): boolean {
    const count = this.isSeveral ? 0 : this.candidates.length;
    if (count < 2) return false;
    this.show((this.smart.candidate + 1) % count);
    return true;
  }

  /** Turns the method's first numeric parameter by a step; false when it has none. */
  turn(direction: 1 | -1): boolean {
    const { method, parameters } = this.editor.session.get().smart;
    const dial = method?.parameters.find((one) => typeof one.default === "number");
    if (!dial) return false;
    const { key, min = -Infinity, max = Infinity, step = 1 } = dial;
    const now = parameters[key];
    const next = roundCoordinate(
      clamp((typeof now === "number" ? now : 0) + direction * (step ?? 1), min ?? -Infinity, max ?? Infinity),
    );
    this.editor.session.update((session) => ({
      ...session,
      smart: { ...session.smart, parameters: { ...session.smart.parameters, [key]: next } },
    }));
    return true;
  }

  /** What was shown is asked of the method as it is set now; what it does not take is given up. */
  private askAgain(): void {
    if (!this.hasPrompt || this.smart.queued > 0) return;
    const prompts = this.editor.session.get().smart.method?.prompts;
    const { points, box, strokes } = this.smart;
    const isTaken =
      prompts !== undefined &&
      (strokes.length === 0 || prompts.strokes === true) &&
      (box === null || prompts.box) &&
      points.every(([, , sign]) => (sign === 1 ? prompts.points : prompts.negative_points));
    if (isTaken) void this.send();
    else this.editor.cancelTool();
  }

  accept(): void {
    if (this.smart.busy || this.smart.queued > 0) {
      this.acceptOnArrival = true;
      this.sendQueued();
      return;
    }
    const candidate = this.candidates[this.smart.candidate];
    const { method } = this.editor.session.get().smart;
    if (!candidate || !method) return;
    const source = `method:${method.key}`;
    const wanted = this.candidates.filter((one) => !this.dropped.has(one));
    const isSeveral = this.isSeveral;
    this.reset();
    if (isSeveral) keepFinds(this.editor, wanted, source);
    else this.editor.edits.create(candidate.shape, { source, score: candidate.score });
  }

  reset(): void {
    this.requests.abort();
    this.candidates = [];
    this.dropped = new Set();
    this.stroke = null;
    this.added = [];
    this.hovered = null;
    this.acceptOnArrival = false;
    this.editor.smart.set(SMART_IDLE);
    this.transition("idle");
  }

  drawPrompt(painter: Painter): void {
    const preview = this.candidates[this.smart.candidate];
    const style = draftStyle(this.editor);
    if (this.isSeveral) drawFinds(painter, this.editor, this.candidates, this.dropped);
    else if (preview) painter.shape(preview.shape, { ...style, fill: 0.35, dash: [6, 3] });
    else if (this.hovered) painter.shape(this.hovered, { ...style, width: 1, dash: [3, 3] });
    const strokes = this.stroke ? [...this.smart.strokes, this.stroke] : this.smart.strokes;
    drawStrokes(painter, this.editor, strokes);
    if (this.smart.box) painter.box(this.smart.box, { ...style, fill: 0, dash: [4, 4] });
    for (const [x, y, sign] of this.smart.points) painter.dot({ x, y }, sign === 1 ? POSITIVE : NEGATIVE);
    if (this.pointer) painter.dot(this.pointer, this.flipped ? NEGATIVE : POSITIVE, 5);
  }

  drawBoxing(painter: Painter): void {
    const box = pointsToBox(this.start, this.pointer ?? this.start);
    painter.box(box, { ...draftStyle(this.editor), fill: 0, dash: [4, 4] });
  }

  private get smart(): SmartState {
    return this.editor.smart.get();
  }

  private get hasPrompt(): boolean {
    return this.smart.points.length > 0 || this.smart.box !== null || this.smart.strokes.length > 0;
  }

  private get isSeveral(): boolean {
    return this.editor.session.get().smart.method?.several === true;
  }

  private get sign(): 1 | -1 {
    return this.rightButton !== this.flipped ? -1 : 1;
  }

  private place(pointer: ToolPointer): ImagePoint {
    const { x, y } = insidePicture(this.editor, pointer);
    return { x: roundCoordinate(x), y: roundCoordinate(y) };
  }

  private async send(): Promise<void> {
    this.hovered = null;
    this.update({ busy: true, error: null });
    try {
      const answer = await this.requests.ask(this.prompt());
      if (answer) this.receive(answer);
    } catch (error) {
      this.acceptOnArrival = false;
      this.update({ busy: false, error: error instanceof Error ? error.message : "The method gave no answer." });
    }
  }

  private prompt(): SmartPrompt {
    const { points, box, strokes } = this.smart;
    return { points, ...(box !== null && { box }), ...(strokes.length > 0 && { strokes }) };
  }

  private receive({ candidates, seconds, path, note }: Answer): void {
    this.candidates = this.isSeveral ? newOnes(this.editor, candidates) : candidates;
    this.dropped = new Set();
    const count = this.candidates.length;
    const error = count === 0 ? "The method found nothing here." : null;
    this.update({ busy: false, error, candidates: count, seconds, path, note });
    this.show(0);
    if (this.acceptOnArrival) this.accept();
    this.editor.refreshTool();
  }

  private async showHover(point: ImagePoint): Promise<void> {
    const shape = await this.requests.preview(point, this.flipped ? -1 : 1);
    if (shape === null || this.isBusy) return;
    this.hovered = shape;
    this.editor.requestOverlay();
    // The pointer may have gone on while it was asked, and stopped since.
    this.hover();
  }

  private show(candidate: number): void {
    this.update({ candidate, score: this.candidates[candidate]?.score ?? null });
  }

  private update(change: Partial<SmartState>): void {
    this.editor.smart.update((state) => ({ ...state, ...change }));
    this.editor.requestOverlay();
  }
}
