/** Owns fingers and palms: two fingers pan and zoom, and while a pen is in use fingers never draw. */

import { distance, type ScreenPoint } from "../geometry/point";
import type { Camera } from "../view/Camera";
import type { PointerInput } from "./events";

/** "tool": the event is the tool's; "taken": it is not; "begin": it is not, and the tool must give up what it began. */
export type Verdict = "tool" | "taken" | "begin";

export class Gestures {
  private readonly camera: Camera;
  private readonly fingers = new Map<number, ScreenPoint>();
  private penSeen = false;
  /** After two fingers, the one that stays longer does not draw. */
  private settling = false;

  constructor(camera: Camera) {
    this.camera = camera;
  }

  judge(input: PointerInput): Verdict {
    if (input.pointerType === "pen") this.penSeen = true;
    if (input.pointerType !== "touch") return "tool";
    if (input.kind === "down") return this.down(input);
    if (input.kind === "move") return this.move(input);
    return this.up(input);
  }

  reset(): void {
    this.fingers.clear();
    this.settling = false;
  }

  private down(input: PointerInput): Verdict {
    this.fingers.set(input.pointerId, input.screen);
    if (this.fingers.size === 2) {
      this.settling = true;
      return "begin";
    }
    return this.settling || this.penSeen ? "taken" : "tool";
  }

  private move(input: PointerInput): Verdict {
    const before = this.fingers.get(input.pointerId);
    if (!before) return "taken";
    if (!this.settling && !this.penSeen) {
      this.fingers.set(input.pointerId, input.screen);
      return "tool";
    }
    const other = [...this.fingers].find(([id]) => id !== input.pointerId)?.[1];
    this.fingers.set(input.pointerId, input.screen);
    if (!other) {
      if (!this.settling) this.camera.panBy(input.screen.x - before.x, input.screen.y - before.y);
      return "taken";
    }
    this.camera.panBy((input.screen.x - before.x) / 2, (input.screen.y - before.y) / 2);
    const middle = { x: (input.screen.x + other.x) / 2, y: (input.screen.y + other.y) / 2 };
    this.camera.zoomAt(middle, distance(input.screen, other) / Math.max(distance(before, other), 1));
    return "taken";
  }

  private up(input: PointerInput): Verdict {
    const known = this.fingers.delete(input.pointerId);
    const verdict = this.settling || this.penSeen || !known ? "taken" : "tool";
    if (this.fingers.size === 0) this.settling = false;
    return verdict;
  }
}
