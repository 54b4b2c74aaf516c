/** Ties saving to what happens to page, network and session, also when the editor's screen was left with work unsaved. */
import { session } from "../../../api/session";
import type { ChangeLog } from "../../../editor";

interface Saving {
  readonly sync: ChangeLog;
  /** Whether the person whose work it is is still the one at this page. */
  readonly isPersonHere: () => boolean;
  /** Ends the editor and lets go of its journal. */
  readonly end: () => Promise<void>;
}

const lingering = new Set<() => Promise<void>>();

/** Editors whose screens were left while something was unsaved: what they have is in the journal, for the next to take. */
export async function endLingering(): Promise<void> {
  await Promise.all([...lingering].map((finish) => finish()));
}

/** The answer is called when the screen is left: saving goes on until there is nothing left to save. */
export function tieSaving({ sync, isPersonHere, end }: Saving): () => void {
  const ties = new AbortController();
  const { signal } = ties;
  window.addEventListener("online", () => sync.retry(), { signal });
  window.addEventListener("pagehide", () => sync.leave(), { signal });
  window.addEventListener("pageshow", (event) => event.persisted && sync.retry(), { signal });
  window.addEventListener("beforeunload", (event) => !sync.canLeave() && event.preventDefault(), { signal });
  document.addEventListener(
    "visibilitychange",
    () => {
      // Phones kill hidden pages without a word.
      if (document.visibilityState === "hidden") void sync.flush();
      else if (sync.status.get().reason === "network") sync.retry();
    },
    { signal },
  );
  const untie = [
    session.subscribe(() => {
      if (!session.isExpired() && isPersonHere()) sync.retry();
    }),
    session.beforeSignOut(() => sync.flush()),
  ];
  const finish = async () => {
    if (!lingering.delete(finish)) return;
    ties.abort();
    for (const forget of untie) forget();
    await end();
  };
  return () => {
    lingering.add(finish);
    if (isPersonHere()) {
      untie.push(sync.status.subscribe(() => void (sync.hasUnsaved() || finish())));
      void sync.flush().then((isSaved) => (isSaved ? finish() : undefined));
    } else void finish();
  };
}
