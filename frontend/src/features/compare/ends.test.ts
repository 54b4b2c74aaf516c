import { describe, expect, it } from "vitest";
import { endsFromSearch, endToChoice, withEnd } from "./ends";

describe("the sides of a comparison", () => {
  it("come from the address and go back to it", () => {
    const search = withEnd(withEnd(new URLSearchParams(), "from", "v7"), "to", "r12");
    expect(search.toString()).toBe("from_version=7&to=12");
    const ends = endsFromSearch(search);
    expect(ends).toEqual({ from: { revision: 0, version: 7 }, to: { revision: 12, version: null } });
    expect([endToChoice(ends?.from ?? null), endToChoice(ends?.to ?? null)]).toEqual(["v7", "r12"]);
  });

  it("mean now where the second side is missing, and nothing where the first is", () => {
    expect(endsFromSearch(new URLSearchParams("from=3"))?.to).toBeNull();
    expect(endsFromSearch(new URLSearchParams("to=3"))).toBeNull();
    expect(endsFromSearch(new URLSearchParams("from=-1"))).toBeNull();
    expect(withEnd(new URLSearchParams("from=3&to=4"), "to", "now").toString()).toBe("from=3");
  });
});
