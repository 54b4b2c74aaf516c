/** Owns directions: degrees, clockwise as seen (y points down), from the x axis. */

import type { Point } from "./point";

/** The same direction from 0 to below 360. */
export function turned(angle: number): number {
  const rest = angle % 360;
  const positive = rest < 0 ? rest + 360 : rest;
  // A tiny negative rest becomes 360 when it is added; adding 0 makes 0 of -0.
  return positive >= 360 ? 0 : positive + 0;
}

/** To hundredths: finer than any hand turns. */
export function roundAngle(angle: number): number {
  return turned(Math.round(angle * 100) / 100);
}

/** The unit vector along the angle; the one across it is (-y, x). Exact at quarter turns. */
export function direction(angle: number): Point {
  if (angle % 90 === 0) {
    const [x, y] = [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ][turned(angle) / 90] ?? [1, 0];
    return { x: x ?? 1, y: y ?? 0 };
  }
  const radians = (angle * Math.PI) / 180;
  return { x: Math.cos(radians), y: Math.sin(radians) };
}

/** Degrees of the way from `a` to `b`. */
export function directionAngle(a: Point, b: Point): number {
  return (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
}
