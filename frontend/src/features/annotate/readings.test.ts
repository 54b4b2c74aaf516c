import { expect, test } from "vitest";
import { Readings } from "./readings";

const away = new Error("away");
const gone = new Error("gone");

function scene() {
  const server = { online: true, refuses: false, version: 1, calls: [] as number[], time: 100_000 };
  const readings = new Readings({
    read: (image: number) => {
      server.calls.push(image);
      if (server.refuses) return Promise.reject(gone);
      return server.online ? Promise.resolve(`${image}@${server.version}`) : Promise.reject(away);
    },
    isUnreachable: (error) => error === away,
    now: () => server.time,
  });
  const get = (image: number) => readings.get(image, new AbortController().signal);
  const ahead = (image: number) => readings.fetchAhead(image, new AbortController().signal);
  return { server, readings, get, ahead };
}

test("what was read ahead opens without another question for 15 s, and is read again after that", async () => {
  const { server, get, ahead } = scene();
  await ahead(7);
  await ahead(7);
  expect(await get(7)).toBe("7@1");
  expect(server.calls).toEqual([7]);
  server.version = 2;
  server.time += 15_000;
  expect(await get(7)).toBe("7@2");
});

test("without the network the image opens as it was kept, also one that was worked on since", async () => {
  const { server, readings, get, ahead } = scene();
  await get(1);
  await ahead(2);
  readings.outdate(1);
  server.online = false;
  server.time += 3_600_000;
  expect([await get(1), await get(2)]).toEqual(["1@1", "2@1"]);
  await expect(get(3)).rejects.toThrow("away");
  server.online = true;
  server.version = 2;
  expect(await get(1)).toBe("1@2");
});

test("what the server says against it is not papered over with what was kept", async () => {
  const { server, readings, get } = scene();
  await get(1);
  readings.outdate(1);
  server.refuses = true;
  await expect(get(1)).rejects.toThrow("gone");
});

test("the sixteen images that were used last are kept", async () => {
  const { server, get, ahead } = scene();
  for (let image = 1; image <= 17; image += 1) await ahead(image);
  server.online = false;
  await expect(get(1)).rejects.toThrow("away");
  expect(await get(2)).toBe("2@1");
});
