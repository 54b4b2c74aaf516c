import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { AnnotationRecord } from "../../../editor";
import { type Copies, propagate, takeBack } from "./propagate";

interface Sent {
  readonly image: number;
  readonly batch: { base_revision: number; create?: { uuid: string }[]; delete?: string[]; state?: string };
}

/** Images 1 to 3 of one size; whatever is created is there until it is deleted. */
class Server {
  readonly sent: Sent[] = [];
  readonly objects = new Map<number, { uuid: string; class: number; shape: object }[]>();
  readonly states = new Map<number, string>();
  readonly changed = new Set<string>();
  unreachable = 0;
  revision = 10;

  async answer(request: Request): Promise<Response> {
    const image = Number(/images\/(\d+)\//.exec(request.url)?.[1]);
    if (image === this.unreachable) throw new TypeError("Failed to fetch");
    if (request.method === "POST") return this.apply(image, (await request.json()) as Sent["batch"]);
    if (request.url.includes("/annotations/")) {
      return json({ revision: this.revision, state: this.stateOf(image), annotations: this.objects.get(image) ?? [] });
    }
    return json({ id: image, width: 100, height: 100, name: "a", state: this.stateOf(image) });
  }

  stateOf(image: number): string {
    return this.states.get(image) ?? "unlabelled";
  }

  private apply(image: number, batch: Sent["batch"]): Response {
    this.sent.push({ image, batch });
    this.revision += 1;
    const conflicts = (batch.delete ?? []).filter((uuid) => this.changed.has(uuid)).map((uuid) => ({ uuid }));
    const gone = new Set((batch.delete ?? []).filter((uuid) => !this.changed.has(uuid)));
    const left = (this.objects.get(image) ?? []).filter(({ uuid }) => !gone.has(uuid));
    this.objects.set(image, [...left, ...((batch.create ?? []) as never[])]);
    this.states.set(image, batch.state ?? "in_progress");
    const body = { revision: this.revision, state: this.stateOf(image), created: 0, updated: 0, deleted: 0 };
    return conflicts.length > 0
      ? json({ ...body, code: "conflict", detail: "", fields: {}, conflicts }, 409)
      : json(body);
  }
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
}

const BOX = {
  kind: "annotation",
  id: "a",
  classId: 1,
  shape: { type: "box", box: [10, 10, 20, 20] },
  attributes: {},
} as unknown as AnnotationRecord;

let server: Server;
let client: QueryClient;
const changed: number[] = [];

beforeEach(() => {
  server = new Server();
  client = new QueryClient();
  changed.length = 0;
  vi.stubGlobal("document", { cookie: "csrftoken=abc" });
  vi.stubGlobal("fetch", (request: Request) => server.answer(request));
});
afterEach(() => vi.unstubAllGlobals());

const parts = () => ({ client, person: 3, onChanged: (image: number) => changed.push(image) });

function copy(images: readonly number[]) {
  return propagate([BOX], images, { ...parts(), onStep: () => undefined });
}

async function back(made: readonly Copies[]) {
  const left: (readonly Copies[])[] = [];
  const result = await takeBack(made, { ...parts(), onStep: (rest) => left.push(rest) });
  return { result, left };
}

test("all copies go from all images in one act, and the images are unlabelled again", async () => {
  const { made, copies } = await copy([1, 2, 3]);
  expect([copies, made.map(({ image }) => image)]).toEqual([3, [1, 2, 3]]);
  const { result, left } = await back(made);
  expect(result).toEqual({ copies: 3, kept: 0 });
  expect([1, 2, 3].map((image) => server.objects.get(image))).toEqual([[], [], []]);
  expect([1, 2, 3].map((image) => server.stateOf(image))).toEqual(["unlabelled", "unlabelled", "unlabelled"]);
  expect(left.map((rest) => rest.length)).toEqual([2, 1, 0]);
  expect(changed).toEqual([1, 2, 3, 1, 2, 3]);
});

test("what was changed since stays, and so does the state of an image that was worked on", async () => {
  const { made } = await copy([1, 2]);
  server.changed.add(made[0]?.uuids[0] ?? "");
  server.objects.get(2)?.push({ uuid: "own", class: 1, shape: {} });
  const { result } = await back(made);
  expect(result).toEqual({ copies: 1, kept: 1 });
  expect(server.objects.get(1)).toHaveLength(1);
  expect(server.objects.get(2)?.map(({ uuid }) => uuid)).toEqual(["own"]);
  expect(server.stateOf(2)).toBe("in_progress");
});

test("what could not be reached is left to be taken back later", async () => {
  const { made } = await copy([1, 2, 3]);
  server.unreachable = 2;
  const left: (readonly Copies[])[] = [];
  await expect(takeBack(made, { ...parts(), onStep: (rest) => left.push(rest) })).rejects.toThrow();
  expect(left.at(-1)?.map(({ image }) => image)).toEqual([2, 3]);
  server.unreachable = 0;
  await back(left.at(-1) ?? []);
  expect([1, 2, 3].map((image) => server.objects.get(image))).toEqual([[], [], []]);
});
