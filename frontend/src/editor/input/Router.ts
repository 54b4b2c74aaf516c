/** Owns the road of an event: gestures first, then panning with Space or the middle button, then the tool; keys by the keymap. */

import type { Clock } from "../clock";
import { distance, type ScreenPoint } from "../geometry/point";
import type { ImagePoint, Size } from "../geometry/point";
import { Value, type Signal } from "../signal";
import type { Toolbox } from "../tools/Toolbox";
import type { Camera } from "../view/Camera";
import type { Snapping } from "../view/Snapping";
import { chordsOf } from "./chord";
import { HOLD_TO_PAN } from "./drawingActions";
import type { KeyInput, PointerInput, ToolPointer, WheelInput } from "./events";
import { Gestures } from "./Gestures";
import type { KeyAction, Keymap } from "./Keymap";
import { CURSOR_POINTER, KeyboardCursor } from "./KeyboardCursor";

const DOUBLE_CLICK_MS = 350;
const DOUBLE_CLICK_DISTANCE = 6;
/** CSS pixels: a mouse that moved less was not moved. */
const STILL = 2;
/** CSS pixels within which a thing counts as hit. */
const TOLERANCE = { mouse: 6, pen: 8, touch: 16 } as const;
/** A mouse wheel's notch (100) is a factor of 1.25. */
const WHEEL_ZOOM = Math.log(1.25) / 100;

interface RouterParts {
  readonly camera: Camera;
  readonly toolbox: Toolbox;
  readonly keymap: Keymap;
  readonly clock: Clock;
  readonly snapping: Snapping;
  readonly imageSize: () => Size;
  readonly requestOverlay: () => void;
}

export class Router {
  private readonly parts: RouterParts;
  private readonly gestures: Gestures;
  private readonly at = new Value<ImagePoint | null>(null);
  /** The key that is held to move the picture, by its place. */
  private panKey: string | null = null;
  private panning: { readonly pointerId: number; last: ScreenPoint } | null = null;
  /** The pointer whose press the tool has seen. */
  private captured: number | null = null;
  private lastPress = { time: -Infinity, screen: { x: 0, y: 0 }, button: -1, clicks: 0 };

  private lastScreen: ScreenPoint | null = null;
  readonly cursor: KeyboardCursor;

  /** Where the pointer is, for the crosshair and a status line. */
  readonly pointerPoint: Signal<ImagePoint | null> = this.at;

  constructor(parts: RouterParts) {
    this.parts = parts;
    const { camera, clock, toolbox } = parts;
    this.gestures = new Gestures({
      camera,
      clock,
      toTool: (input) => this.hear(input),
      giveUp: () => {
        this.captured = null;
        toolbox.current.cancel();
      },
    });
    this.cursor = new KeyboardCursor({
      camera,
      imageSize: parts.imageSize,
      feed: (input) => this.take(input),
      isBusy: () => toolbox.current.isBusy,
      finish: () => toolbox.current.state.onComplete?.(),
    });
  }

  get isPanning(): boolean {
    return this.panKey !== null || this.panning !== null;
  }

  pointer(input: PointerInput): void {
    // A browser tells of a pointer that lies still when something moved under it: that is no hand on it.
    if (input.kind === "down" || this.hasMoved(input)) this.cursor.leave();
    if (this.cursor.isOn) return;
    this.take(input);
  }

  /** True when it was used. */
  wheel(input: WheelInput): boolean {
    const { camera, toolbox } = this.parts;
    const used = input.ctrl && !isPinch(input) && toolbox.current.state.onWheel?.(input) === true;
    if (!used && input.shift) camera.panBy(-(input.deltaY + input.deltaX), 0);
    else if (!used) camera.zoomAt(input.screen, Math.exp(-input.deltaY * WHEEL_ZOOM * (isPinch(input) ? 4 : 1)));
    toolbox.refresh();
    return true;
  }

  /** True when it was used. */
  key(input: KeyInput): boolean {
    const used = input.kind === "down" ? this.keyDown(input) : this.keyUp(input);
    this.parts.toolbox.refresh();
    return used;
  }

