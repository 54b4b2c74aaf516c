/**
 * Owns what one image still has to save: for each changed object the state the server knows and the state it has here.
 * A batch is the difference of the two, so that what was done and undone in between is never sent. No timers, no sending.
 */

import type { Diff } from "../store/diff";
import {
  annotationToApi,
  apiToAnnotation,
  type AnnotationRecord,
  type ApiAnnotation,
  type EditorRecord,
  type ImageRecord,
} from "../store/records";
import { DecisionLog } from "./DecisionLog";
import type { JournalEntry, SavedRecord } from "./journal";
import { isUnchanged, operationBetween, operationsToBatch, type Operation } from "./operations";
import type { ApiConflict, ChangeAnswer, ChangeBatch, DecisionAnswer, RemoteChanges } from "./transport";

/** Operations in one batch: 2,000 polygons are about 1 MB. */
const BATCH_LIMIT = 2000;

const NO_CHANGES: RemoteChanges = { annotations: [], deleted: [] };

interface Flight {
  readonly batch: ChangeBatch;
  readonly sent: ReadonlyMap<string, SavedRecord>;
}

export interface Reading {
  readonly revision: number;
  readonly image: ImageRecord;
  readonly annotations: readonly AnnotationRecord[];
}

export class ImageLog {
  readonly imageId: number;
  readonly decisions: DecisionLog;
  private readonly uuid: () => string;
  /** Objects without an own entry in `revisions` were read at this one. */
  private revision: number;
  private readonly revisions: Map<string, number>;
  private readonly known = new Map<string, SavedRecord>();
  private readonly current = new Map<string, SavedRecord>();
  private readonly refused = new Map<string, string>();
  private readonly open = new Map<string, ApiConflict>();
  /** Saved since the last reading: a reading that was under way meanwhile is older. */
  private readonly saved = new Map<string, { readonly state: SavedRecord; readonly revision: number }>();
  private flight: Flight | null = null;
  /** The batch in flight was sent before: its answer may be an old one. */
  private isRetry = false;
  private limit = BATCH_LIMIT;

  constructor(imageId: number, uuid: () => string, entry: JournalEntry | null = null) {
    this.imageId = imageId;
    this.uuid = uuid;
    this.revision = entry?.revision ?? 0;
    this.revisions = new Map(entry?.revisions);
    this.decisions = new DecisionLog(uuid, entry?.decisions ?? null);
    for (const { id, known, current } of entry?.changes ?? []) {
      this.known.set(id, known);
      this.current.set(id, current);
    }
    if (entry?.flight) this.flight = { batch: entry.flight.batch, sent: new Map(entry.flight.sent) };
  }

  get inFlight(): ChangeBatch | null {
    return this.flight?.batch ?? null;
  }

  get conflicts(): readonly ApiConflict[] {
    return [...this.open.values()];
  }

  /** `uuid` is null for the image's state. */
  get refusals(): readonly { readonly uuid: string | null; readonly detail: string }[] {
    return [...this.refused].map(([id, detail]) => ({ uuid: id === "image" ? null : id, detail }));
  }

  /** Objects (and the image's state) that the server does not have as they are here. */
  get pending(): number {
    const accepting = [...this.current.keys()].filter((id) => this.decisions.isAccepting(id)).length;
    return this.current.size + this.decisions.pending - accepting;
  }

  /** Something could be sent. */
  get hasWork(): boolean {
    return this.flight !== null || this.decisions.pending > 0 || this.sendable().length > 0;
  }

  isDirty(id: string): boolean {
    return this.current.has(id);
  }

  /** A local change of the open image. */
  follow(diff: Diff): void {
    this.decisions.follow(diff);
    for (const [id, { before, after }] of diff) {
      const kind = (after ?? before)?.kind;
      if (kind !== "annotation" && kind !== "image") continue;
      if (!this.known.has(id)) this.known.set(id, asSaved(before));
      this.current.set(id, asSaved(after));
      this.refused.delete(id);
      this.dropIfKnown(id);
    }
  }

