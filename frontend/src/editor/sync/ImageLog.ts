/**
 * Owns what one image still has to save: for each changed object the state the server knows and the state it has here.
 * A batch is the difference of the two, so that what was done and undone in between is never sent. No timers, no sending.
 */

import type { Diff } from "../store/diff";
import { annotationToApi, type AnnotationRecord, type ImageRecord } from "../store/records";
import { Bases } from "./Bases";
import { DecisionLog } from "./DecisionLog";
import type { JournalEntry, SavedRecord } from "./journal";
import {
  asSaved,
  isUnchanged,
  operationBetween,
  operationsToBatch,
  readTheirs,
  sidesAgree,
  type Operation,
} from "./operations";
import type {
  ApiConflict,
  ChangeAnswer,
  ChangeBatch,
  ConflictSide,
  DecisionAnswer,
  Outgoing,
  RemoteChanges,
} from "./transport";

/** Operations in one batch: 2,000 polygons are about 1 MB. */
const BATCH_LIMIT = 2000;

const NO_CHANGES: RemoteChanges = { annotations: [], deleted: [] };

interface Flight {
  readonly batch: ChangeBatch;
  readonly sent: ReadonlyMap<string, SavedRecord>;
}

/** An object as the open image must show it from now on; null = it is gone. */
export interface Shown {
  readonly id: string;
  readonly record: SavedRecord;
}

export interface Reading {
  readonly revision: number;
  readonly image: ImageRecord;
  readonly annotations: readonly AnnotationRecord[];
}

export class ImageLog {
  readonly id: string;
  readonly imageId: number;
  readonly decisions: DecisionLog;
  private image: ImageRecord | null;
  private since: number | null;
  private readonly uuid: () => string;
  private readonly bases: Bases;
  private readonly known = new Map<string, SavedRecord>();
  private readonly current = new Map<string, SavedRecord>();
  private readonly refused = new Map<string, string>();
  private readonly open: Map<string, Pick<ApiConflict, "reason" | "theirs">>;
  /** Why the server takes nothing of this image at present (it was deleted, the role is gone), in its words. */
  private barred: string | null = null;
  /** Saved since the last reading: a reading that was under way meanwhile is older. */
  private readonly saved = new Map<string, { readonly state: SavedRecord; readonly revision: number }>();
  private flight: Flight | null = null;
  /** The batch in flight was sent before: its answer may be an old one. */
  private isRetry = false;
  private limit = BATCH_LIMIT;

  constructor(entry: JournalEntry, uuid: () => string) {
    this.id = entry.id;
    this.imageId = entry.imageId;
    this.image = entry.image;
    this.since = entry.since;
    this.uuid = uuid;
    this.open = new Map(entry.conflicts);
    this.bases = new Bases(entry.revision, entry.revisions);
    this.decisions = new DecisionLog(uuid, entry.decisions);
    for (const { id, known, current } of entry.changes) {
      this.known.set(id, known);
      this.current.set(id, current);
    }
    if (entry.flight) this.flight = { batch: entry.flight.batch, sent: new Map(entry.flight.sent) };
  }

  /** As it was last opened; null when it never was. */
  get about(): ImageRecord | null {
    return this.image;
  }

  /** Milliseconds since 1970 of the first change that is not saved. */
  get unsavedSince(): number | null {
    return this.since;
  }

  get barredBecause(): string | null {
    return this.pending > 0 ? this.barred : null;
  }

  get inFlight(): ChangeBatch | null {
    return this.flight?.batch ?? null;
  }

  get conflicts(): readonly ApiConflict[] {
    return [...this.open].map(([uuid, { reason, theirs }]) => {
      const mine = this.current.get(uuid);
      return { uuid, reason, theirs, mine: mine?.kind === "annotation" ? annotationToApi(mine) : null };
    });
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
    if (this.barred !== null) return false;
    return this.flight !== null || this.decisions.pending > 0 || this.sendable().length > 0;
  }

  isDirty(id: string): boolean {
    return this.current.has(id);
  }

