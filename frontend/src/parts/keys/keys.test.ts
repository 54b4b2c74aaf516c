import { beforeEach, describe, expect, it, vi } from "vitest";

import { clashing } from "../../editor";
import { messages } from "../../i18n/en";
import { CATALOGUE, SECTIONS } from "./catalogue";
import { followPerson, keyBindings, parseBindings, saveKeyBindings } from "./store";

describe("the catalogue of keys", () => {
  it("has nothing twice, and no key for two things at the same time", () => {
    const ids = CATALOGUE.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const clashes = CATALOGUE.flatMap((entry) =>
      entry.keys.flatMap((key) => clashing(CATALOGUE, {}, entry, key).map(({ id }) => `${key}: ${entry.id}, ${id}`)),
    );
    expect(clashes).toEqual([]);
  });

  it("names every action and section", () => {
    const { action, section } = messages.keys;
    const named = new Set(Object.keys(action));
    const missing = CATALOGUE.filter(({ id }) => !named.has(id) && !named.has(id.replace(/-[1-9]$/, "")));
    expect(missing).toEqual([]);
    expect(Object.keys(section).sort()).toEqual([...SECTIONS].sort());
  });
});

describe("the person's own keys", () => {
  const stored = new Map<string, string>();
  beforeEach(() => {
    stored.clear();
    vi.stubGlobal("window", new EventTarget());
    vi.stubGlobal("localStorage", {
      getItem: (name: string) => stored.get(name) ?? null,
      setItem: (name: string, value: string) => stored.set(name, value),
    });
  });

  it("are each person's, and there again at the next visit", () => {
    const leave = followPerson(1);
    saveKeyBindings({ undo: ["U"] });
    leave();
    expect(keyBindings.get()).toEqual({});
    followPerson(2)();
    expect(keyBindings.get()).toEqual({});
    const leaveAgain = followPerson(1);
    expect(keyBindings.get()).toEqual({ undo: ["U"] });
    leaveAgain();
  });

  it("are not harmed by what is no set of keys", () => {
    stored.set("key-bindings:1", "{broken");
    const leave = followPerson(1);
    expect(keyBindings.get()).toEqual({});
    leave();
    expect(parseBindings('{"undo": "U"}')).toBeNull();
    expect(parseBindings("[]")).toBeNull();
    expect(parseBindings('{"undo": ["U"]}')).toEqual({ undo: ["U"] });
  });
});
