/**
 * Owns fingers and palms: two fingers pan and zoom, a finger that stays is the right button, and while a pen is in use
 * fingers never draw. What a finger means is known only when it moves, lifts or stays, so the tool hears of it no sooner:
 * two fingers that come one after the other begin nothing.
 */

import type { Clock } from "../clock";
import { distance, type ScreenPoint } from "../geometry/point";
import type { Camera } from "../view/Camera";
import type { PointerInput } from "./events";

/** CSS pixels within which a finger that moves has not moved yet. */
const SLOP = 8;
export const LONG_PRESS_MS = 500;
/** A pen that was seen this long ago is in use still: the hand thinks. */
export const PEN_IN_USE_MS = 30_000;

interface GestureParts {
  readonly camera: Camera;
  readonly clock: Clock;
  /** What the tool shall hear. */
  readonly toTool: (input: PointerInput) => void;
  /** The tool shall give up what this finger began. */
  readonly giveUp: () => void;
}

export class Gestures {
  private readonly parts: GestureParts;
  private readonly fingers = new Map<number, ScreenPoint>();
  /** The press of the one finger, until it is known what it means. */
  private waiting: { readonly press: PointerInput; readonly callOff: () => void } | null = null;
  /** The finger that the tool hears of, with the button that it is. */
  private drawing: { readonly id: number; readonly button: number } | null = null;
  /** After two fingers, or a palm, the one that stays longer does not draw. */
  private settling = false;
  private penSeen = -Infinity;
  private penIsDown = false;

  constructor(parts: GestureParts) {
    this.parts = parts;
  }

  feed(input: PointerInput): void {
    if (input.pointerType === "touch") this.touch(input);
    else {
      if (input.pointerType === "pen") this.pen(input);
      this.parts.toTool(input);
    }
  }

  reset(): void {
    this.stopWaiting();
    this.fingers.clear();
    this.drawing = null;
    this.settling = false;
    this.penIsDown = false;
  }

  /** A palm that lay there before the pen came is a palm all the same. */
  private pen({ kind }: PointerInput): void {
    this.penSeen = this.parts.clock.now();
    if (kind === "down") this.penIsDown = true;
    if (kind === "up" || kind === "cancel") this.penIsDown = false;
    if (kind !== "down" || this.fingers.size === 0) return;
    this.stopWaiting();
    this.stopDrawing();
    this.fingers.clear();
    this.settling = true;
  }

  private touch(input: PointerInput): void {
    if (input.kind === "down") this.down(input);
    else if (input.kind === "move") this.move(input);
    else if (input.kind !== "leave") this.up(input);
  }

  private down(input: PointerInput): void {
    if (this.penIsDown) return;
    this.fingers.set(input.pointerId, input.screen);
    if (this.fingers.size > 1) {
      this.stopWaiting();
      this.stopDrawing();
      this.settling = true;
    } else if (!this.penInUse) {
      this.settling = false;
      const callOff = this.parts.clock.after(LONG_PRESS_MS, () => this.longPress());
      this.waiting = { press: input, callOff };
    }
  }

  private move(input: PointerInput): void {
    const before = this.fingers.get(input.pointerId);
    if (!before) return;
    this.fingers.set(input.pointerId, input.screen);
    const { waiting } = this;
    if (waiting && distance(waiting.press.screen, input.screen) < SLOP) return;
    if (waiting) this.begin(0);
    if (this.drawing?.id === input.pointerId) {
      this.parts.toTool({ ...input, button: this.drawing.button });
      return;
    }
    this.moveCamera(input, before);
  }

  /** Two fingers; or one, where a finger may not draw. */
  private moveCamera(input: PointerInput, before: ScreenPoint): void {
    const { camera } = this.parts;
    const other = [...this.fingers].find(([id]) => id !== input.pointerId)?.[1];
    if (!other) {
      if (!this.settling) camera.panBy(input.screen.x - before.x, input.screen.y - before.y);
      return;
    }
    camera.panBy((input.screen.x - before.x) / 2, (input.screen.y - before.y) / 2);
    const middle = { x: (input.screen.x + other.x) / 2, y: (input.screen.y + other.y) / 2 };
    camera.zoomAt(middle, distance(input.screen, other) / Math.max(distance(before, other), 1));
  }

  private up(input: PointerInput): void {
    if (!this.fingers.delete(input.pointerId)) return;
    if (this.waiting && input.kind === "cancel") this.stopWaiting();
    if (this.waiting) this.begin(0);
    const { drawing } = this;
    if (drawing?.id === input.pointerId) {
      this.drawing = null;
      this.parts.toTool({ ...input, button: drawing.button });
    }
    if (this.fingers.size === 0) this.settling = false;
  }

  private longPress(): void {
    this.begin(2);
  }

  /** The finger turned out to draw, with this button. */
  private begin(button: number): void {
    const { waiting } = this;
    this.stopWaiting();
    if (!waiting) return;
    this.drawing = { id: waiting.press.pointerId, button };
    this.parts.toTool({ ...waiting.press, button });
  }

  private stopWaiting(): void {
    this.waiting?.callOff();
    this.waiting = null;
  }

  private stopDrawing(): void {
    if (this.drawing === null) return;
    this.drawing = null;
    this.parts.giveUp();
  }

  private get penInUse(): boolean {
    return this.parts.clock.now() - this.penSeen < PEN_IN_USE_MS;
  }
}
