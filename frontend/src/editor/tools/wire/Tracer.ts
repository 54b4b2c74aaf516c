/** Owns what the live wire sees: the window of the picture that its worker searches, moved along with what is drawn. */

import type { EditorContext } from "../../context";
import { boxExpand, boxWithin, pointsToBox, type Box } from "../../geometry/box";
import { clamp, type ImagePoint, type Size } from "../../geometry/point";
import type { WireAnswer, WirePixel, WirePort } from "../../wire/messages";

/** Pixels of the window around what is looked for, so that the way may go round: in a new window, and at least. */
const MARGIN = 160;
const ROOM = 32;
/** Pixels of its sides. */
const LEAST = 512;
const MOST = 1024;
/** CSS pixels. */
const REACH = 7;
/** Image pixels for a pixel of the window: between two of a small picture there is still a border to be found. */
const FINEST = 0.5;

/** `width` and `height` are pixels of the window. */
interface View extends Size {
  /** Image pixels, inside the picture. */
  readonly box: Box;
  /** Image pixels for a pixel of the window. */
  readonly grid: number;
  readonly version: number;
}

export interface Trace {
  /** Null: only where `to` would go. */
  readonly from: ImagePoint | null;
  readonly to: ImagePoint;
  readonly pull: number;
  /** `to` may go to an edge nearby. */
  readonly snaps: boolean;
}

type Line = readonly ImagePoint[];

interface Question {
  readonly view: View;
  readonly trace: Trace;
  readonly answer: (line: Line) => void;
}

export class Tracer {
  private readonly editor: EditorContext;
  private port: WirePort | null = null;
  private isStarted = false;
  private view: View | null = null;
  private number = 0;
  private readonly waiting = new Map<number, Question>();

  constructor(editor: EditorContext) {
    this.editor = editor;
  }

  /** From `from` to `to`, both included; straight where nothing of the picture can be seen. Answers in the order of asking. */
  trace(trace: Trace, answer: (line: Line) => void): void {
    const view = this.viewOf(trace);
    if (this.port === null || view === null) {
      answer(straight(trace));
      return;
    }
    this.number += 1;
    this.waiting.set(this.number, { view, trace, answer });
    const { from, to, pull, snaps } = trace;
    const reach = snaps ? (pull * this.editor.camera.toImageLength(REACH)) / view.grid : 0;
    const order = { from: from && toPixel(view, from), to: toPixel(view, to), pull, reach };
    this.port.post({ kind: "trace", number: this.number, ...order }, []);
  }

  /** Image pixels for a pixel of what it sees: about one of the screen. */
  get grid(): number {
    const { zoom } = this.editor.camera.state.get();
    return Math.max(2 ** -Math.round(Math.log2(zoom)), FINEST);
  }

  /** What was asked is answered no more, and the worker ends until it is asked again. */
  close(): void {
    this.waiting.clear();
    this.port?.close();
    this.port = null;
    this.view = null;
    this.isStarted = false;
  }

  private start(): void {
    this.isStarted = true;
    this.port = this.editor.openWirePort();
    this.port?.listen({ receive: (answer) => this.receive(answer), fail: () => this.fail() });
  }

  private receive({ number, way }: WireAnswer): void {
    const question = this.waiting.get(number);
    this.waiting.delete(number);
    if (!question) return;
    const { view, trace, answer } = question;
    const line = Array.from({ length: way.length / 2 }, (_, at) =>
      toImage(view, [way[2 * at] ?? 0, way[2 * at + 1] ?? 0]),
    );
    answer(withEnds(line, trace));
  }

  /** What it was asked, and what it will be, is straight. */
  private fail(): void {
    this.port?.close();
    this.port = null;
    const questions = [...this.waiting.values()];
    this.waiting.clear();
    for (const { trace, answer } of questions) answer(straight(trace));
  }

  private viewOf({ from, to }: Trace): View | null {
    if (!this.isStarted) this.start();
    if (this.port === null) return null;
    const wanted = pointsToBox(from ?? to, to);
    const grid = fitGrid(wanted, this.grid);
    const needed = this.insidePicture(boxExpand(wanted, ROOM * grid));
    const { view } = this;
    const isCurrent = view?.version === this.editor.pixels.version && view.grid === grid;
    return isCurrent && boxWithin(needed, view.box) ? view : this.look(this.port, wanted, grid);
  }

  private look(port: WirePort, wanted: Box, grid: number): View | null {
    const { pixels } = this.editor;
    const box = this.insidePicture(windowAround(wanted, grid));
    const seen = box[2] > 0 && box[3] > 0 ? pixels.read(box, grid) : null;
    if (seen === null) return null;
    const { width, height, data } = seen;
    this.view = { box, grid, width, height, version: pixels.version };
    port.post({ kind: "window", width, height, pixels: data }, [data.buffer]);
    return this.view;
  }

  private insidePicture([x, y, width, height]: Box): Box {
    const size = this.editor.imageSize();
    const [left, top] = [clamp(x, 0, size.width), clamp(y, 0, size.height)];
    return [left, top, clamp(x + width, 0, size.width) - left, clamp(y + height, 0, size.height) - top];
  }
}

/** A coarser one where the window would become too large. */
function fitGrid([, , width, height]: Box, finest: number): number {
  let grid = finest;
  while (Math.max(width, height) / grid + 2 * ROOM > MOST) grid *= 2;
  return grid;
}

/** On whole pixels of the grid. */
function windowAround([x, y, width, height]: Box, grid: number): Box {
  const side = (length: number): number => Math.min(Math.max(length / grid + 2 * MARGIN, LEAST), MOST) * grid;
  const [across, down] = [side(width), side(height)];
  const step = Math.max(grid, 1);
  const [left, top] = [x + width / 2 - across / 2, y + height / 2 - down / 2].map((at) => Math.floor(at / step) * step);
  return [left ?? 0, top ?? 0, Math.ceil(across / step) * step, Math.ceil(down / step) * step];
}

function toPixel({ box, grid, width, height }: View, { x, y }: ImagePoint): WirePixel {
  return [clamp(Math.floor((x - box[0]) / grid), 0, width - 1), clamp(Math.floor((y - box[1]) / grid), 0, height - 1)];
}

function toImage({ box, grid }: View, [x, y]: WirePixel): ImagePoint {
  return { x: box[0] + (x + 0.5) * grid, y: box[1] + (y + 0.5) * grid };
}

/** It ends exactly where it was to end; an end that may go to an edge is where the way ends. */
function withEnds(line: Line, { from, to, snaps }: Trace): Line {
  const way = from === null ? line : [from, ...line.slice(1)];
  return snaps ? way : [...way.slice(0, -1), to];
}

function straight({ from, to }: Trace): Line {
  return from === null ? [to] : [from, to];
}
