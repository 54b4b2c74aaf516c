/** Owns a server in memory that keeps the contract of the API: batches once, conflicts by object, refusals. */

import type { ApiAnnotation } from "../store/records";
import {
  TransportError,
  type ApiConflict,
  type ChangeAnswer,
  type ChangeBatch,
  type DecisionAnswer,
  type DecisionBatch,
  type RemoteChanges,
  type SyncTransport,
} from "../sync/transport";

interface Row {
  readonly value: ApiAnnotation | null;
  readonly revision: number;
  readonly imageId?: number;
}

/** The image of rows that say nothing of it. */
const ONLY_IMAGE = 5;

export class FakeServer implements SyncTransport {
  readonly batches: { readonly imageId: number; readonly batch: ChangeBatch }[] = [];
  readonly decisions: DecisionBatch[] = [];
  readonly rows = new Map<string, Row>();
  revision = 1;
  state = "unlabelled";
  /** The next calls fail so, before anything is applied. */
  failures: TransportError[] = [];
  /** The next answer gets lost after the batch was applied. */
  loseAnswer = false;
  /** Objects that the server will never take. */
  readonly poison = new Set<string>();
  /** Whether answers tell what others changed. */
  tellsRemote = true;
  /** Accepted predictions that it makes no annotation of. */
  skipped = 0;
  /** While set, calls wait. */
  gate: Promise<void> | null = null;
  private readonly answers = new Map<string, ChangeAnswer>();

  /** Somebody else's change. */
  edit(uuid: string, value: ApiAnnotation | null, imageId = ONLY_IMAGE): void {
    this.revision += 1;
    this.rows.set(uuid, { value, revision: this.revision, imageId });
  }

  annotations(imageId = ONLY_IMAGE): ApiAnnotation[] {
    const rows = [...this.rows.values()].filter((row) => (row.imageId ?? ONLY_IMAGE) === imageId);
    return rows.map((row) => row.value).filter((value) => value !== null);
  }

  async saveChanges(imageId: number, batch: ChangeBatch): Promise<ChangeAnswer> {
    this.batches.push({ imageId, batch });
    await this.gate;
    const failure = this.failures.shift();
    if (failure) throw failure;
    const answer = this.answers.get(batch.batch_id) ?? this.apply(imageId, batch);
    this.answers.set(batch.batch_id, answer);
    if (this.loseAnswer) {
      this.loseAnswer = false;
      throw new TransportError("network", "The connection was cut.");
    }
    return answer;
  }

  async decide(_imageId: number, batch: DecisionBatch): Promise<DecisionAnswer> {
    this.decisions.push(batch);
    await this.gate;
    const failure = this.failures.shift();
    if (failure) throw failure;
    this.revision += 1;
    return { revision: this.revision, skipped: this.skipped };
  }

  private apply(imageId: number, batch: ChangeBatch): ChangeAnswer {
    const entries = [
      ...batch.create.map((value) => [value.uuid, value] as const),
      ...batch.update.map((value) => [value.uuid, value] as const),
      ...batch.delete.map((uuid) => [uuid, null] as const),
    ];
    const bad = entries.find(([uuid]) => this.poison.has(uuid));
    if (bad) throw new TransportError("refused", `Object ${bad[0]} is not well formed.`);
    this.revision += 1;
    const remote = this.remoteSince(imageId, batch.base_revision, new Set(entries.map(([uuid]) => uuid)));
    const conflicts: ApiConflict[] = [];
    for (const [uuid, value] of entries) {
      const row = this.rows.get(uuid);
      const mine = value === null ? null : ({ ...row?.value, ...value } as ApiAnnotation);
      if (row && row.revision > batch.base_revision) {
        conflicts.push({ uuid, reason: "changed", mine, theirs: row.value });
      } else this.rows.set(uuid, { value: mine, revision: this.revision, imageId });
    }
    this.state = batch.state ?? (this.state === "unlabelled" ? "in_progress" : this.state);
    return {
      revision: this.revision,
      state: this.state,
      ...(conflicts.length > 0 ? { conflicts } : {}),
      ...(this.tellsRemote ? { remote } : {}),
    };
  }

  private remoteSince(imageId: number, base: number, named: ReadonlySet<string>): RemoteChanges {
    const own = [...this.rows].filter(([, row]) => (row.imageId ?? ONLY_IMAGE) === imageId);
    const rows = own.filter(([uuid, row]) => row.revision > base && !named.has(uuid));
    return {
      annotations: rows.map(([, row]) => row.value).filter((value) => value !== null),
      deleted: rows.filter(([, row]) => row.value === null).map(([uuid]) => uuid),
    };
  }
}
