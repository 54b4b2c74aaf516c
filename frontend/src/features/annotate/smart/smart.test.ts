import { describe, expect, it } from "vitest";
import type { DecoderOrder, DecoderPort, SmartAnswer, SmartRequest } from "../../../editor";
import { FasterProvider } from "./FasterProvider";
import { LocalDecoder, type Sources } from "./LocalDecoder";
import { PathTimes } from "./PathTimes";

function storage(): Pick<Storage, "getItem" | "setItem"> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

const REQUEST: SmartRequest = {
  imageId: 5,
  method: "sam",
  prompt: { points: [[1, 2, 1]] },
  parameters: { sizes: true, tolerance: 1 },
  output: "mask",
};
const NEVER = new AbortController().signal;

interface Side {
  readonly milliseconds: number;
  readonly fails?: boolean;
}

/** Both sides answer at once; the clock goes on by what each would have taken. */
function provider(server: Side, browser: Side, kept = storage()) {
  const asked: string[] = [];
  let now = 0;
  const answer = ({ milliseconds, fails = false }: Side, name: string): Promise<SmartAnswer> => {
    asked.push(name);
    now += milliseconds;
    return fails ? Promise.reject(new Error(`${name} failed`)) : Promise.resolve({ shapes: [] });
  };
  const times = new PathTimes(kept);
  const local = { isReady: () => true, decode: () => answer(browser, "browser") };
  const made = new FasterProvider({ predict: () => answer(server, "server") }, local, times, () => now);
  return { made, asked, times };
}

describe("the faster of browser and server", () => {
  it("asks both once, then the faster one, and remembers it in this browser", async () => {
    const kept = storage();
    for (const [server, browser, faster] of [
      [200, 50, "browser"],
      [30, 90, "server"],
    ] as const) {
      const times = new PathTimes(kept);
      for (const [path, time] of [["server", server] as const, ["browser", browser] as const]) {
        for (let count = 0; count < 30; count += 1) times.note("sam", path, time);
      }
      const { made, asked } = provider({ milliseconds: server }, { milliseconds: browser }, kept);
      expect((await made.predict(REQUEST, NEVER)).path).toBe(faster);
      expect(asked).toEqual([faster]);
    }
    const { made, asked } = provider({ milliseconds: 10 }, { milliseconds: 10 });
    await made.predict(REQUEST, NEVER);
    expect(made.isQuick(REQUEST)).toBe(true);
    expect(asked).toEqual(["server", "browser"]);
  });

  it("asks the slower one again now and then", async () => {
    const { made, asked, times } = provider({ milliseconds: 500 }, { milliseconds: 5 });
    times.note("sam", "server", 500);
    times.note("sam", "browser", 5);
    for (let count = 0; count < 40; count += 1) await made.predict(REQUEST, NEVER);
    expect(asked.filter((name) => name === "server")).toHaveLength(2);
  });

  it("turns to the server without a word where the browser fails, and says what the server says where both do", async () => {
    const broken = provider({ milliseconds: 1 }, { milliseconds: 1, fails: true });
    expect((await broken.made.predict(REQUEST, NEVER)).path).toBe("server");
    broken.times.note("sam", "browser", 1);
    broken.times.note("sam", "server", 900);
    expect((await broken.made.predict(REQUEST, NEVER)).path).toBe("server");
    const both = provider({ milliseconds: 1, fails: true }, { milliseconds: 1, fails: true });
    await expect(both.made.predict(REQUEST, NEVER)).rejects.toThrow("server failed");
  });

  it("asks the server alone for what the decoder does not know", async () => {
    const changes: readonly Partial<SmartRequest>[] = [
      { parameters: { crop: true } },
      { prompt: { points: [], strokes: [{ points: [[1, 2]], width: 3, sign: 1, label: 1 }] } },
    ];
    for (const change of changes) {
      const { made, asked } = provider({ milliseconds: 1 }, { milliseconds: 1 });
      expect(made.isQuick({ ...REQUEST, ...change })).toBe(false);
      await made.predict({ ...REQUEST, ...change }, NEVER);
      expect(asked).toEqual(["server"]);
    }
  });

  it("forgets what cannot be read of earlier sessions", () => {
    for (const text of ["null", "{", "[]", "7"]) {
      expect(new PathTimes({ getItem: () => text, setItem: () => undefined }).choose("sam")).toBe("both");
    }
  });
});

