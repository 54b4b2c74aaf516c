import { expect, test } from "vitest";
import { PALETTE } from "../ui/palette";
import { parseClassLines } from "./classLines";

test("a name alone gets the next palette colour and the next free digit", () => {
  expect(parseClassLines("RBC\nWBC").classes).toEqual([
    { name: "RBC", color: PALETTE[0], hotkey: "1" },
    { name: "WBC", color: PALETTE[1], hotkey: "2" },
  ]);
});

test("colour and hotkey are read from the end, names keep their spaces", () => {
  expect(parseClassLines("  long sleeve shirt #F0a  q \n").classes).toEqual([
    { name: "long sleeve shirt", color: "#ff00aa", hotkey: "q" },
  ]);
});

test("a short last word without a colour before it belongs to the name", () => {
  expect(parseClassLines("type A\nclass 1").classes.map((item) => item.name)).toEqual(["type A", "class 1"]);
});

test("a digit taken by a later line is not handed out before it", () => {
  expect(parseClassLines("a\nb #112233 1").classes.map((item) => item.hotkey)).toEqual(["2", "1"]);
});

test("doubled names and hotkeys and nameless lines are named with their line, the rest is kept", () => {
  const { classes, problems } = parseClassLines("a #111111 k\na\n\nb #222222 K\n#333333\nc");
  expect(classes.map((item) => item.name)).toEqual(["a", "c"]);
  expect(problems).toEqual([
    { line: 2, kind: "duplicateName", value: "a" },
    { line: 4, kind: "duplicateHotkey", value: "k" },
    { line: 5, kind: "noName", value: "#333333" },
  ]);
});

test("lines of Windows files and unicode names pass", () => {
  expect(parseClassLines("Größe\r\n猫 #00ff00").classes).toEqual([
    { name: "Größe", color: PALETTE[0], hotkey: "1" },
    { name: "猫", color: "#00ff00", hotkey: "2" },
  ]);
});

test("more classes than palette and digits wrap the colours and leave hotkeys empty", () => {
  const { classes } = parseClassLines(Array.from({ length: 21 }, (_, index) => `c${index}`).join("\n"));
  expect(classes[20]).toEqual({ name: "c20", color: PALETTE[0], hotkey: "" });
});
