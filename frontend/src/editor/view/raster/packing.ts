/**
 * Owns objects in the form in which a worker gets them: columns of numbers, which are handed over without a copy, where
 * the objects as they are would be cloned vertex by vertex.
 */

import type { Vertex } from "../../geometry/point";
import { partRings, type PolygonPart, type Ring } from "../../geometry/polygon";
import type { Shape } from "../../shapes";
import type { AnnotationRecord, ObjectRecord, PredictionRecord } from "../../store/records";

/** Only what is needed to draw. */
export interface PackedObjects {
  readonly ids: readonly string[];
  /** `COLUMNS` for each object. */
  readonly columns: Float64Array;
  readonly sources: readonly string[];
  /** Null: a polygon, the next one in `outlines` and `coordinates`. */
  readonly shapes: readonly (Shape | null)[];
  /** For each polygon the number of its parts; for each part that of its rings, and for each ring that of its vertices. */
  readonly outlines: Uint32Array;
  readonly coordinates: Float64Array;
}

const COLUMNS = 6;
const STATES: readonly PredictionRecord["state"][] = ["pending", "accepted", "rejected"];

export function packObjects(records: readonly ObjectRecord[]): PackedObjects {
  const columns = new Float64Array(COLUMNS * records.length);
  const sources = new Map<string, number>();
  const outlines: number[] = [];
  const coordinates: number[] = [];
  records.forEach((record, at) => {
    const isAnnotation = record.kind === "annotation";
    const source = isAnnotation ? record.source : "";
    if (!sources.has(source)) sources.set(source, sources.size);
    const zOrder = isAnnotation ? record.zOrder : 0;
    // Which kind of object, and whether it is there to be seen.
    const state = isAnnotation ? -1 - Number(record.hidden) : STATES.indexOf(record.state);
    const row = [record.classId, record.order, zOrder, state, record.score ?? 0, sources.get(source) ?? 0];
    columns.set(row, COLUMNS * at);
    if (record.shape.type === "polygon") packParts(record.shape.parts, outlines, coordinates);
  });
  return {
    ids: records.map(({ id }) => id),
    columns,
    sources: [...sources.keys()],
    shapes: records.map(({ shape }) => (shape.type === "polygon" ? null : shape)),
    outlines: Uint32Array.from(outlines),
    coordinates: Float64Array.from(coordinates),
  };
}

export function packedBuffers({ columns, outlines, coordinates }: PackedObjects): ArrayBufferLike[] {
  return [columns.buffer, outlines.buffer, coordinates.buffer];
}

/** What is not needed to draw is empty. */
export function unpackObjects(packed: PackedObjects): ObjectRecord[] {
  const reader = new OutlineReader(packed);
  return packed.ids.map((id, at) => {
    const [classId = 0, order = 0, zOrder = 0, state = 0, score = 0, source = 0] = packed.columns.subarray(
      COLUMNS * at,
      COLUMNS * (at + 1),
    );
    const shape = packed.shapes[at] ?? { type: "polygon", parts: reader.next() };
    if (state >= 0) return prediction({ id, classId, order, score, shape }, STATES[state] ?? "rejected");
    const hidden = state === -2;
    return annotation({ id, classId, order, zOrder, hidden, shape, source: packed.sources[source] ?? "" });
  });
}

function packParts(parts: readonly PolygonPart[], outlines: number[], coordinates: number[]): void {
  outlines.push(parts.length);
  for (const part of parts) {
    const rings = partRings(part);
    outlines.push(rings.length);
    for (const ring of rings) {
      outlines.push(ring.length);
      for (const [x, y] of ring) coordinates.push(x, y);
    }
  }
}

class OutlineReader {
  private outline = 0;
  private coordinate = 0;

  constructor(private readonly packed: PackedObjects) {}

  next(): PolygonPart[] {
    return Array.from({ length: this.count() }, () => {
      const [outer = [], ...holes] = Array.from({ length: this.count() }, () => this.ring());
      return { outer, holes };
    });
  }

  private count(): number {
    this.outline += 1;
    return this.packed.outlines[this.outline - 1] ?? 0;
  }

  private ring(): Ring {
    const { coordinates } = this.packed;
    return Array.from({ length: this.count() }, (): Vertex => {
      this.coordinate += 2;
      return [coordinates[this.coordinate - 2] ?? 0, coordinates[this.coordinate - 1] ?? 0];
    });
  }
}

type Drawn<R, K extends keyof R> = Pick<R, K>;

function annotation(
  drawn: Drawn<AnnotationRecord, "id" | "classId" | "order" | "zOrder" | "hidden" | "shape" | "source">,
): AnnotationRecord {
  return {
    ...drawn,
    kind: "annotation",
    attributes: {},
    occluded: false,
    truncated: false,
    crowd: false,
    group: null,
    score: null,
    createdBy: null,
    createdIn: null,
    locked: false,
    pinned: false,
  };
}

function prediction(
  drawn: Drawn<PredictionRecord, "id" | "classId" | "order" | "score" | "shape">,
  state: PredictionRecord["state"],
): PredictionRecord {
  return { ...drawn, kind: "prediction", uuid: drawn.id, state, batch: null, model: null, source: "" };
}
