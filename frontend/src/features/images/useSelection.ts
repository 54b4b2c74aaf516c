/** Which images are selected: single ones, ranges, or everything that the filters leave. */
import { useCallback, useMemo, useState } from "react";

export interface Selection {
  readonly ids: ReadonlySet<number>;
  /** Every image of the filter is meant, so a change can name the filter instead of 100,000 ids. */
  readonly whole: boolean;
  readonly toggle: (id: number) => void;
  /** From the image last toggled to `id`, in the order shown. */
  readonly extend: (id: number, order: readonly number[]) => void;
  readonly all: (ids: readonly number[]) => void;
  readonly clear: () => void;
}

/** The ids from `from` to `to` in `order`, both ends included; only `to` when `from` is not among them. */
export function rangeOf(order: readonly number[], from: number | null, to: number): readonly number[] {
  const start = from === null ? -1 : order.indexOf(from);
  const end = order.indexOf(to);
  if (start < 0 || end < 0) return [to];
  return order.slice(Math.min(start, end), Math.max(start, end) + 1);
}

export function useSelection(): Selection {
  const [state, setState] = useState({ ids: new Set<number>(), whole: false, anchor: null as number | null });
  const toggle = useCallback((id: number) => {
    setState((old) => {
      const ids = new Set(old.ids);
      if (!ids.delete(id)) ids.add(id);
      return { ids, whole: false, anchor: id };
    });
  }, []);
  const extend = useCallback((id: number, order: readonly number[]) => {
    setState((old) => ({ ids: new Set([...old.ids, ...rangeOf(order, old.anchor, id)]), whole: false, anchor: id }));
  }, []);
  const all = useCallback((ids: readonly number[]) => setState({ ids: new Set(ids), whole: true, anchor: null }), []);
  const clear = useCallback(() => setState({ ids: new Set(), whole: false, anchor: null }), []);
  return useMemo(
    () => ({ ids: state.ids, whole: state.whole, toggle, extend, all, clear }),
    [state, toggle, extend, all, clear],
  );
}
