import { describe, expect, it } from "vitest";

import { RecordingSurface } from "../testing/RecordingContext";
import { settle } from "../testing";
import { TiledPicture, type PictureView, type TileImage, type TileSource } from "./TiledPicture";

const SIZE = { width: 12_000, height: 9000 };

interface Made {
  readonly name: string;
  closed: boolean;
}

/** A pyramid whose tiles are there at once, and remember that they were closed. */
function pyramid(options: { fail?: (name: string) => boolean } = {}) {
  const asked: string[] = [];
  const made: Made[] = [];
  const source: TileSource = {
    ...SIZE,
    tile: 512,
    levels: 6,
    load: (level, x, y) => {
      const name = `${level} ${x} ${y}`;
      asked.push(name);
      if (options.fail?.(name) === true) return Promise.reject(new Error("gone"));
      const tile = { name, closed: false, close: () => (tile.closed = true) };
      made.push(tile);
      return Promise.resolve(tile as unknown as TileImage);
    },
  };
  return { asked, made, picture: new TiledPicture(source) };
}

const view = (scale: number, x = 0, y = 0, width = 1600, height = 900): PictureView => ({
  scale,
  x: -x * scale,
  y: -y * scale,
  shown: [x, y, width / scale, height / scale],
});

async function drawn(picture: TiledPicture, at: PictureView): Promise<readonly (readonly unknown[])[]> {
  for (let round = 0; round < 2; round += 1) {
    picture.draw(new RecordingSurface().context, at);
    await settle();
  }
  const surface = new RecordingSurface();
  picture.draw(surface.context, at);
  return surface.valuesOf("drawImage");
}

describe("a tiled picture", () => {
  it("asks only for tiles that the screen shows, at the level that it shows, the coarsest first", async () => {
    const { asked, picture } = pyramid();
    const calls = await drawn(picture, view(0.1));
    expect(asked[0]).toBe("5 0 0");
    expect(new Set(asked.slice(1).map((name) => name.split(" ")[0]))).toEqual(new Set(["3"]));
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked).toHaveLength(1 + 3 * 3);
    expect(calls).toHaveLength(3 * 3);
  });

  it("shows the coarser tile's part until the finer one is there", async () => {
    const { picture } = pyramid({ fail: (name) => name.startsWith("0") });
    const calls = await drawn(picture, view(1, 4096, 4096, 512, 512));
    expect(calls.length).toBeGreaterThan(0);
    const [tile, x, y, width, height] = calls[0] ?? [];
    expect(tile).toMatchObject({ name: "5 0 0" });
    expect([x, y, width, height]).toEqual([4096 / 32, 4096 / 32, 16, 16]);
  });

  it("does not ask for ever for what cannot be had", async () => {
    const { asked, picture } = pyramid({ fail: (name) => name === "0 8 8" });
    await drawn(picture, view(1, 4096, 4096, 500, 500));
    expect(asked.filter((name) => name === "0 8 8")).toHaveLength(3);
  });

  it("keeps a bounded number of tiles, the coarsest always, and closes the others", async () => {
    const { made, picture } = pyramid();
    for (let x = 0; x < 12_000; x += 3200) {
      for (let y = 0; y < 9000; y += 1800) await drawn(picture, view(1, x, y, 3200, 1800));
    }
    const open = made.filter(({ closed }) => !closed);
    expect(made.length).toBeGreaterThan(300);
    expect(open).toHaveLength(96);
    expect(open.map(({ name }) => name)).toContain("5 0 0");
    picture.close();
    expect(made.every(({ closed }) => closed)).toBe(true);
  });

  it("meets its neighbours on whole device pixels, to the very edge of the picture", async () => {
    const { picture } = pyramid();
    const calls = await drawn(picture, view(0.13, 9000, 6000));
    const boxes = calls.map((call) => call.slice(5) as number[]);
    expect(boxes.flat().every(Number.isInteger)).toBe(true);
    const right = Math.max(...boxes.map(([x = 0, , width = 0]) => x + width));
    expect(right).toBe(Math.round(3000 * 0.13));
  });

  it("says when there is more to draw, and nothing after it was closed", async () => {
    const { picture } = pyramid();
    let count = 0;
    picture.listen(() => (count += 1));
    picture.draw(new RecordingSurface().context, view(0.1));
    await settle();
    expect(count).toBeGreaterThan(0);
    picture.close();
    const before = count;
    picture.draw(new RecordingSurface().context, view(1));
    await settle();
    expect(count).toBe(before);
  });
});
