import { describe, expect, it } from "vitest";
import { filtersFromSearch, withFilter } from "./filters";

describe("the filters of the timeline", () => {
  it("are read from the address, and what means nothing is left out", () => {
    expect(filtersFromSearch(new URLSearchParams("author=ada&kind=&image=7"))).toEqual({ author: "ada", image: 7 });
    expect(filtersFromSearch(new URLSearchParams("image=x"))).toEqual({});
  });

  it("take the object away with its image", () => {
    const search = new URLSearchParams("image=7&object=u");
    expect(withFilter(search, "image", null).toString()).toBe("");
    expect(withFilter(search, "kind", "edit").toString()).toBe("image=7&object=u&kind=edit");
  });
});
