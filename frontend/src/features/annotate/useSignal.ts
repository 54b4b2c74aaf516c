/** Lets a component follow one of the editor's values. */
import { useSyncExternalStore } from "react";

interface Followed<T> {
  readonly get: () => T;
  readonly subscribe: (listener: () => void) => () => void;
}

export const useSignal = <T>(signal: Followed<T>): T => useSyncExternalStore(signal.subscribe, signal.get);
