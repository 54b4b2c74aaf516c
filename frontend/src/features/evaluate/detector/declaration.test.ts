import { expect, it } from "vitest";
import { asDeclaration, inputOf, nameOfFile, namesIn } from "./declaration";

const HEAD = {
  key: "rows",
  title: "Rows",
  description: "",
  inputs: [
    { title: "BGR", values: { channels: "BGR", pad: 114 } },
    { title: "RGB from 0 to 1", values: { scale: 255 } },
  ],
};

it("finds the way in among those of the head, numbers compared as numbers", () => {
  expect(inputOf(HEAD, { channels: "RGB", scale: 255.0, mean: [0.0, 0, 0], std: [1, 1, 1], fit: "letterbox" })).toBe(1);
  expect(inputOf(HEAD, { channels: "BGR" })).toBe(0);
  expect(inputOf(HEAD, { channels: "BGR", pad: 0 })).toBe(-1);
});

it("takes nothing but a JSON object for a declaration", () => {
  expect(asDeclaration('{"classes": ["a", 3]}')).toEqual({ classes: ["a", 3] });
  expect(asDeclaration("[1]")).toBeNull();
  expect(asDeclaration("{")).toBeNull();
  expect(namesIn({ classes: ["a", 3] })).toEqual(["a"]);
});

it("names a model after its file", () => {
  expect(nameOfFile("yolox_nano-coco.ONNX")).toBe("yolox nano coco");
});
