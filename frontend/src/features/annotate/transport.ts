/** Carries the editor's batches to the API and says in the editor's words what became of them. */
import { ApiError, meansSignedOut } from "../../api/client";
import { decidePredictions, saveChanges } from "../../api/queries/annotations";
import { type ChangeAnswer, type SyncTransport, TransportError } from "../../editor";

const TOO_MANY = 429;

/** A conflict is an answer, not a failure: the rest of the batch was applied. */
function conflictOf(error: unknown): ChangeAnswer | null {
  return error instanceof ApiError && error.status === 409 && error.code === "conflict"
    ? (error.body as ChangeAnswer)
    : null;
}

export function transportErrorOf(error: unknown, unreachable: string): TransportError {
  if (!(error instanceof ApiError)) return new TransportError("network", unreachable);
  if (meansSignedOut(error)) {
    return new TransportError("unauthenticated", error.message);
  }
  const again = error.status >= 500 || error.status === TOO_MANY;
  return new TransportError(again ? "network" : "refused", error.message);
}

/**
 * `unreachable` is the sentence for an answer that never came; `onDecided` hears of images whose predictions were
 * decided, because the server may then have changed the image's state.
 */
export function makeTransport(unreachable: string, onDecided: (imageId: number) => void): SyncTransport {
  return {
    async saveChanges(imageId, batch, options) {
      try {
        return await saveChanges(imageId, batch, options);
      } catch (error) {
        const conflict = conflictOf(error);
        if (conflict !== null) return conflict;
        throw transportErrorOf(error, unreachable);
      }
    },
    async decide(imageId, batch, options) {
      try {
        const answer = await decidePredictions(imageId, batch, options);
        onDecided(imageId);
        return answer;
      } catch (error) {
        throw transportErrorOf(error, unreachable);
      }
    },
  };
}