  /** The window lost the focus: no key is held any more. */
  blur(): void {
    this.panKey = null;
    this.panning = null;
    this.gestures.reset();
    const control: KeyInput = {
      kind: "up",
      key: "Control",
      code: "",
      repeat: false,
      shift: false,
      ctrl: false,
      alt: false,
    };
    this.parts.toolbox.current.state.onKeyUp?.(control);
    this.parts.toolbox.refresh();
  }

  private hasMoved({ kind, screen }: PointerInput): boolean {
    const before = this.lastScreen;
    if (kind === "move") this.lastScreen = screen;
    return kind === "move" && before !== null && distance(before, screen) > STILL;
  }

  private take(input: PointerInput): void {
    this.parts.snapping.clear();
    this.gestures.feed(input);
    this.parts.requestOverlay();
    this.parts.toolbox.refresh();
  }

  /** What is no gesture. */
  private hear(input: PointerInput): void {
    if (!this.pan(input)) this.toTool(input);
    this.at.set(input.kind === "leave" ? null : this.parts.camera.toImage(input.screen));
    this.parts.requestOverlay();
    this.parts.toolbox.refresh();
  }

  private keyDown(input: KeyInput): boolean {
    for (const action of chordsOf(input).flatMap((chord) => this.parts.keymap.find(chord))) {
      if (!isEnabled(action)) continue;
      if (action.id === HOLD_TO_PAN) {
        this.panKey = input.code;
        return true;
      }
      if (action.run({ repeat: input.repeat }) !== false) return true;
    }
    return false;
  }

  private keyUp(input: KeyInput): boolean {
    if (input.code === this.panKey) this.panKey = null;
    this.parts.toolbox.current.state.onKeyUp?.(input);
    return false;
  }

  /** True when the event moved the picture. */
  private pan(input: PointerInput): boolean {
    if (
      input.kind === "down" &&
      this.captured === null &&
      (input.button === 1 || (this.panKey !== null && input.button === 0))
    ) {
      this.panning = { pointerId: input.pointerId, last: input.screen };
      return true;
    }
    const { panning } = this;
    if (panning?.pointerId !== input.pointerId) return false;
    if (input.kind === "move") {
      this.parts.camera.panBy(input.screen.x - panning.last.x, input.screen.y - panning.last.y);
      panning.last = input.screen;
    } else if (input.kind !== "leave") this.panning = null;
    return true;
  }

  private toTool(input: PointerInput): void {
    const tool = this.parts.toolbox.current;
    if (input.kind === "down") {
      if (this.captured !== null && this.captured !== input.pointerId) return;
      this.captured = input.pointerId;
      tool.state.onPointerDown?.(this.toolPointer(input, this.countClicks(input)));
    } else if (input.kind === "move") {
      if (this.captured !== null && this.captured !== input.pointerId) return;
      tool.state.onPointerMove?.(this.toolPointer(input, 0));
    } else if (input.kind === "up") {
      if (this.captured !== input.pointerId) return;
      this.captured = null;
      tool.state.onPointerUp?.(this.toolPointer(input, 0));
    } else if (input.kind === "cancel" && this.captured === input.pointerId) {
      this.captured = null;
      tool.cancel();
    }
  }

  private toolPointer(input: PointerInput, clicks: number): ToolPointer {
    const { camera } = this.parts;
    const tolerance = camera.toImageLength(TOLERANCE[input.pointerType]);
    return { ...input, point: camera.toImage(input.screen), clicks, tolerance };
  }

  private countClicks(input: PointerInput): number {
    // Keys have no double click: two presses nearby are two points.
    if (input.pointerId === CURSOR_POINTER) return 1;
    const { lastPress } = this;
    const time = this.parts.clock.now();
    const again =
      time - lastPress.time <= DOUBLE_CLICK_MS &&
      lastPress.button === input.button &&
      distance(lastPress.screen, input.screen) <= DOUBLE_CLICK_DISTANCE;
    const clicks = again ? lastPress.clicks + 1 : 1;
    this.lastPress = { time, screen: input.screen, button: input.button, clicks };
    return clicks;
  }
}

/** A trackpad's pinch arrives as Ctrl + wheel in small steps; a notch of a wheel is 48 and more. */
function isPinch(input: WheelInput): boolean {
  return input.ctrl && Math.abs(input.deltaY) < 40;
}

function isEnabled(action: KeyAction): boolean {
  return action.isEnabled === undefined || action.isEnabled() === true;
}
