/** Owns the records of the editor and their form on the wire. Knows no drawing. */

import { apiToShape, shapeUtil, type Shape } from "../shapes";

export interface AnnotationRecord {
  readonly kind: "annotation";
  /** The uuid on the wire. */
  readonly id: string;
  readonly classId: number;
  readonly shape: Shape;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly occluded: boolean;
  readonly truncated: boolean;
  readonly crowd: boolean;
  readonly zOrder: number;
  readonly group: number | null;
  /** "human", "import", "method:<key>" or "run:<id>". */
  readonly source: string;
  readonly score: number | null;
  readonly createdBy: unknown;
  readonly createdIn: number | null;
  /** Position among objects of one zOrder; never sent. */
  readonly order: number;
  /** Of this session only; never sent. */
  readonly hidden: boolean;
  /** Of this session only; never sent. */
  readonly locked: boolean;
}

export interface PredictionRecord {
  readonly kind: "prediction";
  /** "prediction:<uuid>": the annotation that it becomes has its uuid. */
  readonly id: string;
  readonly uuid: string;
  readonly classId: number;
  readonly shape: Shape;
  readonly score: number;
  readonly state: "pending" | "accepted" | "rejected";
  readonly batch: unknown;
  readonly run: unknown;
  readonly order: number;
}

export interface ClassRecord {
  readonly kind: "class";
  /** "class:<number on the wire>" */
  readonly id: string;
  readonly classId: number;
  readonly number: number;
  readonly name: string;
  readonly color: string;
  readonly hotkey: string;
  readonly position: number;
}

export interface ImageRecord {
  readonly kind: "image";
  readonly id: "image";
  readonly imageId: number;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** unlabelled, in_progress, annotated, verified_empty or skipped. */
  readonly state: string;
}

export type ObjectRecord = AnnotationRecord | PredictionRecord;
export type EditorRecord = ObjectRecord | ClassRecord | ImageRecord;

export interface ApiAnnotation {
  readonly uuid: string;
  readonly class: number;
  readonly shape: unknown;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly occluded?: boolean;
  readonly truncated?: boolean;
  readonly crowd?: boolean;
  readonly z_order?: number;
  readonly group?: number | null;
  readonly source?: string;
  readonly score?: number | null;
  readonly created_by?: unknown;
  readonly created_in?: number | null;
}

export interface ApiPrediction {
  readonly uuid: string;
  readonly class: number;
  readonly shape: unknown;
  readonly score: number;
  readonly state?: string;
  readonly batch?: unknown;
  readonly run?: unknown;
}

export interface ApiClass {
  readonly id: number;
  readonly number: number;
  readonly name: string;
  readonly color: string;
  readonly hotkey?: string | null;
  readonly position?: number;
}

export interface ApiImage {
  readonly id: number;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly state: string;
}

/** Throws a ShapeError when the shape cannot be read. */
export function apiToAnnotation(api: ApiAnnotation, order: number): AnnotationRecord {
  return {
    kind: "annotation",
    id: api.uuid,
    classId: api.class,
    shape: apiToShape(api.shape),
    attributes: api.attributes ?? {},
    occluded: api.occluded ?? false,
    truncated: api.truncated ?? false,
    crowd: api.crowd ?? false,
    zOrder: api.z_order ?? 0,
    group: api.group ?? null,
    source: api.source ?? "human",
    score: api.score ?? null,
    createdBy: api.created_by ?? null,
    createdIn: api.created_in ?? null,
    order,
    hidden: false,
    locked: false,
  };
}

/** What a save sends: all that the server keeps except who and when, which it writes itself. */
export function annotationToApi(record: AnnotationRecord): ApiAnnotation {
  return {
    uuid: record.id,
    class: record.classId,
    shape: shapeUtil(record.shape).toApi(record.shape),
    attributes: record.attributes,
    occluded: record.occluded,
    truncated: record.truncated,
    crowd: record.crowd,
    z_order: record.zOrder,
    group: record.group,
    source: record.source,
    score: record.score,
  };
}

/** Whether the server would see no difference. */
export function sameOnWire(a: AnnotationRecord, b: AnnotationRecord): boolean {
  return a === b || JSON.stringify(annotationToApi(a)) === JSON.stringify(annotationToApi(b));
}

/** Throws a ShapeError when the shape cannot be read. */
export function apiToPrediction(api: ApiPrediction, order: number): PredictionRecord {
  const state = api.state === "accepted" || api.state === "rejected" ? api.state : "pending";
  return {
    kind: "prediction",
    id: predictionId(api.uuid),
    uuid: api.uuid,
    classId: api.class,
    shape: apiToShape(api.shape),
    score: api.score,
    state,
    batch: api.batch ?? null,
    run: api.run ?? null,
    order,
  };
}

export function predictionId(uuid: string): string {
  return `prediction:${uuid}`;
}

/** The annotation that an accepted prediction becomes. */
export function predictionToAnnotation(prediction: PredictionRecord, order: number): AnnotationRecord {
  return {
    ...apiToAnnotation({ uuid: prediction.uuid, class: prediction.classId, shape: prediction.shape }, order),
    source: `run:${String(prediction.run)}`,
    score: prediction.score,
  };
}

export function apiToClass(api: ApiClass): ClassRecord {
  return {
    kind: "class",
    id: `class:${api.id}`,
    classId: api.id,
    number: api.number,
    name: api.name,
    color: api.color,
    hotkey: api.hotkey ?? "",
    position: api.position ?? api.number,
  };
}

export function apiToImage(api: ApiImage): ImageRecord {
  const { id, name, width, height, state } = api;
  return { kind: "image", id: "image", imageId: id, name, width, height, state };
}
