import { expect, test } from "vitest";
import type { Architecture } from "../../api/types";
import { changedValues, presetValues } from "./config";

const architecture = {
  config: [
    { key: "epochs", default: 20 },
    { key: "pretrained", default: true },
  ],
  presets: [{ key: "quick", title: "", description: "", config: { epochs: 4 } }],
} as unknown as Architecture;

test("a preset lies over the defaults, an unknown one leaves them", () => {
  expect(presetValues(architecture, "quick")).toEqual({ epochs: 4, pretrained: true });
  expect(presetValues(architecture, "none")).toEqual({ epochs: 20, pretrained: true });
});

test("an edit back to the preset's value is no change", () => {
  expect(changedValues({ epochs: 4, pretrained: false }, { epochs: 4, pretrained: true })).toEqual({
    pretrained: false,
  });
});