  /** The image was read from the server. Answers what to show: that, with what is unsaved or saved later in its place. */
  attach(reading: Reading): Reading {
    for (const id of this.current.keys()) this.revisions.set(id, this.revisionOf(id));
    for (const id of [...this.revisions.keys()]) if (!this.current.has(id)) this.revisions.delete(id);
    this.revision = reading.revision;
    const overlay = new Map(this.current);
    for (const [id, { state, revision }] of this.saved) {
      if (revision <= reading.revision) this.saved.delete(id);
      else if (!overlay.has(id)) {
        overlay.set(id, state);
        this.revisions.set(id, revision);
      }
    }
    const image = overlay.get("image");
    const own = [...overlay.values()].filter((record) => record?.kind === "annotation");
    const loaded = reading.annotations.filter(({ id }) => !overlay.has(id));
    return { ...reading, annotations: [...loaded, ...own], image: image?.kind === "image" ? image : reading.image };
  }

  /** The batch to send, the same one until it is answered; null when there is nothing to send. */
  nextBatch(): ChangeBatch | null {
    this.isRetry = this.flight !== null;
    this.flight ??= this.takeFlight();
    return this.flight?.batch ?? null;
  }

  /** Answers what others changed, without the objects that are changed here as well: those will be conflicts. */
  acknowledge(answer: ChangeAnswer): RemoteChanges {
    const { flight } = this;
    if (flight === null) return NO_CHANGES;
    this.flight = null;
    this.limit = Math.min(this.limit * 2, BATCH_LIMIT);
    const remote = this.takeRemote(answer, flight);
    const conflicts = new Map((answer.conflicts ?? []).map((conflict) => [conflict.uuid, conflict]));
    for (const [id, state] of flight.sent) {
      const conflict = conflicts.get(id);
      if (conflict) this.conflict(conflict, state, answer.revision);
      else this.settle(id, state, answer.revision);
    }
    return remote;
  }

  /** The server has made annotations of accepted predictions; where it left some out, all are sent as new objects. */
  acknowledgeDecisions({ revision, skipped = 0 }: DecisionAnswer): void {
    this.advance(revision);
    for (const annotation of this.decisions.acknowledge()) {
      if (skipped === 0) this.settle(annotation.id, annotation, revision);
      else this.dropIfKnown(annotation.id);
    }
  }

  refuseDecisions(): void {
    for (const uuid of this.decisions.refuse()) this.dropIfKnown(uuid);
  }

  /** The server will never take the batch in flight: smaller ones are tried, until the bad object stands alone. */
  refuse(detail: string): void {
    const { flight } = this;
    if (flight === null) return;
    this.flight = null;
    this.limit = Math.max(Math.floor(flight.sent.size / 2), 1);
    const [only] = flight.sent.keys();
    if (flight.sent.size === 1 && only !== undefined) this.refused.set(only, detail);
  }

  /** "mine" is sent over theirs; "theirs" answers the record to show, null when they deleted it. */
  resolve(uuid: string, side: "mine" | "theirs"): { readonly record: AnnotationRecord | null } | null {
    if (!this.open.delete(uuid)) return null;
    const theirs = this.known.get(uuid) ?? null;
    if (side === "theirs") this.current.set(uuid, theirs);
    this.dropIfKnown(uuid);
    return side === "mine" ? null : { record: theirs?.kind === "annotation" ? theirs : null };
  }

  /** Everything that a crash must not lose; null when nothing is unsaved. */
  entry(): JournalEntry | null {
    if (this.pending === 0 && this.flight === null) return null;
    return {
      imageId: this.imageId,
      revision: this.revision,
      revisions: [...this.revisions],
      changes: [...this.current].map(([id, current]) => ({ id, known: this.known.get(id) ?? null, current })),
      flight: this.flight ? { batch: this.flight.batch, sent: [...this.flight.sent] } : null,
      decisions: this.decisions.entry(),
    };
  }

