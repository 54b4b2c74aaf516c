/** Owns the records of the open image and tells what changed, by whom. Knows nothing of undo, saving or drawing. */

import { Derived, type Signal } from "../signal";
import type { Change, Diff } from "./diff";
import type {
  AnnotationRecord,
  ClassRecord,
  EditorRecord,
  ImageRecord,
  ObjectRecord,
  PredictionRecord,
} from "./records";

/** `local` is the person at this editor; `remote` is what the server said. */
export type Origin = "local" | "remote";

/** `record` goes on the undo stack, `ignore` does not (undo itself, remote changes, loading). */
export type HistoryMode = "record" | "ignore";

export interface StoreEvent {
  readonly diff: Diff;
  readonly origin: Origin;
  readonly history: HistoryMode;
}

export interface Transaction {
  put(record: EditorRecord): void;
  delete(id: string): void;
}

export class Store {
  private readonly records = new Map<string, EditorRecord>();
  private readonly listeners = new Set<(event: StoreEvent) => void>();
  private nextOrder = 1;
  private sortedIds: readonly string[] | null = null;
  private isReadOnly = false;

  private readonly annotationList = new Derived(() => this.sortAnnotations());
  private readonly predictionList = new Derived(() => this.sortPredictions());
  private readonly classList = new Derived(() => this.sortClasses());
  private readonly imageValue = new Derived(() => this.findImage());

  /** In drawing order: by zOrder, then by order. */
  readonly annotations: Signal<readonly AnnotationRecord[]> = this.annotationList;
  /** All of them, whatever their state, best first. */
  readonly predictions: Signal<readonly PredictionRecord[]> = this.predictionList;
  readonly classes: Signal<readonly ClassRecord[]> = this.classList;
  readonly image: Signal<ImageRecord | null> = this.imageValue;

  find(id: string): EditorRecord | null {
    return this.records.get(id) ?? null;
  }

  findAnnotation(id: string): AnnotationRecord | null {
    const record = this.find(id);
    return record?.kind === "annotation" ? record : null;
  }

  findPrediction(id: string): PredictionRecord | null {
    const record = this.find(id);
    return record?.kind === "prediction" ? record : null;
  }

  findObject(id: string): ObjectRecord | null {
    return this.findAnnotation(id) ?? this.findPrediction(id);
  }

  findClass(classId: number): ClassRecord | null {
    const record = this.find(`class:${classId}`);
    return record?.kind === "class" ? record : null;
  }

  /** For new objects: later ones lie over earlier ones. */
  takeOrder(): number {
    this.nextOrder += 1;
    return this.nextOrder - 1;
  }

  /** While set, the person at this editor changes nothing but what they see: hidden and locked. */
  setReadOnly(isReadOnly: boolean): void {
    this.isReadOnly = isReadOnly;
  }

  /** All changes that `apply` makes arrive at the listeners as one diff. */
  change(apply: (transaction: Transaction) => void, options: Pick<StoreEvent, "origin" | "history">): Diff {
    const changes = new Map<string, Change>();
    const write = (id: string, after: EditorRecord | null): void => {
      const current = this.records.get(id) ?? null;
      if (current === after) return;
      if (this.isReadOnly && options.origin === "local" && !isViewOnly(current, after)) return;
      const before = changes.has(id) ? (changes.get(id)?.before ?? null) : current;
      changes.set(id, { before, after });
      if (after === null) this.records.delete(id);
      else this.records.set(id, after);
    };
    apply({ put: (record) => write(record.id, record), delete: (id) => write(id, null) });
    for (const [id, { before, after }] of changes) if (before === after) changes.delete(id);
    if (changes.size > 0) this.announce({ diff: changes, ...options });
    return changes;
  }

  /** Puts the `after` of each change in place. */
  replay(diff: Diff, origin: Origin): void {
    this.change(
      (transaction) => {
        for (const [id, { after }] of diff) {
          if (after) transaction.put(after);
          else transaction.delete(id);
        }
      },
      { origin, history: "ignore" },
    );
  }

  listen(listener: (event: StoreEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private announce(event: StoreEvent): void {
    const kinds = new Set<string>();
    for (const { before, after } of event.diff.values()) {
      const kind = (after ?? before)?.kind;
      if (kind) kinds.add(kind);
      if (kind === "annotation" && changesOrder(before, after)) this.sortedIds = null;
    }
    const lists = [this.annotationList, this.predictionList, this.classList, this.imageValue];
    const stale = lists.filter((_, index) => kinds.has(["annotation", "prediction", "class", "image"][index] ?? ""));
    // The lists answer the new state before anybody hears of it.
    for (const list of stale) list.clear();
    for (const listener of [...this.listeners]) listener(event);
    for (const list of stale) list.notify();
  }

  /** Sorting 10,000 objects on every step of a drag would cost 5 ms a frame, so the order is kept until it changes. */
  private sortAnnotations(): readonly AnnotationRecord[] {
    this.sortedIds ??= [...this.records.values()]
      .filter((record) => record.kind === "annotation")
      .sort((a, b) => a.zOrder - b.zOrder || a.order - b.order)
      .map((record) => record.id);
    return this.sortedIds.map((id) => this.findAnnotation(id)).filter((record) => record !== null);
  }

  private sortPredictions(): readonly PredictionRecord[] {
    return [...this.records.values()]
      .filter((record) => record.kind === "prediction")
      .sort((a, b) => b.score - a.score || a.order - b.order);
  }

  private sortClasses(): readonly ClassRecord[] {
    return [...this.records.values()]
      .filter((record) => record.kind === "class")
      .sort((a, b) => a.position - b.position || a.number - b.number);
  }

  private findImage(): ImageRecord | null {
    const record = this.records.get("image");
    return record?.kind === "image" ? record : null;
  }
}

const VIEW_ONLY: ReadonlySet<string> = new Set(["hidden", "locked", "pinned"]);

function isViewOnly(before: EditorRecord | null, after: EditorRecord | null): boolean {
  if (before?.kind !== "annotation" || after?.kind !== "annotation") return false;
  return Object.entries(after).every(
    ([key, value]) => VIEW_ONLY.has(key) || value === before[key as keyof AnnotationRecord],
  );
}

function changesOrder(before: EditorRecord | null, after: EditorRecord | null): boolean {
  if (before?.kind !== "annotation" || after?.kind !== "annotation") return true;
  return before.zOrder !== after.zOrder || before.order !== after.order;
}
