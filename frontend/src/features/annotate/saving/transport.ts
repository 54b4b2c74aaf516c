/** Carries the editor's batches to the API and says in the editor's words what became of them. */
import { ApiError, meansSignedOut, meansOtherPerson } from "../../../api/client";
import { decidePredictions, type SaveOptions } from "../../../api/queries/annotations";
import {
  type ChangeAnswer,
  type ChangeBatch,
  type SendOptions,
  type SyncTransport,
  TransportError,
} from "../../../editor";

/** Worth another try as it is: too slow, too many, or the server's own trouble. */
const AGAIN = new Set([408, 425, 429]);
/** Nothing of the image is taken: it is gone, the role is, or the server was put back to an older state. */
const BARRED = new Set(["image_deleted", "bad_revision", "opinion_closed"]);
/** A connection that says nothing for so long is given up; the same batch goes out again. */
const PATIENCE_MS = 60_000;

/** A conflict is an answer, not a failure: the rest of the batch was applied. */
export function conflictOf(error: unknown): ChangeAnswer | null {
  return error instanceof ApiError && error.status === 409 && error.code === "conflict"
    ? (error.body as ChangeAnswer)
    : null;
}

export function transportErrorOf(error: unknown, unreachable: string): TransportError {
  if (!(error instanceof ApiError)) return new TransportError("network", unreachable);
  return new TransportError(failureOf(error), error.message);
}

function failureOf(error: ApiError): TransportError["kind"] {
  if (meansOtherPerson(error)) return "stranger";
  if (meansSignedOut(error)) return "unauthenticated";
  if (error.status >= 500 || AGAIN.has(error.status)) return "network";
  if (error.status === 403 || error.status === 404 || BARRED.has(error.code)) return "barred";
  return "refused";
}

interface TransportParts {
  /** The id of the user whose work it is: the server takes it from nobody else. */
  readonly person: number;
  /** The sentence for an answer that never came. */
  readonly unreachable: string;
  /** Sends a batch of an image to where its labels are kept. */
  readonly save: (imageId: number, batch: ChangeBatch, options: SaveOptions) => Promise<ChangeAnswer>;
  /** Hears of images whose predictions were decided, because the server may then have changed the image's state. */
  readonly onDecided: (imageId: number) => void;
}

export function makeTransport({ person, unreachable, save, onDecided }: TransportParts): SyncTransport {
  const sending = ({ keepalive }: SendOptions) => ({
    person,
    keepalive,
    ...(keepalive ? {} : { signal: AbortSignal.timeout(PATIENCE_MS) }),
  });
  return {
    async saveChanges(imageId, batch, options) {
      try {
        return await save(imageId, batch, sending(options));
      } catch (error) {
        const conflict = conflictOf(error);
        if (conflict !== null) return conflict;
        throw transportErrorOf(error, unreachable);
      }
    },
    async decide(imageId, batch, options) {
      try {
        const answer = await decidePredictions(imageId, batch, sending(options));
        onDecided(imageId);
        return answer;
      } catch (error) {
        throw transportErrorOf(error, unreachable);
      }
    },
  };
}
