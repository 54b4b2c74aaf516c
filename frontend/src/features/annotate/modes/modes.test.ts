import { expect, test, vi } from "vitest";
import type { AnnotationRecord, ClassRecord } from "../../../editor";
import { TestEditor } from "../../../editor/testing";
import { firstOpen, questionsOf } from "./questions";
import { tagActions } from "./tagging";

test("tag mode tags with the class's key and goes on; a second press does not take the tag away", () => {
  const driver = new TestEditor();
  const onDone = vi.fn();
  const forget = driver.editor.keymap.register(tagActions(driver.editor, onDone));
  driver.key("2").key("2");
  expect(driver.editor.objects.get().map(({ classId, shape }) => `${shape.type} ${classId}`)).toEqual(["tag 12"]);
  expect(onDone).toHaveBeenCalledTimes(2);
  forget();
  driver.key("1");
  expect(driver.editor.objects.get()).toHaveLength(1);
  expect(driver.editor.session.get().activeClass).toBe(11);
});

const CLASSES = [
  {
    classId: 1,
    name: "cell",
    attributes: [
      { name: "stage", type: "select", values: ["early", "late"] },
      { name: "note", type: "text" },
      { name: "sure", type: "checkbox" },
    ],
  },
  { classId: 2, name: "dust", attributes: [] },
] as unknown as ClassRecord[];
const object = (id: string, classId: number, attributes = {}, locked = false) =>
  ({ id, classId, attributes, locked }) as unknown as AnnotationRecord;

test("attribute mode asks what digits can answer, of what may be changed, and starts where no answer is", () => {
  const questions = questionsOf(
    [object("a", 1, { stage: "late" }), object("b", 2), object("c", 1, {}, true), object("d", 1)],
    CLASSES,
  );
  expect(questions.map((one) => `${one.object} ${one.attribute}`)).toEqual(["a stage", "a sure", "d stage", "d sure"]);
  expect(questions[0]).toMatchObject({ answer: "late", choices: ["early", "late"] });
  expect(firstOpen(questions)).toBe(1);
  expect(firstOpen([])).toBe(0);
});
