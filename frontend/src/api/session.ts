/** Whether the server still knows this browser; asked again in place when it does not, so nothing on screen is lost. */

let expired = false;
const listeners = new Set<() => void>();

function set(next: boolean): void {
  if (next === expired) return;
  expired = next;
  for (const listener of listeners) listener();
}

export const session = {
  isExpired: (): boolean => expired,
  markExpired: (): void => set(true),
  markActive: (): void => set(false),
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
