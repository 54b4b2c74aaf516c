/** Owns the pointer that is moved by keys: arrows carry it, one key clicks and another one presses and lets go. */

import { clampPoint, type ImagePoint, type Size } from "../geometry/point";
import { Value, type Signal } from "../signal";
import type { Camera } from "../view/Camera";
import type { Painter } from "../view/Painter";
import type { PaintStyle } from "../view/styles";
import type { Bindable } from "./bindings";
import type { PointerInput, PointerKind } from "./events";
import type { KeyAction } from "./Keymap";

/** No browser gives its pointers this number. */
export const CURSOR_POINTER = -7;
/** CSS pixels of a step whose length is not said in pixels of the image. */
const STEP = 40;
const ARM = 18;
const GAP = 5;
const RIM: PaintStyle = { color: "#000000", fill: 0, width: 4, dash: [] };
const LINE: PaintStyle = { color: "#ffffff", fill: 0, width: 2, dash: [] };

const DIRECTIONS = [
  { name: "left", x: -1, y: 0 },
  { name: "right", x: 1, y: 0 },
  { name: "up", x: 0, y: -1 },
  { name: "down", x: 0, y: 1 },
] as const;

/** Image pixels; null: as far as the hand sees. */
const STEPS = [
  { suffix: "", pixels: null, held: [""] },
  { suffix: "-10", pixels: 10, held: ["Shift+"] },
  { suffix: "-1", pixels: 1, held: ["Ctrl+", "Alt+"] },
] as const;

interface Move extends Bindable {
  readonly x: number;
  readonly y: number;
  readonly pixels: number | null;
}

const MOVES: readonly Move[] = DIRECTIONS.flatMap(({ name, x, y }) =>
  STEPS.map(({ suffix, pixels, held }) => ({
    id: `cursor-${name}${suffix}`,
    keys: held.map((modifier) => `${modifier}Arrow${name.charAt(0).toUpperCase()}${name.slice(1)}`),
    scope: "cursor" as const,
    x,
    y,
    pixels,
  })),
);

const SWITCH: Bindable = { id: "keyboard-cursor", keys: ["C"], scope: "image" };
const PLACE: Bindable = { id: "cursor-place", keys: ["Enter"], scope: "cursor" };
const HOLD: Bindable = { id: "cursor-hold", keys: ["Shift+Enter"], scope: "cursor" };

export const CURSOR_ACTIONS: readonly Bindable[] = [
  SWITCH,
  PLACE,
  HOLD,
  ...MOVES.map(({ id, keys, scope }) => ({ id, keys, scope })),
];

interface CursorParts {
  readonly camera: Camera;
  readonly imageSize: () => Size;
  readonly feed: (input: PointerInput) => void;
  readonly isBusy: () => boolean;
  readonly finish: () => void;
}

export class KeyboardCursor {
  private readonly parts: CursorParts;
  private readonly at = new Value<ImagePoint | null>(null);
  private isHeld = false;
  /** A second click at the same place finishes. */
  private clicked: ImagePoint | null = null;

  /** Null while it is switched off. */
  readonly place: Signal<ImagePoint | null> = this.at;

  constructor(parts: CursorParts) {
    this.parts = parts;
  }

  get isOn(): boolean {
    return this.at.get() !== null;
  }

  actions(): readonly KeyAction[] {
    const isEnabled = (): true | string => (this.isOn ? true : "Switch the cursor for the keyboard on first.");
    return [
      { ...SWITCH, run: () => (this.isOn ? this.leave() : this.show()) },
      { ...PLACE, isEnabled, run: ({ repeat }) => (repeat ? undefined : this.click()) },
      { ...HOLD, isEnabled, run: ({ repeat }) => (repeat ? undefined : this.hold()) },
      ...MOVES.map(({ id, keys, scope, x, y, pixels }) => ({
        id,
        keys,
        scope,
        isEnabled,
        run: () => this.moveBy(x, y, pixels),
      })),
    ];
  }

  /** The hand went to another pointer. */
  leave(): void {
    const place = this.at.get();
    if (place === null) return;
    if (this.isHeld) this.feed("cancel", place);
    this.isHeld = false;
    this.clicked = null;
    this.at.set(null);
    this.feed("leave", place);
  }

  draw(painter: Painter): void {
    const place = this.at.get();
    if (place === null) return;
    const [gap, arm] = [GAP * painter.pixel, ARM * painter.pixel];
    for (const style of [RIM, LINE]) {
      for (const { x, y } of DIRECTIONS) {
        const from = { x: place.x + x * gap, y: place.y + y * gap };
        painter.line([from, { x: place.x + x * arm, y: place.y + y * arm }], style);
      }
    }
  }

  /** In the middle of what is seen of the picture. */
  private show(): void {
    const { width, height } = this.parts.camera.viewport.get();
    const middle = this.parts.camera.toImage({ x: width / 2, y: height / 2 });
    this.moveTo({ x: Math.round(middle.x), y: Math.round(middle.y) });
  }

  private moveBy(x: number, y: number, pixels: number | null): void {
    const place = this.at.get();
    if (place === null) return;
    const step = pixels ?? Math.max(Math.round(this.parts.camera.toImageLength(STEP)), 1);
    this.moveTo({ x: place.x + x * step, y: place.y + y * step });
  }

  private moveTo(wanted: ImagePoint): void {
    const place = clampPoint(wanted, this.parts.imageSize());
    this.at.set(place);
    this.parts.camera.reveal([place.x, place.y, 0, 0]);
    this.feed("move", place);
  }

  private click(): void {
    const place = this.at.get();
    if (place === null) return;
    if (this.isHeld) {
      this.hold();
      return;
    }
    const isAgain = this.clicked?.x === place.x && this.clicked.y === place.y;
    if (isAgain && this.parts.isBusy()) {
      this.clicked = null;
      this.parts.finish();
      return;
    }
    this.feed("down", place);
    this.feed("up", place);
    this.clicked = this.parts.isBusy() ? place : null;
  }

  private hold(): void {
    const place = this.at.get();
    if (place === null) return;
    this.feed(this.isHeld ? "up" : "down", place);
    this.isHeld = !this.isHeld;
  }

  private feed(kind: PointerKind, place: ImagePoint): void {
    this.parts.feed({
      kind,
      pointerId: CURSOR_POINTER,
      pointerType: "mouse",
      button: kind === "move" ? -1 : 0,
      screen: this.parts.camera.toScreen(place),
      pressure: 1,
      shift: false,
      ctrl: false,
      alt: false,
    });
  }
}
