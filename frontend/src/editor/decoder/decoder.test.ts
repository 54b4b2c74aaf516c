import { describe, expect, it } from "vitest";

import { runsArea, runsBox, runsHas } from "../geometry/runs";
import { Decoder, halfToFloats, type Inputs, type Outputs } from "./Decoder";
import { LOGITS_SIDE, logitsToRuns } from "./logits";
import type { DecodeOrder, Embedding } from "./messages";

const SIZE = { width: 400, height: 300 };
const FRAME = { width: 1024, height: 768 };

/** Positive within `radius` rows of the middle of the picture, in rows of logits. */
function disc(radius: number): Float32Array {
  const logits = new Float32Array(LOGITS_SIDE ** 2);
  for (let y = 0; y < LOGITS_SIDE; y += 1) {
    for (let x = 0; x < LOGITS_SIDE; x += 1) {
      logits[y * LOGITS_SIDE + x] = radius - Math.hypot(x + 0.5 - 128, y + 0.5 - 96);
    }
  }
  return logits;
}

/** What upstream does: linear both ways, then the sign, pixel by pixel. */
function pixelwise(logits: Float32Array, x: number, y: number): boolean {
  const scale = (FRAME.width / SIZE.width) * (LOGITS_SIDE / 1024);
  const inside = (at: number): number => Math.min(Math.max(at, 0), LOGITS_SIDE - 1);
  const [atX, atY] = [inside((x + 0.5) * scale - 0.5), inside((y + 0.5) * scale - 0.5)];
  const [left, top] = [Math.floor(atX), Math.floor(atY)];
  const at = (column: number, row: number): number => logits[inside(row) * LOGITS_SIDE + inside(column)] ?? 0;
  const [dx, dy] = [atX - left, atY - top];
  const upper = (1 - dx) * at(left, top) + dx * at(left + 1, top);
  const lower = (1 - dx) * at(left, top + 1) + dx * at(left + 1, top + 1);
  return (1 - dy) * upper + dy * lower > 0;
}

describe("logits", () => {
  it("become the pixels that interpolating each of them would give", () => {
    const noise = Float32Array.from({ length: LOGITS_SIDE ** 2 }, (_, at) => Math.sin(at * 12.9898) + 0.3);
    for (const logits of [disc(40), noise]) {
      const runs = logitsToRuns(logits, SIZE, FRAME);
      let wrong = 0;
      for (let y = 0; y < SIZE.height; y += 1) {
        for (let x = 0; x < SIZE.width; x += 1) if (runsHas(runs, { x, y }) !== pixelwise(logits, x, y)) wrong += 1;
      }
      expect(wrong).toBeLessThan(5);
    }
  });

  it("fill the picture where all are positive, and nothing where none is", () => {
    const all = new Float32Array(LOGITS_SIDE ** 2).fill(1);
    expect(runsArea(logitsToRuns(all, SIZE, FRAME))).toBe(SIZE.width * SIZE.height);
    expect(runsBox(logitsToRuns(all.fill(-1), SIZE, FRAME))).toBeNull();
  });
});

describe("half precision", () => {
  it("is read as IEEE 754 says", () => {
    const halves = Uint16Array.from([0x0000, 0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00, 0x3555]);
    const [zero, one, minusTwo, most, least, infinite, third] = halfToFloats(halves);
    expect([zero, one, minusTwo, most, infinite]).toEqual([0, 1, -2, 65504, Infinity]);
    expect(least).toBeCloseTo(2 ** -24, 12);
    expect(third).toBeCloseTo(1 / 3, 3);
  });
});

const EMBEDDING: Embedding = {
  features: new ArrayBuffer(8),
  width: SIZE.width,
  height: SIZE.height,
  frameWidth: FRAME.width,
  frameHeight: FRAME.height,
};

