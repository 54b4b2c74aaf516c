/** Owns a live wire that is being drawn: its anchors, the ways between them, and the questions that are still open. */

import type { EditorContext } from "../../context";
import { distance, type ImagePoint, type Vertex } from "../../geometry/point";
import { lineSimplify } from "../../geometry/polygon";
import { Tracer } from "./Tracer";

type Line = readonly ImagePoint[];

/** With fewer the way back is the way there. */
const LEAST_ANCHORS = 3;

interface Press {
  readonly to: ImagePoint;
  /** No edge draws it. */
  readonly isStraight: boolean;
}

/** Ends in an anchor; the first leg is that point alone. */
interface Leg {
  readonly line: Line;
  readonly grid: number;
}

export class Wire {
  private readonly editor: EditorContext;
  private readonly tracer: Tracer;
  private readonly onChange: () => void;
  private readonly onClosed: (outline: Line) => void;
  private legs: Leg[] = [];
  /** Presses whose way is not known yet. */
  private waiting: Press[] = [];
  private aimed: Press | null = null;
  private ahead: { readonly press: Press; readonly leg: Leg } | null = null;
  /** From the last anchor back to the first. */
  private back: Leg | null = null;
  private isAsking = false;
  private isClosing = false;
  /** Answers to what was asked before it was cleared are of no use. */
  private epoch = 0;

  /** `onClosed` gets the outline once the way back is known too. */
  constructor(editor: EditorContext, onChange: () => void, onClosed: (outline: Line) => void) {
    this.editor = editor;
    this.tracer = new Tracer(editor);
    this.onChange = onChange;
    this.onClosed = onClosed;
  }

  get anchors(): Line {
    return [...this.legs.flatMap(({ line }) => line.slice(-1)), ...this.waiting.map(({ to }) => to)];
  }

  /** The anchors and what lies between them, simplified as the person wants it. */
  get line(): Line {
    return this.legs.flatMap((leg, index) => this.simplified(leg).slice(index === 0 ? 0 : 1));
  }

  /** What a press where the pointer is would add. */
  get lineAhead(): Line {
    return this.ahead && this.legs.length > 0 ? this.simplified(this.ahead.leg) : [];
  }

  get lineBack(): Line {
    return this.back ? this.simplified(this.back) : [];
  }

  /** Where a press would go. */
  get target(): ImagePoint | null {
    return this.ahead?.leg.line.at(-1) ?? this.aimed?.to ?? null;
  }

  aim(to: ImagePoint, isStraight: boolean): void {
    this.aimed = { to, isStraight };
    this.pump();
  }

  press(to: ImagePoint, isStraight: boolean): void {
    const { ahead } = this;
    const isKnown =
      ahead !== null &&
      this.waiting.length === 0 &&
      ahead.press.isStraight === isStraight &&
      distance(ahead.press.to, to) <= this.editor.camera.toImageLength(1);
    if (isKnown) this.add(ahead.leg);
    else this.waiting.push({ to, isStraight });
    this.pump();
  }

  removeLast(): void {
    if (this.waiting.pop() === undefined) this.legs.pop();
    this.ahead = null;
    this.back = null;
    this.isClosing = false;
    // A way from, or to, an anchor that is gone.
    this.epoch += 1;
    this.isAsking = false;
    this.pump();
  }

  /** The way back to the first anchor closes it, now or when it is known. */
  close(): void {
    this.isClosing = true;
    this.pump();
  }

  clear(): void {
    this.legs = [];
    this.waiting = [];
    this.aimed = null;
    this.ahead = null;
    this.back = null;
    this.isAsking = false;
    this.isClosing = false;
    this.epoch += 1;
  }

  /** The tool is put away. */
  dispose(): void {
    this.clear();
    this.tracer.close();
  }

  private add(leg: Leg): void {
    this.legs.push(leg);
    this.ahead = null;
    this.back = null;
  }

  /** One question at a time: presses first, then the way back, then where the pointer is by now. */
  private pump(): void {
    if (this.isAsking) return;
    const [press] = this.waiting;
    const [first, last] = [this.legs[0]?.line.at(-1), this.legs.at(-1)?.line.at(-1)];
    if (press) {
      this.ask(last ?? null, press, true, (leg) => {
        this.waiting.shift();
        this.add(leg);
      });
    } else if (first && last && this.legs.length >= LEAST_ANCHORS && this.back === null) {
      this.ask(last, { to: first, isStraight: false }, false, (leg) => (this.back = leg));
    } else if (this.isClosing) this.finish();
    else if (this.aimed && this.ahead?.press !== this.aimed) {
      const { aimed } = this;
      this.ask(last ?? null, aimed, true, (leg) => (this.ahead = { press: aimed, leg }));
    }
  }

  private ask(from: ImagePoint | null, press: Press, snaps: boolean, receive: (leg: Leg) => void): void {
    const { epoch } = this;
    const { pull } = this.editor.session.get().wire;
    const { grid } = this.tracer;
    this.isAsking = true;
    const answer = (line: Line): void => {
      if (epoch !== this.epoch) return;
      this.isAsking = false;
      receive({ line, grid });
      this.onChange();
      this.pump();
    };
    // Among pixels many ways are equally short, and only one of them looks straight.
    if (press.isStraight || pull === 0) answer(from ? [from, press.to] : [press.to]);
    else this.tracer.trace({ from, to: press.to, pull, snaps }, answer);
  }

  private finish(): void {
    this.isClosing = false;
    this.onClosed([...this.line, ...this.lineBack.slice(1, -1)]);
  }

  private simplified({ line, grid }: Leg): Line {
    const tolerance = this.editor.session.get().wire.tolerance * Math.max(grid, 1);
    return lineSimplify(
      line.map(({ x, y }): Vertex => [x, y]),
      tolerance,
    ).map(([x, y]) => ({ x, y }));
  }
}
