import { describe, expect, it } from "vitest";

import { apiToAnnotation, apiToPrediction, type ObjectRecord } from "../../store/records";
import { packObjects, packedBuffers, unpackObjects } from "./packing";

const polygon = {
  type: "polygon",
  parts: [
    {
      outer: [
        [1.25, 2],
        [9, 2],
        [9, 8.5],
      ],
      holes: [
        [
          [5, 3],
          [6, 3],
          [6, 4],
        ],
      ],
    },
    {
      outer: [
        [20, 20],
        [30, 20],
        [30, 30],
        [20, 30],
      ],
      holes: [],
    },
  ],
};
const box = { type: "box", box: [1, 2, 3, 4] };

const records: readonly ObjectRecord[] = [
  { ...apiToAnnotation({ uuid: "a", class: 3, shape: polygon, z_order: -2, source: "run:7" }, 5), hidden: true },
  apiToAnnotation({ uuid: "b", class: 4, shape: box, source: "human" }, 6),
  apiToPrediction({ uuid: "c", class: 3, shape: polygon, score: 0.75, state: "rejected" }, 7),
];

/** What drawing asks of a record. */
const drawn = (record: ObjectRecord) => {
  const { kind, id, classId, order, shape } = record;
  const common = { kind, id, classId, order, shape };
  return record.kind === "annotation"
    ? { ...common, zOrder: record.zOrder, hidden: record.hidden, source: record.source }
    : { ...common, score: record.score, state: record.state };
};

describe("packed objects", () => {
  it("come out as they went in, as far as they are drawn", () => {
    expect(unpackObjects(packObjects(records)).map(drawn)).toEqual(records.map(drawn));
  });

  it("are handed over, not copied", () => {
    const packed = packObjects(records);
    const there = structuredClone(packed, { transfer: packedBuffers(packed) as ArrayBuffer[] });
    expect(packed.coordinates).toHaveLength(0);
    expect(unpackObjects(there).map(drawn)).toEqual(records.map(drawn));
  });
});