/** A model whose masks are discs of 10, 20, 30 and 40. */
function decoderOf(scores: readonly number[]): { decoder: Decoder; asked: Inputs[] } {
  const asked: Inputs[] = [];
  const run = (inputs: Inputs): Promise<Outputs> => {
    asked.push(inputs);
    const logits = new Float32Array(4 * LOGITS_SIDE ** 2);
    [10, 20, 30, 40].forEach((radius, index) => logits.set(disc(radius), index * LOGITS_SIDE ** 2));
    return Promise.resolve({ scores: Float32Array.from(scores), logits });
  };
  const decoder = new Decoder(run);
  decoder.add(7, EMBEDDING);
  return { decoder, asked };
}

function order(prompt: DecodeOrder["prompt"], change: Partial<DecodeOrder> = {}): DecodeOrder {
  return {
    kind: "decode",
    number: 1,
    method: "sam",
    image: 7,
    prompt,
    sizes: true,
    tolerance: 1,
    output: "box",
    ...change,
  };
}

describe("the decoder", () => {
  it("puts prompts into the encoder's frame, with padding or the corners of the box", async () => {
    const { decoder, asked } = decoderOf([0.5, 0.1, 0.2, 0.3]);
    await decoder.decode(order({ points: [[100, 50, 1]] }));
    await decoder.decode(order({ points: [], box: [10, 20, 100, 50] }));
    expect([...(asked[0]?.coords ?? [])]).toEqual([256, 128, 0, 0]);
    expect([...(asked[0]?.labels ?? [])]).toEqual([1, -1]);
    const corners = [...(asked[1]?.coords ?? [])].map((value) => Math.round(10 * value) / 10);
    expect(corners).toEqual([25.6, 51.2, 281.6, 179.2]);
    expect([...(asked[1]?.labels ?? [])]).toEqual([2, 3]);
  });

  it("gives part, object and whole for one click, best first, and one mask for more", async () => {
    const { decoder } = decoderOf([0.9, 0.1, 0.8, 2]);
    const one = await decoder.decode(order({ points: [[200, 150, 1]] }));
    expect(one.map(({ score }) => score)).toEqual([1, expect.closeTo(0.8, 5), expect.closeTo(0.1, 5)]);
    const widths = one.map(({ shape }) => (shape as { box: readonly number[] }).box[2] ?? 0);
    expect(widths[0]).toBeGreaterThan(widths[1] ?? 0);
    expect(await decoder.decode(order({ points: [[200, 150, 1]] }, { sizes: false }))).toHaveLength(1);
    const two = [
      [200, 150, 1],
      [210, 150, -1],
    ] as const;
    expect(await decoder.decode(order({ points: two }))).toHaveLength(1);
  });

  it("refines the best mask of the clicks before, which it makes where it was never asked for them", async () => {
    const { decoder, asked } = decoderOf([0.5, 0.1, 0.9, 0.3]);
    const points = [
      [200, 150, 1],
      [210, 150, -1],
      [190, 150, 1],
    ] as const;
    await decoder.decode(order({ points }));
    expect(asked.map(({ labels }) => labels.length)).toEqual([2, 3, 4]);
    expect(asked.map(({ mask }) => mask?.[96 * LOGITS_SIDE + 128]?.toFixed(0))).toEqual([undefined, "29", "9"]);
    await decoder.decode(order({ points: [...points, [195, 150, 1]] }));
    expect(asked).toHaveLength(4);
    decoder.forget(7);
    await expect(decoder.decode(order({ points }))).rejects.toThrow("no embedding of image 7");
  });

  it("finds nothing where no logit is positive, and gives polygons and masks that can be read", async () => {
    const empty = new Decoder(() =>
      Promise.resolve({ scores: new Float32Array(4), logits: new Float32Array(4 * LOGITS_SIDE ** 2).fill(-1) }),
    );
    empty.add(7, EMBEDDING);
    expect(await empty.decode(order({ points: [[1, 1, 1]] }))).toEqual([]);
    const { decoder } = decoderOf([0.5, 0.1, 0.2, 0.3]);
    for (const output of ["mask", "polygon"]) {
      const [first] = await decoder.decode(order({ points: [[200, 150, 1]] }, { output }));
      expect(first?.shape).toMatchObject({ type: output });
    }
  });
});