  /** The revision up to which all that others changed on the image was taken in. */
  get readAt(): number {
    return this.bases.readAt;
  }

  /** A local change of the open image, made at `now` (milliseconds since 1970). */
  follow(diff: Diff, now: number): void {
    this.barred = null;
    this.decisions.follow(diff);
    for (const [id, { before, after }] of diff) {
      const kind = (after ?? before)?.kind;
      if (kind !== "annotation" && kind !== "image") continue;
      if (!this.known.has(id)) this.known.set(id, asSaved(before));
      this.current.set(id, asSaved(after));
      this.refused.delete(id);
      this.dropIfKnown(id);
    }
    this.since = this.pending === 0 ? null : (this.since ?? now);
  }

  /** The image was read from the server. Answers what to show: that, with what is unsaved or saved later in its place. */
  attach(reading: Reading): Reading {
    this.bases.read(reading.revision, [...this.current.keys()]);
    this.image = reading.image;
    const overlay = new Map(this.current);
    for (const [id, { state, revision }] of this.saved) {
      if (revision <= reading.revision) this.saved.delete(id);
      else if (!overlay.has(id)) {
        overlay.set(id, state);
        this.bases.set(id, revision);
      }
    }
    const image = overlay.get("image");
    const own = [...overlay.values()].filter((record) => record?.kind === "annotation");
    const loaded = reading.annotations.filter(({ id }) => !overlay.has(id));
    return { ...reading, annotations: [...loaded, ...own], image: image?.kind === "image" ? image : reading.image };
  }

  /** Decisions first: batches may speak of the annotations that they make. The same until it is answered. */
  next(): Outgoing | null {
    const decisions = this.flight === null ? this.decisions.nextBatch() : null;
    if (decisions !== null) return { kind: "decisions", batch: decisions };
    this.isRetry = this.flight !== null;
    this.flight ??= this.takeFlight();
    return this.flight && { kind: "changes", batch: this.flight.batch };
  }

  /** Answers what others changed, without the objects that are changed here as well: those will be conflicts. */
  acknowledge(answer: ChangeAnswer, batchId: string): RemoteChanges {
    const { flight } = this;
    if (flight?.batch.batch_id !== batchId) return NO_CHANGES;
    this.flight = null;
    this.limit = Math.min(this.limit * 2, BATCH_LIMIT);
    const { annotations, deleted } = this.takeRemote(answer, flight);
    const [changed, gone] = [[...annotations], [...deleted]];
    const conflicts = new Map((answer.conflicts ?? []).map((conflict) => [conflict.uuid, conflict]));
    for (const [id, state] of flight.sent) {
      const conflict = conflicts.get(id);
      // Another tab that took this work over may have sent the same: that is no conflict.
      if (!conflict || sidesAgree(readTheirs(conflict.theirs, state), state)) {
        this.settle(id, state, answer.revision);
      } else if (this.isUndone(id)) {
        this.forget(id);
        this.bases.set(id, answer.revision);
        if (conflict.theirs === null) gone.push(id);
        else changed.push(conflict.theirs);
      } else this.conflict(conflict, state, answer.revision);
    }
    if (this.pending === 0) this.since = null;
    return { annotations: changed, deleted: gone };
  }

  /** The server has made annotations of accepted predictions; where it left some out, all are sent as new objects. */
  acknowledgeDecisions({ revision, skipped = 0 }: DecisionAnswer, batchId: string): void {
    if (this.decisions.inFlight?.batch_id !== batchId) return;
    this.bases.advance(revision);
    for (const annotation of this.decisions.acknowledge()) {
      if (skipped === 0) this.settle(annotation.id, annotation, revision);
      else this.dropIfKnown(annotation.id);
    }
    if (this.pending === 0) this.since = null;
  }

  /** The server will never take what was sent: smaller batches are tried, until the bad object stands alone. */
  refuse(detail: string): void {
    const { flight } = this;
    if (flight === null) {
      for (const uuid of this.decisions.refuse()) this.dropIfKnown(uuid);
      return;
    }
    this.flight = null;
    this.limit = Math.max(Math.floor(flight.sent.size / 2), 1);
    const [only] = flight.sent.keys();
    if (flight.sent.size === 1 && only !== undefined) this.refused.set(only, detail);
  }

