import { expect, test } from "vitest";
import { TestEditor } from "../testing";

const CAT = { uuid: "cat", class: 11, shape: { type: "box", box: [0, 0, 40, 40] } };
const DOG = { uuid: "dog", class: 12, shape: { type: "box", box: [10, 10, 20, 20] } };

test("in single-class mode the others cannot be grabbed, and their keys say why", () => {
  const { editor } = new TestEditor({ annotations: [CAT, DOG] });
  editor.setClass(11);
  editor.select(["cat", "dog"]);
  expect(editor.run("single-class")).toBe(true);
  expect([...editor.selection.get()]).toEqual(["cat"]);
  editor.run("select-all");
  expect([...editor.selection.get()]).toEqual(["cat"]);
});

test("class keys do not leave the class of the mode, a choice in the list moves the mode", () => {
  const driver = new TestEditor({ annotations: [CAT, DOG] });
  const { editor } = driver;
  editor.setClass(11);
  editor.run("single-class");
  driver.key("2");
  expect(editor.session.get().activeClass).toBe(11);
  editor.setClass(12);
  expect(editor.settings.get().onlyClass).toBe(12);
  editor.run("single-class");
  driver.key("1");
  expect(editor.session.get().activeClass).toBe(11);
});

test("without a class there is no such mode", () => {
  const { editor } = new TestEditor();
  editor.setClass(null);
  expect(editor.canRun("single-class")).toBe("Choose a class first.");
  expect(editor.run("single-class")).toBe(false);
  expect(editor.settings.get().onlyClass).toBeNull();
});

test("objects that a filter leaves out cannot be grabbed, and an equal filter changes nothing", () => {
  const { editor } = new TestEditor({ annotations: [CAT, DOG] });
  editor.focus.setObjects(new Set(["dog"]));
  const before = editor.settings.get();
  editor.focus.setObjects(new Set(["dog"]));
  expect(editor.settings.get()).toBe(before);
  editor.run("select-all");
  expect([...editor.selection.get()]).toEqual(["dog"]);
  editor.focus.setObjects(null);
  editor.run("select-all");
  expect(editor.selection.get().size).toBe(2);
});
