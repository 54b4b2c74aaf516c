/** Random work under random trouble: at the end the server has what the person drew, and "saved" was never a lie. */

import { describe, expect, it } from "vitest";

import { annotationToApi, type ApiAnnotation } from "../store/records";
import { boxAnnotation, FakeServer, settle, TestEditor } from "../testing";
import { MemoryJournal } from "./journal";
import { TransportError } from "./transport";

const IMAGES = [5, 6, 7];
const STEPS = 60;
const RUNS = 40;

/** A small generator of even quality (mulberry32), so that a run can be repeated by its number. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** What a person drew counts until somebody else changes what the server already has of it. */
class Person {
  readonly server = new FakeServer();
  private journal = new MemoryJournal();
  private test: TestEditor;
  private image = 5;
  private count = 0;
  private readonly drawn = new Map<string, string>();
  /** What each object of `drawn` was before: work that is undone leaves nothing to save. */
  private readonly base = new Map<string, string>();
  private readonly imageOf = new Map<string, number>();

  constructor(private readonly random: (below: number) => number) {
    for (const id of IMAGES) {
      const given = boxAnnotation(`given-${id}`, [10, 10, 20, 20]);
      this.server.rows.set(given.uuid, { value: given, revision: 1, imageId: id });
    }
    this.test = this.start();
    this.visit(5);
  }

  async step(): Promise<string> {
    const acts: readonly (readonly [string, () => unknown])[] = [
      ["draw", () => this.draw()],
      ["draw", () => this.draw()],
      ["change", () => this.change()],
      ["change", () => this.change()],
      ["delete", () => this.edit((id) => this.test.editor.remove([id]))],
      ["undo", () => this.work(() => void this.test.key("Ctrl+Z"))],
      ["redo", () => this.work(() => void this.test.key("Ctrl+Y"))],
      ["wait a moment", () => this.test.clock.advance(this.random(900))],
      ["wait", () => this.test.clock.advance(2000 + this.random(30_000))],
      ["lose the connection", () => this.fail("network")],
      ["lose an answer", () => void (this.server.loseAnswer = true)],
      ["expire", () => this.fail("unauthenticated")],
      ["sign in", () => this.test.editor.sync.retry()],
      ["bar", () => this.fail("barred")],
      ["somebody else edits", () => this.interfere()],
      ["decide", () => this.decide()],
      ["another image", () => this.visit(IMAGES[this.random(IMAGES.length)] ?? 5)],
      ["leave the page and stay", () => this.test.editor.sync.leave()],
      ["crash", () => this.crash()],
    ];
    const [name, act] = acts[this.random(acts.length)] ?? ["", () => undefined];
    await act();
    await settle();
    if (this.test.editor.sync.status.get().state === "saved") this.expectSaved(`"saved" after "${name}"`);
    return name;
  }

  async end(): Promise<void> {
    this.server.failures = [];
    this.server.loseAnswer = false;
    for (let round = 0; round < 5; round += 1) {
      this.test.editor.sync.retry();
      await this.test.clock.advance(60_000);
      for (const { uuid } of this.test.editor.sync.status.get().conflicts) this.test.editor.sync.resolve(uuid, "mine");
      await this.test.clock.advance(5000);
    }
    expect(this.test.editor.sync.status.get()).toMatchObject({ state: "saved", pending: 0 });
    this.expectSaved("the end");
    expect(this.journal.all()).toEqual([]);
    for (const id of IMAGES) {
      this.visit(id);
      expect(sorted(this.test.objects.map(annotationToApi))).toEqual(sorted(this.server.annotations(id)));
    }
  }

  private start(): TestEditor {
    const test = new TestEditor({ server: this.server, journal: this.journal, empty: true });
    this.count += 1;
    const run = this.count;
    let made = 0;
    // Two pages never make the same identity.
    Object.assign(test, { uuid: () => `${run}-${(made += 1)}` });
    return test;
  }

  private visit(id: number): void {
    this.image = id;
    this.test.open({ image: { id, name: `${id}.jpg`, width: 200, height: 100, state: "in_progress" } });
  }