  /** Nothing of the image is sent until somebody asks for it or goes on working on it. */
  bar(detail: string): void {
    this.barred = detail;
  }

  unbar(): void {
    this.barred = null;
    this.refused.clear();
  }

  /** Gives up what the server does not take. Answers what it has instead. */
  discard(): readonly Shown[] {
    const given = this.barred === null ? [...this.refused.keys()] : [...this.current.keys()];
    const shown = given.map((id) => ({ id, record: this.known.get(id) ?? null }));
    for (const id of given) this.forget(id);
    if (this.barred !== null) {
      this.flight = null;
      this.open.clear();
      this.decisions.forget();
      this.barred = null;
    }
    if (this.pending === 0) this.since = null;
    return shown;
  }

  /** "mine" is sent over theirs, "theirs" takes its place, "both" keeps theirs and makes ours a new object. */
  resolve(uuid: string, side: ConflictSide): readonly Shown[] {
    if (!this.open.delete(uuid)) return [];
    const theirs = this.known.get(uuid) ?? null;
    const mine = this.current.get(uuid) ?? null;
    if (side !== "mine") this.current.set(uuid, theirs);
    this.dropIfKnown(uuid);
    if (this.pending === 0) this.since = null;
    if (side === "mine") return [];
    if (side === "theirs" || mine?.kind !== "annotation") return [{ id: uuid, record: theirs }];
    const copy = { ...mine, id: this.uuid(), createdBy: null, createdIn: null };
    this.known.set(copy.id, null);
    this.current.set(copy.id, copy);
    return [
      { id: uuid, record: theirs },
      { id: copy.id, record: copy },
    ];
  }

  /** Everything that a crash must not lose; null when nothing is unsaved. */
  entry(): JournalEntry | null {
    if (this.pending === 0 && this.flight === null) return null;
    return {
      id: this.id,
      imageId: this.imageId,
      image: this.image,
      since: this.since,
      revision: this.bases.readAt,
      revisions: this.bases.entries,
      changes: [...this.current].map(([id, current]) => ({ id, known: this.known.get(id) ?? null, current })),
      conflicts: [...this.open],
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
      if (base !== null && this.bases.of(id) !== base) continue;
      const operation = operationBetween(id, this.known.get(id) ?? null, this.current.get(id) ?? null);
      if (operation === null) {
        this.forget(id);
        continue;
      }
      base ??= this.bases.of(id);
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
    if (revision > this.bases.readAt) this.bases.set(id, revision);
    this.known.set(id, state);
    if (!this.current.has(id)) this.current.set(id, state);
    this.saved.set(id, { state, revision });
    this.dropIfKnown(id);
  }

  /** Since it was sent, the object came back to what the server had: there is nothing to decide. */
  private isUndone(id: string): boolean {
    return operationBetween(id, this.known.get(id) ?? null, this.current.get(id) ?? null) === null;
  }

  private conflict(conflict: ApiConflict, mine: SavedRecord, revision: number): void {
    this.bases.set(conflict.uuid, revision);
    this.open.set(conflict.uuid, { reason: conflict.reason, theirs: conflict.theirs });
    this.known.set(conflict.uuid, readTheirs(conflict.theirs, mine));
  }

  /** What was read and what others changed since is the image at the answer's revision, if the answer is a fresh one. */
  private takeRemote(answer: ChangeAnswer, flight: Flight): RemoteChanges {
    if (answer.remote === undefined || this.isRetry) {
      this.bases.advance(answer.revision);
      return NO_CHANGES;
    }
    const others = [...this.current.keys()].filter((id) => !flight.sent.has(id));
    this.bases.read(Math.max(this.bases.readAt, answer.revision), others);
    return {
      annotations: answer.remote.annotations.filter(({ uuid }) => !this.current.has(uuid)),
      deleted: answer.remote.deleted.filter((uuid) => !this.current.has(uuid)),
    };
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
    this.open.delete(id);
  }
}
