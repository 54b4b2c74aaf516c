/** Owns every change a person can make to the records; each is one undo step. Knows no tools and no drawing. */

import { shapeUtil, type Shape } from "../shapes";
import type { Value } from "../signal";
import type { History } from "./History";
import {
  apiToAnnotation,
  defaultAttributes,
  predictionToAnnotation,
  type AnnotationRecord,
  type EditorRecord,
  type ImageRecord,
  type PredictionRecord,
} from "./records";
import type { Selection } from "./Selection";
import type { Session } from "./session";
import type { Store } from "./Store";

export type AnnotationPatch = Partial<
  Pick<
    AnnotationRecord,
    | "classId"
    | "shape"
    | "attributes"
    | "occluded"
    | "truncated"
    | "crowd"
    | "zOrder"
    | "group"
    | "hidden"
    | "locked"
    | "pinned"
  >
>;

interface EditsParts {
  readonly store: Store;
  readonly history: History;
  readonly selection: Selection;
  readonly session: Value<Session>;
  readonly uuid: () => string;
}

export class Edits {
  private readonly parts: EditsParts;

  constructor(parts: EditsParts) {
    this.parts = parts;
  }

  /**
   * A new object of the active class, clamped to the picture and selected; null when it is too small to be one, or when
   * there is no class or image.
   */
  create(shape: Shape, facts: Partial<Pick<AnnotationRecord, "source" | "score" | "classId">> = {}): string | null {
    const { store, history, selection, session, uuid } = this.parts;
    const image = store.image.get();
    const classId = facts.classId ?? session.get().activeClass;
    const kept = image ? shapeUtil(shape).clamp(shape, image) : null;
    if (classId === null || kept === null) return null;
    const id = uuid();
    const attributes = defaultAttributes(store.findClass(classId)?.attributes ?? []);
    const record = apiToAnnotation({ uuid: id, class: classId, shape: kept, attributes }, store.takeOrder());
    history.run(`Add ${shapeUtil(kept).title.toLowerCase()}`, () => {
      this.put([{ ...record, ...facts, classId }]);
      selection.set([id]);
    });
    return id;
  }

  /** Copies as new objects, selected. Those that would lie outside the picture are left out. */
  insert(name: string, records: readonly AnnotationRecord[]): string[] {
    const { store, history, selection, uuid } = this.parts;
    const image = store.image.get();
    if (!image) return [];
    const fresh = records.flatMap((record): AnnotationRecord[] => {
      const shape = shapeUtil(record.shape).clamp(record.shape, image);
      if (shape === null) return [];
      const order = store.takeOrder();
      const fresh = { hidden: false, locked: false, pinned: false, createdBy: null, createdIn: null };
      return [{ ...record, ...fresh, id: uuid(), shape, order }];
    });
    if (fresh.length === 0) return [];
    history.run(name, () => {
      this.put(fresh);
      selection.set(fresh.map((record) => record.id));
    });
    return fresh.map((record) => record.id);
  }

  /** Shapes of a drag in progress: no undo step of its own, the tool's mark is around it. */
  reshape(shapes: ReadonlyMap<string, Shape>): void {
    const { store } = this.parts;
    const records = [...shapes].map(([id, shape]) => {
      const record = store.findAnnotation(id);
      return record === null || record.shape === shape ? null : { ...record, shape };
    });
    this.put(records.filter((record) => record !== null));
  }

  patch(ids: Iterable<string>, patch: AnnotationPatch, name: string, options: { merge?: boolean } = {}): void {
    this.patchEach(ids, () => patch, name, options);
  }

  /** What `change` answers for each of them; all of it is one undo step. */
  patchEach(
    ids: Iterable<string>,
    change: (record: AnnotationRecord) => AnnotationPatch,
    name: string,
    options: { merge?: boolean } = {},
  ): void {
    const { store, history } = this.parts;
    const records = [...ids].map((id) => store.findAnnotation(id)).filter((record) => record !== null);
    const changed = records.flatMap((record) => {
      const patch = change(record);
      const isSame = Object.entries(patch).every(([key, value]) => Reflect.get(record, key) === value);
      return isSame ? [] : [{ ...record, ...patch }];
    });
    if (changed.length > 0) history.run(name, () => this.put(changed), options);
  }

  relabel(ids: Iterable<string>, classId: number): void {
    const name = this.parts.store.findClass(classId)?.name ?? String(classId);
    this.patch(ids, { classId }, `Change class to ${name}`);
  }

  remove(ids: Iterable<string>, name = "Delete"): void {
    const { store, history, selection } = this.parts;
    const gone = [...ids].filter((id) => store.findAnnotation(id)?.locked === false);
    if (gone.length === 0) return;
    history.run(name, () => {
      selection.forget(new Set(gone));
      this.change((transaction) => gone.forEach((id) => transaction.delete(id)));
    });
  }

  /** Sets or clears a tag of the whole image; in tag mode "one" it takes the place of the other. */
  toggleTag(classId: number): void {
    const { store, history, session, uuid } = this.parts;
    const tags = store.annotations.get().filter((record) => record.shape.type === "tag");
    const same = tags.filter((record) => record.classId === classId);
    const gone = same.length > 0 ? same : session.get().tagMode === "one" ? tags : [];
    history.run(same.length > 0 ? "Clear tag" : "Set tag", () => {
      this.change((transaction) => {
        for (const record of gone) transaction.delete(record.id);
        if (same.length > 0) return;
        const attributes = defaultAttributes(store.findClass(classId)?.attributes ?? []);
        const fresh = { uuid: uuid(), class: classId, shape: { type: "tag" }, attributes };
        transaction.put(apiToAnnotation(fresh, store.takeOrder()));
      });
    });
  }

  setImageState(state: ImageRecord["state"]): void {
    const { store, history } = this.parts;
    const image = store.image.get();
    if (image && image.state !== state) history.run("Set image state", () => this.put([{ ...image, state }]));
  }

  /** Predictions become annotations under the same uuid. */
  accept(ids: Iterable<string>): void {
    const { store, history } = this.parts;
    const pending = this.pendingPredictions(ids);
    if (pending.length === 0) return;
    history.run("Accept prediction", () => {
      this.put(
        pending.flatMap((prediction): EditorRecord[] => [
          { ...prediction, state: "accepted" },
          predictionToAnnotation(prediction, store.takeOrder()),
        ]),
      );
    });
  }

  reject(ids: Iterable<string>): void {
    const pending = this.pendingPredictions(ids);
    if (pending.length === 0) return;
    this.parts.history.run("Reject prediction", () => {
      this.put(pending.map((prediction) => ({ ...prediction, state: "rejected" })));
    });
  }

  private pendingPredictions(ids: Iterable<string>): PredictionRecord[] {
    return [...ids]
      .map((id) => this.parts.store.findPrediction(id))
      .filter((record) => record !== null)
      .filter((record) => record.state === "pending");
  }

  private put(records: readonly EditorRecord[]): void {
    this.change((transaction) => records.forEach((record) => transaction.put(record)));
  }

  private change(apply: Parameters<Store["change"]>[0]): void {
    this.parts.store.change(apply, { origin: "local", history: "record" });
  }
}