/** A worker that takes every model, and answers decodings by hand. */
class FakePort implements DecoderPort {
  readonly orders: DecoderOrder[] = [];
  isClosed = false;
  ears: Parameters<DecoderPort["listen"]>[0] | null = null;
  readonly listen = (ears: Parameters<DecoderPort["listen"]>[0]): void => void (this.ears = ears);
  readonly close = (): void => void (this.isClosed = true);
  readonly post = (order: DecoderOrder): void => {
    this.orders.push(order);
    if (order.kind === "model") this.ears?.receive({ kind: "ready", method: order.method, device: "wasm" });
  };
}

function local(change: Partial<Sources> = {}) {
  const port = new FakePort();
  const prepared: number[] = [];
  const decoder = new LocalDecoder(() => port, {
    decoder: () => Promise.resolve(new ArrayBuffer(1)),
    embedding: () =>
      Promise.resolve({ features: new ArrayBuffer(1), width: 1, height: 1, frameWidth: 1, frameHeight: 1 }),
    prepare: (image) => Promise.resolve(prepared.push(image)),
    ...change,
  });
  return { port, prepared, decoder };
}

describe("decoding in the browser", () => {
  it("is ready once model and embedding are there, and keeps a few images ahead", async () => {
    const { port, prepared, decoder } = local();
    expect(decoder.isReady("sam", 1)).toBe(false);
    await expect(decoder.decode({ ...REQUEST, imageId: 1 }, NEVER)).rejects.toThrow();
    await decoder.bring("sam", [1, 2, 3]);
    expect([1, 2, 3, 4].map((image) => decoder.isReady("sam", image))).toEqual([true, true, true, false]);
    await decoder.bring("sam", [2, 3, 4, 5, 6]);
    expect(prepared).toEqual([1, 2, 3, 4, 5, 6]);
    expect(port.orders.filter(({ kind }) => kind === "model")).toHaveLength(1);
    expect(port.orders.filter(({ kind }) => kind === "forget")).toHaveLength(2);
    expect(decoder.isReady("sam", 1)).toBe(false);
    expect(decoder.isReady("sam", 6)).toBe(true);
  });

  it("hands answers to who asked, and none to who gave up", async () => {
    const { port, decoder } = local();
    await decoder.bring("sam", [5]);
    const aborter = new AbortController();
    const given = decoder.decode(REQUEST, aborter.signal);
    const kept = decoder.decode(REQUEST, NEVER);
    aborter.abort();
    await expect(given).rejects.toThrow();
    const [first, second] = port.orders.filter((order) => order.kind === "decode");
    port.ears?.receive({ kind: "shapes", number: second?.number ?? 0, shapes: [{ shape: 1, score: 1 }] });
    port.ears?.receive({ kind: "shapes", number: first?.number ?? 0, shapes: [] });
    expect((await kept).shapes).toHaveLength(1);
  });

  it("is never ready where the model, the embedding or the worker cannot be had", async () => {
    const failing = () => Promise.reject(new Error("no"));
    for (const change of [{ decoder: failing }, { embedding: failing }, { prepare: failing }]) {
      const { decoder } = local(change);
      await decoder.bring("sam", [5]);
      expect(decoder.isReady("sam", 5)).toBe(false);
    }
    const { port, decoder } = local();
    await decoder.bring("sam", [5]);
    const asked = decoder.decode(REQUEST, NEVER);
    port.ears?.fail();
    await expect(asked).rejects.toThrow("ended");
    expect(decoder.isReady("sam", 5)).toBe(false);
    expect(port.isClosed).toBe(true);
  });
});
