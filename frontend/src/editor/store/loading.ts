/** Owns the step from what the server answers to records, one unreadable object at a time. */

import {
  apiToAnnotation,
  apiToPrediction,
  sameOnWire,
  type AnnotationRecord,
  type ApiAnnotation,
  type ApiPrediction,
  type ImageRecord,
  type PredictionRecord,
} from "./records";
import type { Store } from "./Store";

/** An object that could not be read: it is not shown, and as nothing is deleted by absence, it stays on the server. */
export interface LoadProblem {
  readonly uuid: string;
  readonly detail: string;
}

export interface Loaded<T> {
  readonly records: readonly T[];
  readonly problems: readonly LoadProblem[];
}

export function loadAnnotations(api: readonly ApiAnnotation[], store: Store): Loaded<AnnotationRecord> {
  return loadEach(api, (one) => {
    const before = store.findAnnotation(one.uuid);
    const record = apiToAnnotation(one, before?.order ?? store.takeOrder());
    return before ? { ...record, hidden: before.hidden, locked: before.locked, pinned: before.pinned } : record;
  });
}

export function loadPredictions(api: readonly ApiPrediction[], store: Store): Loaded<PredictionRecord> {
  return loadEach(api, (one) => apiToPrediction(one, store.takeOrder()));
}

/** Puts another image in place of what is there; classes stay. */
export function replaceImage(store: Store, image: ImageRecord | null, annotations: readonly AnnotationRecord[]): void {
  store.change(
    (transaction) => {
      for (const { id } of [...store.annotations.get(), ...store.predictions.get()]) transaction.delete(id);
      if (image) transaction.put(image);
      else transaction.delete("image");
      for (const record of annotations) transaction.put(record);
    },
    { origin: "remote", history: "ignore" },
  );
}

/** Puts a newer reading of the same image in place; answers the ids of what others changed. */
export function refreshImage(store: Store, image: ImageRecord, annotations: readonly AnnotationRecord[]): Set<string> {
  const keep = new Set(annotations.map(({ id }) => id));
  const gone = store.annotations.get().filter(({ id }) => !keep.has(id));
  if (store.image.get()?.state !== image.state) {
    store.change((transaction) => transaction.put(image), { origin: "remote", history: "ignore" });
  }
  return mergeRemote(
    store,
    annotations,
    gone.map(({ id }) => id),
  );
}

/** Puts what others changed in place; answers the ids of what is not as it was. */
export function mergeRemote(
  store: Store,
  annotations: readonly AnnotationRecord[],
  deleted: readonly string[],
): Set<string> {
  const changed = new Set(deleted.filter((id) => store.find(id) !== null));
  for (const record of annotations) {
    const before = store.findAnnotation(record.id);
    if (before === null || !sameOnWire(before, record)) changed.add(record.id);
  }
  store.change(
    (transaction) => {
      for (const id of deleted) transaction.delete(id);
      for (const record of annotations) if (changed.has(record.id)) transaction.put(record);
    },
    { origin: "remote", history: "ignore" },
  );
  return changed;
}

/** Predictions are read whole; what was decided here a moment ago stays decided. */
export function replacePredictions(
  store: Store,
  predictions: readonly PredictionRecord[],
  findDecision: (uuid: string) => PredictionRecord["state"] | null,
): void {
  store.change(
    (transaction) => {
      const decided = new Map(store.predictions.get().map((record) => [record.id, record]));
      for (const id of decided.keys()) transaction.delete(id);
      for (const record of predictions) {
        const before = decided.get(record.id);
        const state = before?.state ?? findDecision(record.uuid) ?? record.state;
        transaction.put({ ...record, state, order: before?.order ?? record.order });
      }
    },
    { origin: "remote", history: "ignore" },
  );
}

function loadEach<A extends { readonly uuid: string }, R>(api: readonly A[], read: (one: A) => R): Loaded<R> {
  const records: R[] = [];
  const problems: LoadProblem[] = [];
  for (const one of api) {
    try {
      records.push(read(one));
    } catch (error) {
      problems.push({ uuid: one.uuid, detail: error instanceof Error ? error.message : String(error) });
    }
  }
  return { records, problems };
}
