/** Owns normalised input. The adapters read what a browser event has; they need no browser. */

import type { ImagePoint, ScreenPoint } from "../geometry/point";

export interface Modifiers {
  readonly shift: boolean;
  /** Ctrl, or Command on a Mac. */
  readonly ctrl: boolean;
  readonly alt: boolean;
}

export type PointerKind = "down" | "move" | "up" | "cancel" | "leave";

export interface PointerInput extends Modifiers {
  readonly kind: PointerKind;
  readonly pointerId: number;
  readonly pointerType: "mouse" | "pen" | "touch";
  /** 0 left, 1 middle, 2 right. */
  readonly button: number;
  readonly screen: ScreenPoint;
  /** Of a pen, 0 … 1; 1 for everything else. */
  readonly pressure: number;
}

/** What tools get. */
export interface ToolPointer extends PointerInput {
  /** May lie outside the picture. */
  readonly point: ImagePoint;
  /** 2 for the second press of a double click. */
  readonly clicks: number;
  /** Image pixels within which a thing counts as hit; larger for fingers. */
  readonly tolerance: number;
}

export interface WheelInput extends Modifiers {
  readonly screen: ScreenPoint;
  /** CSS pixels. */
  readonly deltaX: number;
  readonly deltaY: number;
}

export interface KeyInput extends Modifiers {
  readonly kind: "down" | "up";
  readonly key: string;
  readonly code: string;
  readonly repeat: boolean;
}

interface ModifierEvent {
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

interface PlacedEvent extends ModifierEvent {
  readonly clientX: number;
  readonly clientY: number;
}

/** The other end of a pen rubs out, as the right button does. */
const PEN_ERASER = 5;

interface Origin {
  readonly left: number;
  readonly top: number;
}

export function pointerInput(
  kind: PointerKind,
  event: PlacedEvent & {
    readonly pointerId: number;
    readonly pointerType: string;
    readonly button: number;
    readonly pressure: number;
  },
  origin: Origin,
): PointerInput {
  const { pointerId, pointerType, button } = event;
  return {
    kind,
    pointerId,
    pointerType: pointerType === "pen" || pointerType === "touch" ? pointerType : "mouse",
    button: pointerType === "pen" && button === PEN_ERASER ? 2 : button,
    screen: eventToScreen(event, origin),
    pressure: pointerType === "pen" ? event.pressure : 1,
    ...eventToModifiers(event),
  };
}

/** Lines and pages of `deltaMode` become pixels. */
export function wheelInput(
  event: PlacedEvent & { readonly deltaX: number; readonly deltaY: number; readonly deltaMode: number },
  origin: Origin,
): WheelInput {
  const unit = [1, 16, 400][event.deltaMode] ?? 1;
  return {
    screen: eventToScreen(event, origin),
    deltaX: event.deltaX * unit,
    deltaY: event.deltaY * unit,
    ...eventToModifiers(event),
  };
}

export function keyInput(
  kind: "down" | "up",
  event: ModifierEvent & { readonly key: string; readonly code: string; readonly repeat: boolean },
): KeyInput {
  const { key, code, repeat } = event;
  return { kind, key, code, repeat, ...eventToModifiers(event) };
}

function eventToScreen(event: PlacedEvent, origin: Origin): ScreenPoint {
  return { x: event.clientX - origin.left, y: event.clientY - origin.top };
}

function eventToModifiers(event: ModifierEvent): Modifiers {
  return { shift: event.shiftKey, ctrl: event.ctrlKey || event.metaKey, alt: event.altKey };
}
