/** Owns which predictions of one image were accepted or rejected here and not yet told. No timers, no sending. */

import type { Diff } from "../store/diff";
import type { AnnotationRecord, EditorRecord, PredictionRecord } from "../store/records";
import type { Decision, DecisionEntry } from "./journal";
import type { DecisionBatch } from "./transport";

const BATCH_LIMIT = 2000;

export class DecisionLog {
  private readonly uuid: () => string;
  /** Told already: it cannot be taken back, so undo deletes the annotation instead. */
  private readonly told = new Map<string, Decision["state"]>();
  private readonly wanted = new Map<string, Decision>();
  private flight: { readonly batch: DecisionBatch; readonly sent: readonly Decision[] } | null = null;
  private limit = BATCH_LIMIT;

  constructor(uuid: () => string, entry: DecisionEntry) {
    this.uuid = uuid;
    this.flight = entry.flight;
    for (const decision of entry.wanted) this.wanted.set(decision.uuid, decision);
  }

  get pending(): number {
    return new Set([...this.wanted.keys(), ...(this.flight?.sent.map(({ uuid }) => uuid) ?? [])]).size;
  }

  get inFlight(): DecisionBatch | null {
    return this.flight?.batch ?? null;
  }

  follow(diff: Diff): void {
    for (const { after } of diff.values()) {
      if (after?.kind === "prediction") this.followPrediction(after, diff.get(after.uuid)?.after);
    }
  }

  /** The server is about to make this annotation itself: no batch may speak of it before. */
  isAccepting(uuid: string): boolean {
    return this.wanted.get(uuid)?.state === "accepted" || this.flight?.batch.accept.includes(uuid) === true;
  }

  /** What was decided here, told or not; null when nothing was. */
  find(uuid: string): Decision["state"] | null {
    return this.wanted.get(uuid)?.state ?? this.told.get(uuid) ?? null;
  }

  nextBatch(): DecisionBatch | null {
    this.flight ??= this.takeFlight();
    return this.flight?.batch ?? null;
  }

  /** Answers the annotations that the server has made. */
  acknowledge(): readonly AnnotationRecord[] {
    const sent = this.close();
    this.limit = Math.min(this.limit * 2, BATCH_LIMIT);
    return sent.map(({ annotation }) => annotation).filter((annotation) => annotation !== null);
  }

  /** A prediction that is gone cannot be decided: an accepted one is then created as any annotation. */
  refuse(): readonly string[] {
    const { flight } = this;
    this.limit = Math.max(Math.floor((flight?.sent.length ?? 1) / 2), 1);
    if (flight?.sent.length === 1) return this.close().map(({ uuid }) => uuid);
    this.flight = null;
    return [];
  }

  /** Gives up what was not told. */
  forget(): void {
    this.flight = null;
    this.wanted.clear();
  }

  entry(): DecisionEntry {
    return { wanted: [...this.wanted.values()], flight: this.flight };
  }

  private followPrediction(prediction: PredictionRecord, accepted: EditorRecord | null | undefined): void {
    const { uuid, state } = prediction;
    if (state === "pending" || this.told.has(uuid)) this.wanted.delete(uuid);
    else this.wanted.set(uuid, { uuid, state, annotation: asAnnotation(accepted) });
  }

  private takeFlight(): { batch: DecisionBatch; sent: readonly Decision[] } | null {
    const sent = [...this.wanted.values()].slice(0, this.limit);
    if (sent.length === 0) return null;
    const uuidsOf = (state: string): string[] => sent.filter((one) => one.state === state).map(({ uuid }) => uuid);
    return { batch: { batch_id: this.uuid(), accept: uuidsOf("accepted"), reject: uuidsOf("rejected") }, sent };
  }

  private close(): readonly Decision[] {
    const sent = this.flight?.sent ?? [];
    this.flight = null;
    for (const { uuid, state } of sent) {
      this.told.set(uuid, state);
      this.wanted.delete(uuid);
    }
    return sent;
  }
}

function asAnnotation(record: EditorRecord | null | undefined): AnnotationRecord | null {
  return record?.kind === "annotation" ? record : null;
}
