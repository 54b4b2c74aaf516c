/** Whether the server still knows this browser; asked again in place when it does not, so nothing on screen is lost. */

/** expired: nobody is signed in any more; stranger: somebody else is. */
export type SessionEnd = "expired" | "stranger";

let ended: SessionEnd | null = null;
const listeners = new Set<() => void>();
const leaving = new Set<() => Promise<unknown>>();

function set(next: SessionEnd | null): void {
  if (next === ended) return;
  ended = next;
  for (const listener of [...listeners]) listener();
}

/** Nobody waits longer than this to sign out. */
const DRAIN_MS = 3000;

export const session = {
  ended: (): SessionEnd | null => ended,
  isExpired: (): boolean => ended !== null,
  markExpired: (end: SessionEnd): void => set(end),
  markActive: (): void => set(null),
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** `act` runs while the person is still known to the server. */
  beforeSignOut: (act: () => Promise<unknown>): (() => void) => {
    leaving.add(act);
    return () => leaving.delete(act);
  },
  drain: async (): Promise<void> => {
    const acts = Promise.allSettled([...leaving].map((act) => act()));
    await Promise.race([acts, new Promise((resolve) => setTimeout(resolve, DRAIN_MS))]);
  },
};
