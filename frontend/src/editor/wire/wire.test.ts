import { describe, expect, it } from "vitest";

import { findEdges } from "./costs";
import { Scout } from "./Scout";
import { WireSearch } from "./WireSearch";

const SIDE = 64;

/** A bright square from 16 to 48 on a dark ground. */
function square(): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(4 * SIDE * SIDE);
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      const isInside = x >= 16 && x < 48 && y >= 16 && y < 48;
      pixels.set(isInside ? [200, 180, 160, 255] : [30, 30, 30, 255], 4 * (y * SIDE + x));
    }
  }
  return pixels;
}

const at = (x: number, y: number): number => x + y * SIDE;
const wayOf = (way: readonly number[]): [number, number][] =>
  way.map((index) => [index % SIDE, Math.floor(index / SIDE)]);

describe("the costs of the live wire", () => {
  it("finds ridges along borders and nothing in plain parts", () => {
    const edges = findEdges(square(), SIDE, SIDE);
    const ridge = (x: number, y: number): number => edges.ridge[at(x, y)] ?? -1;
    expect(Math.max(ridge(15, 30), ridge(16, 30))).toBe(1);
    expect(ridge(30, 30)).toBe(0);
    expect(ridge(4, 4)).toBe(0);
    expect(edges.strength[at(16, 30)]).toBeCloseTo(1, 1);
    expect(Math.abs(edges.gradientX[at(16, 30)] ?? 0)).toBeCloseTo(1, 5);
    expect(edges.gradientY[at(16, 30)]).toBeCloseTo(0, 5);
  });

  it("has no edge in a picture of one colour, and none in one of a single pixel", () => {
    const grey = findEdges(new Uint8ClampedArray(4 * 9).fill(90), 3, 3);
    expect(Math.max(...grey.strength)).toBe(0);
    expect(Math.max(...grey.ridge)).toBe(0);
    expect([...findEdges(new Uint8ClampedArray([1, 2, 3, 255]), 1, 1).strength]).toEqual([0]);
  });
});

describe("the search", () => {
  it("goes round the corner along the border instead of across it", () => {
    const edges = findEdges(square(), SIDE, SIDE);
    const way = wayOf(new WireSearch(edges, at(16, 40), 1).wayTo(at(40, 16)));
    const away = way.map(([x, y]) => Math.min(Math.abs(x - 15.5), Math.abs(y - 15.5)));
    expect(Math.max(...away)).toBeLessThan(2);
  });

  it("goes straight on without a pull", () => {
    const way = new WireSearch(findEdges(square(), SIDE, SIDE), at(16, 40), 0).wayTo(at(40, 16));
    expect(way).toHaveLength(25);
  });

  it("gives the same way whether it was asked for others before or not", () => {
    const edges = findEdges(square(), SIDE, SIDE);
    const followed = new WireSearch(edges, at(5, 5), 0.8);
    for (let x = 6; x < 60; x += 7) followed.wayTo(at(x, 30));
    expect(followed.wayTo(at(50, 50))).toEqual(new WireSearch(edges, at(5, 5), 0.8).wayTo(at(50, 50)));
    expect(followed.wayTo(at(5, 5))).toEqual([at(5, 5)]);
  });
});

describe("the scout", () => {
  it("draws an end to the strongest edge within reach, and no further", () => {
    const scout = new Scout();
    scout.receive({ kind: "window", width: SIDE, height: SIDE, pixels: square() });
    const end = (reach: number): readonly number[] => {
      const answer = scout.receive({ kind: "trace", number: 1, from: null, to: [20, 30], pull: 1, reach });
      return [...(answer?.way ?? [])];
    };
    expect(end(2)).toEqual([20, 30]);
    expect([15, 16]).toContain(end(6)[0]);
    expect(end(6)[1]).toBe(30);
  });

  it("answers straight before it was shown anything", () => {
    const answer = new Scout().receive({ kind: "trace", number: 7, from: [1, 2], to: [3, 4], pull: 1, reach: 0 });
    expect(answer).toEqual({ number: 7, way: Int32Array.from([1, 2, 3, 4]) });
  });
});
