import { describe, expect, it } from "vitest";
import { sharedValue } from "./shared";

describe("sharedValue", () => {
  it("is the one value, and says where they differ", () => {
    expect(sharedValue([3, 3])).toEqual({ value: 3, mixed: false });
    expect(sharedValue([3, undefined])).toEqual({ value: undefined, mixed: true });
    expect(sharedValue([undefined, undefined])).toEqual({ value: undefined, mixed: false });
    expect(sharedValue([])).toEqual({ value: undefined, mixed: false });
  });
});
