/** Owns the road of an event: gestures first, then panning with Space or the middle button, then the tool, then the keymap. */

import type { Clock } from "../clock";
import { distance, type ScreenPoint } from "../geometry/point";
import type { ImagePoint } from "../geometry/point";
import { Value, type Signal } from "../signal";
import type { Toolbox } from "../tools/Toolbox";
import type { Camera } from "../view/Camera";
import { chordOf } from "./chord";
import type { KeyInput, PointerInput, ToolPointer, WheelInput } from "./events";
import { Gestures } from "./Gestures";
import type { KeyAction, Keymap } from "./Keymap";

const DOUBLE_CLICK_MS = 350;
const DOUBLE_CLICK_DISTANCE = 6;
/** CSS pixels within which a thing counts as hit. */
const TOLERANCE = { mouse: 6, pen: 8, touch: 16 } as const;
/** A mouse wheel's notch (100) is a factor of 1.25. */
const WHEEL_ZOOM = Math.log(1.25) / 100;

interface RouterParts {
  readonly camera: Camera;
  readonly toolbox: Toolbox;
  readonly keymap: Keymap;
  readonly clock: Clock;
  readonly requestOverlay: () => void;
}

export class Router {
  private readonly parts: RouterParts;
  private readonly gestures: Gestures;
  private readonly at = new Value<ImagePoint | null>(null);
  private spaceHeld = false;
  private panning: { readonly pointerId: number; last: ScreenPoint } | null = null;
  /** The pointer whose press the tool has seen. */
  private captured: number | null = null;
  private lastPress = { time: -Infinity, screen: { x: 0, y: 0 }, button: -1, clicks: 0 };

  /** Where the pointer is, for the crosshair and a status line. */
  readonly pointerPoint: Signal<ImagePoint | null> = this.at;

  constructor(parts: RouterParts) {
    this.parts = parts;
    this.gestures = new Gestures(parts.camera);
  }

  get isPanning(): boolean {
    return this.spaceHeld || this.panning !== null;
  }

  pointer(input: PointerInput): void {
    const { toolbox } = this.parts;
    const verdict = this.gestures.judge(input);
    if (verdict === "begin") {
      this.captured = null;
      toolbox.current.cancel();
    }
    if (verdict === "tool" && !this.pan(input)) this.toTool(input);
    this.at.set(input.kind === "leave" ? null : this.parts.camera.toImage(input.screen));
    this.parts.requestOverlay();
    toolbox.refresh();
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
    this.spaceHeld = false;
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

  private keyDown(input: KeyInput): boolean {
    const tool = this.parts.toolbox.current;
    if (tool.state.onKeyDown?.(input) === true) return true;
    const chord = chordOf(input);
    if (chord === "Space") {
      this.spaceHeld = true;
      return true;
    }
    if (chord === null) return false;
    if (chord === "Esc" && tool.cancel()) return true;
    if (chord === "Enter" && tool.isBusy) {
      tool.state.onComplete?.();
      return true;
    }
    const action = this.parts.keymap.find(chord).find(isEnabled);
    action?.run({ repeat: input.repeat });
    return action !== undefined;
  }

  private keyUp(input: KeyInput): boolean {
    if (chordOf(input) === "Space") this.spaceHeld = false;
    this.parts.toolbox.current.state.onKeyUp?.(input);
    return false;
  }

  /** True when the event moved the picture. */
  private pan(input: PointerInput): boolean {
    if (
      input.kind === "down" &&
      this.captured === null &&
      (input.button === 1 || (this.spaceHeld && input.button === 0))
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