  /** Compares as many objects as go into one batch; one that came back to what the server knows is forgotten. */
  private takeFlight(): Flight | null {
    const operations: Operation[] = [];
    let base: number | null = null;
    for (const id of this.sendable()) {
      if (operations.length >= this.limit) break;
      // One batch has one base: objects that were read or saved at another revision go with the next.
      if (base !== null && this.revisionOf(id) !== base) continue;
      const operation = operationBetween(id, this.known.get(id) ?? null, this.current.get(id) ?? null);
      if (operation === null) {
        this.forget(id);
        continue;
      }
      base ??= this.revisionOf(id);
      operations.push(operation);
    }
    if (base === null) return null;
    const sent = new Map(operations.map(({ id }) => [id, this.current.get(id) ?? null]));
    return { batch: operationsToBatch(operations, base, this.uuid()), sent };
  }

  private sendable(): string[] {
    return [...this.current.keys()].filter(
      (id) => !this.open.has(id) && !this.refused.has(id) && !this.decisions.isAccepting(id),
    );
  }

  private settle(id: string, state: SavedRecord, revision: number): void {
    if (revision > this.revision) this.revisions.set(id, revision);
    this.known.set(id, state);
    if (!this.current.has(id)) this.current.set(id, state);
    this.saved.set(id, { state, revision });
    this.dropIfKnown(id);
  }

  private conflict(conflict: ApiConflict, mine: SavedRecord, revision: number): void {
    this.revisions.set(conflict.uuid, revision);
    this.open.set(conflict.uuid, { ...conflict, mine: mine?.kind === "annotation" ? annotationToApi(mine) : null });
    this.known.set(conflict.uuid, readTheirs(conflict.theirs, mine));
  }

  /** What was read and what others changed since is the image at the answer's revision, if the answer is a fresh one. */
  private takeRemote(answer: ChangeAnswer, flight: Flight): RemoteChanges {
    if (answer.remote === undefined || this.isRetry) {
      this.advance(answer.revision);
      return NO_CHANGES;
    }
    for (const id of this.current.keys()) if (!flight.sent.has(id)) this.revisions.set(id, this.revisionOf(id));
    for (const id of [...this.revisions.keys()]) if (!this.current.has(id)) this.revisions.delete(id);
    this.revision = Math.max(this.revision, answer.revision);
    for (const id of flight.sent.keys()) this.revisions.delete(id);
    return {
      annotations: answer.remote.annotations.filter(({ uuid }) => !this.current.has(uuid)),
      deleted: answer.remote.deleted.filter((uuid) => !this.current.has(uuid)),
    };
  }

  /** Nobody else committed in between, so all that was read is still true at this revision. */
  private advance(revision: number): void {
    if (revision !== this.revision + 1) return;
    this.revision = revision;
    this.revisions.clear();
  }

  /** Forgets an object that is as the server knows it. Compares by reference: this runs on every step of a drag. */
  private dropIfKnown(id: string): void {
    if (this.flight?.sent.has(id) === true || this.open.has(id) || this.decisions.isAccepting(id)) return;
    if (isUnchanged(this.known.get(id) ?? null, this.current.get(id) ?? null)) this.forget(id);
  }

  private forget(id: string): void {
    this.known.delete(id);
    this.current.delete(id);
    this.refused.delete(id);
  }

  private revisionOf(id: string): number {
    return this.revisions.get(id) ?? this.revision;
  }
}

function asSaved(record: EditorRecord | null): SavedRecord {
  return record?.kind === "annotation" || record?.kind === "image" ? record : null;
}

/** An object of theirs that cannot be read here counts as deleted; choosing mine writes over it. */
function readTheirs(theirs: ApiAnnotation | null, mine: SavedRecord): AnnotationRecord | null {
  try {
    return theirs === null ? null : apiToAnnotation(theirs, mine?.kind === "annotation" ? mine.order : 0);
  } catch {
    return null;
  }
}
