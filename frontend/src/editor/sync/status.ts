/** Owns what the badge says: derived from the logs alone, so that it cannot be wrong. */

import type { ImageLog } from "./ImageLog";
import type { ApiConflict, TransportError } from "./transport";

export interface Conflict extends ApiConflict {
  readonly imageId: number;
}

export interface Refusal {
  readonly imageId: number;
  /** Null for the image's state. */
  readonly uuid: string | null;
  readonly detail: string;
}

export interface SyncStatus {
  readonly state: "saved" | "dirty" | "saving" | "offline" | "conflict" | "refused";
  /** Objects of all images that the server does not have as they are here. */
  readonly pending: number;
  /** Milliseconds since 1970. */
  readonly savedAt: number | null;
  /** Why it is offline. */
  readonly reason: "network" | "unauthenticated" | null;
  /** What the last failure said. */
  readonly detail: string | null;
  readonly conflicts: readonly Conflict[];
  readonly refusals: readonly Refusal[];
}

export const SAVED: SyncStatus = {
  state: "saved",
  pending: 0,
  savedAt: null,
  reason: null,
  detail: null,
  conflicts: [],
  refusals: [],
};

interface Sending {
  readonly failure: TransportError | null;
  readonly isSending: boolean;
  readonly savedAt: number | null;
}

export function logsToStatus(logs: readonly ImageLog[], { failure, isSending, savedAt }: Sending): SyncStatus {
  const conflicts = logs.flatMap((log) => log.conflicts.map((one) => ({ ...one, imageId: log.imageId })));
  const refusals = logs.flatMap((log) => log.refusals.map((one) => ({ ...one, imageId: log.imageId })));
  const pending = logs.reduce((sum, log) => sum + log.pending, 0);
  const trouble = pending > 0 ? failure : null;
  return {
    state: chooseState({ pending, trouble, conflicts: conflicts.length, refusals: refusals.length, isSending }),
    pending,
    savedAt,
    reason: trouble === null || trouble.kind === "refused" ? null : trouble.kind,
    detail: trouble?.message ?? null,
    conflicts,
    refusals,
  };
}

interface Counts {
  readonly pending: number;
  readonly trouble: TransportError | null;
  readonly conflicts: number;
  readonly refusals: number;
  readonly isSending: boolean;
}

/** What needs a person comes first. */
function chooseState({ pending, trouble, conflicts, refusals, isSending }: Counts): SyncStatus["state"] {
  if (trouble !== null) return "offline";
  if (conflicts > 0) return "conflict";
  if (refusals > 0) return "refused";
  if (pending === 0) return "saved";
  return isSending ? "saving" : "dirty";
}
