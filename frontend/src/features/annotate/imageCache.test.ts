import { expect, test, vi } from "vitest";
import { ImageCache } from "./imageCache";

const source = (id: number) => ({ id, url: `/${id}` });

test("a picture is loaded once, however often it is asked for", async () => {
  const load = vi.fn(() => Promise.resolve({}));
  const cache = new ImageCache(load);
  expect(await cache.get(source(1))).toBe(await cache.get(source(1)));
  expect(load).toHaveBeenCalledTimes(1);
});

test("the five last used are kept, the others are closed", async () => {
  const closed: number[] = [];
  const cache = new ImageCache(({ id }: { id: number }) => Promise.resolve({ close: () => closed.push(id) }));
  for (const id of [1, 2, 3, 4, 5]) await cache.get(source(id));
  await cache.get(source(1));
  await cache.get(source(6));
  await Promise.resolve();
  expect(closed).toEqual([2]);
});

test("a picture that failed is asked for again", async () => {
  let online = false;
  const cache = new ImageCache(() => (online ? Promise.resolve({}) : Promise.reject(new Error("away"))));
  await expect(cache.get(source(1))).rejects.toThrow("away");
  online = true;
  await expect(cache.get(source(1))).resolves.toEqual({});
});