  /** Whatever the person does to objects of the open image is what they drew from then on. */
  private work(act: () => void): void {
    const before = new Map(this.test.objects.map((record) => [record.id, JSON.stringify(annotationToApi(record))]));
    act();
    const after = new Map(this.test.objects.map((record) => [record.id, JSON.stringify(annotationToApi(record))]));
    for (const id of new Set([...before.keys(), ...after.keys()])) {
      if (before.get(id) === after.get(id)) continue;
      this.note(id, before.get(id) ?? "deleted", after.get(id) ?? "deleted");
    }
  }

  private note(id: string, before: string, after: string): void {
    const isNew = !this.drawn.has(id) || this.drawn.get(id) === this.stored(id);
    if (isNew) this.base.set(id, before);
    if (!isNew && this.base.get(id) === after) this.drawn.delete(id);
    else this.drawn.set(id, after);
    this.imageOf.set(id, this.image);
  }

  private stored(id: string): string {
    const value = this.server.rows.get(id)?.value;
    return value ? wire(value) : "deleted";
  }

  private draw(): void {
    const x = 5 + this.random(150);
    this.work(() => {
      this.test.editor.setTool("box");
      this.test.drag([
        [x, 40],
        [x + 12, 70],
      ]);
    });
  }

  private change(): void {
    const group = this.random(1000);
    this.edit((id) => this.test.editor.patch([id], { group }, "x"));
  }

  private edit(act: (id: string) => void): void {
    const { objects } = this.test;
    const chosen = objects[this.random(objects.length)];
    if (chosen) this.work(() => act(chosen.id));
  }

  private fail(kind: TransportError["kind"]): void {
    const count = kind === "network" ? 1 + this.random(4) : 1;
    this.server.failures.push(...Array.from({ length: count }, () => new TransportError(kind, "Not now.")));
  }

  private interfere(): void {
    const rows = [...this.server.rows].filter(([, row]) => row.value !== null);
    const [uuid, row] = rows[this.random(rows.length)] ?? [];
    if (uuid === undefined || !row?.value) return;
    // What the server has already is overwritten knowingly; what it does not have yet becomes a conflict.
    if (this.drawn.get(uuid) === wire(row.value)) this.drawn.delete(uuid);
    // Of two people who delete the same object neither has anything to decide, so it says nothing here.
    const gone = this.random(3) === 0 && this.drawn.get(uuid) !== "deleted";
    this.server.edit(uuid, gone ? null : { ...row.value, z_order: 1 + this.random(1000) }, row.imageId ?? 5);
  }

  private decide(): void {
    for (const { uuid } of this.test.editor.sync.status.get().conflicts) {
      if (this.random(2) === 0) {
        this.drawn.delete(uuid);
        this.test.editor.sync.resolve(uuid, "theirs");
      } else this.test.editor.sync.resolve(uuid, "mine");
    }
  }

  private async crash(): Promise<void> {
    // The journal follows a quarter of a second behind.
    await this.test.clock.advance(260);
    this.test.editor.sync.dispose();
    this.journal = new MemoryJournal(
      JSON.parse(JSON.stringify(this.journal.all())) as ReturnType<MemoryJournal["all"]>,
    );
    this.test = this.start();
    await this.test.editor.sync.recover();
    this.visit(this.image);
  }

  private expectSaved(when: string): void {
    for (const [uuid, value] of this.drawn) {
      expect([when, uuid, this.stored(uuid)]).toEqual([when, uuid, value]);
      const row = this.server.rows.get(uuid);
      if (row?.value) expect(row.imageId ?? 5).toBe(this.imageOf.get(uuid));
    }
  }
}

/** As the editor sends it: who and when are the server's. */
function wire(value: ApiAnnotation): string {
  return JSON.stringify({ ...value, created_by: undefined, created_in: undefined });
}

const sorted = (values: readonly ApiAnnotation[]): string[] => values.map(wire).sort();

describe("random work under random trouble", () => {
  it.each(Array.from({ length: RUNS }, (_, seed) => seed + 1))("run %i", async (seed) => {
    const person = new Person(randomOf(seed));
    const done: string[] = [];
    try {
      for (let step = 0; step < STEPS; step += 1) done.push(await person.step());
      await person.end();
    } catch (error) {
      throw new Error(`After ${done.slice(-12).join(", ")}: ${(error as Error).message}`, { cause: error });
    }
  });
});
