/** Owns the records of the editor and their form on the wire. Knows no drawing. */

import type { Vertex } from "../geometry/point";
import { apiToShape, shapeUtil, type Shape } from "../shapes";
import type { Edges } from "../shapes/ShapeUtil";

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
  /** Cannot be moved, but edited otherwise. Of this session only; never sent. */
  readonly pinned: boolean;
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
  /** The id of the model that proposes it; null where that is not told. */
  readonly model: number | null;
  readonly source: string;
  readonly order: number;
}

/** What can be said of an object of a class, beside the class. */
export interface AttributeDefinition {
  readonly name: string;
  readonly type: "text" | "number" | "checkbox" | "select" | "radio";
  /** To choose from, for select and radio. */
  readonly values?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly default?: string | number | boolean;
}

/** What the points of a class's skeletons are called, and how they hang together. */
export interface SkeletonTemplate {
  readonly points: readonly string[];
  readonly edges: Edges;
  /** Points that change places in a mirror. */
  readonly mirrored?: Edges;
  /** Where each stands in the box that a skeleton is drawn with, 0 … 1; without it they go point by point. */
  readonly places?: readonly Vertex[];
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
  readonly attributes: readonly AttributeDefinition[];
  /** Null: its skeletons are plain points. */
  readonly skeleton: SkeletonTemplate | null;
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
  readonly model?: number;
  readonly source?: string;
}

export interface ApiClass {
  readonly id: number;
  readonly number: number;
  readonly name: string;
  readonly color: string;
  readonly hotkey?: string | null;
  readonly position?: number;
  readonly attributes?: readonly unknown[];
  readonly skeleton?: Readonly<Record<string, unknown>>;
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
    pinned: false,
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
    model: api.model ?? null,
    source: api.source ?? "",
    order,
  };
}

/** What a new object of the class says of itself. */
export function defaultAttributes(definitions: readonly AttributeDefinition[]): AnnotationRecord["attributes"] {
  return Object.fromEntries(
    definitions.flatMap((one) => (one.default === undefined ? [] : [[one.name, one.default] as const])),
  );
}

export function predictionId(uuid: string): string {
  return `prediction:${uuid}`;
}

/** The annotation that an accepted prediction becomes. */
export function predictionToAnnotation(prediction: PredictionRecord, order: number): AnnotationRecord {
  return {
    ...apiToAnnotation({ uuid: prediction.uuid, class: prediction.classId, shape: prediction.shape }, order),
    source: prediction.source,
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
    attributes: (api.attributes ?? []).map(apiToAttribute).filter((definition) => definition !== null),
    skeleton: apiToTemplate(api.skeleton ?? {}),
  };
}

const ATTRIBUTE_TYPES: readonly string[] = ["text", "number", "checkbox", "select", "radio"];

/** Null for what has no name; a type that is not known becomes text, which can hold anything. */
function apiToAttribute(value: unknown): AttributeDefinition | null {
  const definition = value as AttributeDefinition | null;
  if (typeof definition?.name !== "string") return null;
  return ATTRIBUTE_TYPES.includes(definition.type) ? definition : { ...definition, type: "text" };
}

function apiToTemplate(value: Readonly<Record<string, unknown>>): SkeletonTemplate | null {
  const { points, edges } = value as Partial<SkeletonTemplate>;
  return points === undefined || points.length === 0 ? null : { ...value, points, edges: edges ?? [] };
}

export function apiToImage(api: ApiImage): ImageRecord {
  const { id, name, width, height, state } = api;
  return { kind: "image", id: "image", imageId: id, name, width, height, state };
}
