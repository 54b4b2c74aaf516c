/** Owns undo and redo without limit: local changes collect in the step of the latest mark. Knows nothing of saving. */

import { Value, type Signal } from "../signal";
import { diffCompose, diffInvert, diffWithout, EMPTY_DIFF, type Diff } from "./diff";
import type { Selection } from "./Selection";
import type { Store } from "./Store";

/** A place on the undo stack to go back to or to squash down to. */
export interface Mark {
  readonly depth: number;
  readonly epoch: number;
}

export interface HistoryState {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly undoName: string | null;
  readonly redoName: string | null;
}

/** Something done elsewhere than in the records of the open image. */
export interface OutsideAct {
  readonly undo: () => void;
}

interface Step {
  readonly name: string;
  diff: Diff;
  readonly selectedBefore: ReadonlySet<string>;
  selectedAfter: ReadonlySet<string>;
  readonly outside?: OutsideAct | undefined;
}

const NOTHING: HistoryState = { canUndo: false, canRedo: false, undoName: null, redoName: null };

export class History {
  private readonly store: Store;
  private readonly selection: Selection;
  private undoSteps: Step[] = [];
  private redoSteps: Step[] = [];
  private epoch = 0;
  private open = 0;
  private readonly value = new Value<HistoryState>(NOTHING);

  readonly state: Signal<HistoryState> = this.value;

  constructor(store: Store, selection: Selection) {
    this.store = store;
    this.selection = selection;
    store.listen((event) => {
      if (event.history === "record" && event.origin === "local") this.record(event.diff);
    });
  }

  /** True between a mark and its squash or bail, that is while a drag or stroke goes on. */
  get isOpen(): boolean {
    return this.open > 0;
  }

  /** Begins a step; everything up to `squash` or `bail` belongs to it. */
  mark(name: string): Mark {
    const mark = { depth: this.undoSteps.length, epoch: this.epoch };
    this.begin(name);
    this.open += 1;
    return mark;
  }

  /** Makes one undo step of all that happened since the mark; nothing if nothing did. */
  squash(mark: Mark): void {
    if (!this.close(mark)) return;
    const steps = this.undoSteps.splice(mark.depth);
    const [first] = steps;
    if (!first) return;
    first.diff = steps.reduce((all, step) => diffCompose(all, step.diff), EMPTY_DIFF);
    first.selectedAfter = this.selection.ids.get();
    if (first.diff.size > 0) this.undoSteps.push(first);
    this.refresh();
  }

  /** Puts everything back as it was at the mark and forgets it. */
  bail(mark: Mark): void {
    if (!this.close(mark)) return;
    const steps = this.undoSteps.splice(mark.depth);
    for (const step of steps.reverse()) this.store.replay(diffInvert(step.diff), "local");
    const [first] = steps.slice(-1);
    if (first) this.selection.set(first.selectedBefore);
    this.refresh();
  }

  /** One undo step. `merge` continues the step before when it has the same name (a held arrow key). */
  run(name: string, change: () => void, options: { merge?: boolean } = {}): void {
    const last = this.undoSteps.at(-1);
    if (options.merge === true && last?.name === name && this.redoSteps.length === 0) {
      this.open += 1;
      change();
      this.open -= 1;
      last.selectedAfter = this.selection.ids.get();
      return;
    }
    const mark = this.mark(name);
    try {
      change();
    } catch (error) {
      this.bail(mark);
      throw error;
    }
    this.squash(mark);
  }

  /** The latest step is one that was taken elsewhere; it can be undone once and not redone. */
  note(name: string, outside: OutsideAct): void {
    this.begin(name, outside);
    this.redoSteps = [];
    this.refresh();
  }

  undo(): boolean {
    const step = popChanged(this.undoSteps);
    if (!step) return false;
    if (step.outside) {
      step.outside.undo();
      this.refresh();
      return true;
    }
    this.store.replay(diffInvert(step.diff), "local");
    this.redoSteps.push(step);
    this.selection.set([...step.selectedBefore].filter((id) => this.store.find(id) !== null));
    this.refresh();
    return true;
  }

  redo(): boolean {
    const step = popChanged(this.redoSteps);
    if (!step) return false;
    this.store.replay(step.diff, "local");
    this.undoSteps.push(step);
    this.selection.set([...step.selectedAfter].filter((id) => this.store.find(id) !== null));
    this.refresh();
    return true;
  }

  /** Somebody else changed these records: undo must not put an old state of theirs back. */
  forget(ids: ReadonlySet<string>): void {
    // Steps stay, though empty, so that the depth of an open mark still holds; undo passes over empty ones.
    const without = (step: Step): Step => ({ ...step, diff: diffWithout(step.diff, ids) });
    this.undoSteps = this.undoSteps.map(without);
    this.redoSteps = this.redoSteps.map(without);
    this.refresh();
  }

  /** Another image: its steps are not this one's. */
  clear(): void {
    this.undoSteps = [];
    this.redoSteps = [];
    this.epoch += 1;
    this.open = 0;
    this.refresh();
  }

  private record(diff: Diff): void {
    if (this.redoSteps.length > 0) this.redoSteps = [];
    const current = (this.isOpen ? this.undoSteps.at(-1) : undefined) ?? this.begin("Change");
    current.diff = diffCompose(current.diff, diff);
    this.refresh();
  }

  private begin(name: string, outside?: OutsideAct): Step {
    const selected = this.selection.ids.get();
    const step: Step = { name, diff: EMPTY_DIFF, selectedBefore: selected, selectedAfter: selected, outside };
    this.undoSteps.push(step);
    return step;
  }

  /** A mark from before `clear` means nothing any more. */
  private close(mark: Mark): boolean {
    if (mark.epoch !== this.epoch) return false;
    this.open = Math.max(this.open - 1, 0);
    return true;
  }

  private refresh(): void {
    const undo = this.undoSteps.findLast(isChanged);
    const redo = this.redoSteps.findLast(isChanged);
    const next = {
      canUndo: undo !== undefined,
      canRedo: redo !== undefined,
      undoName: undo?.name ?? null,
      redoName: redo?.name ?? null,
    };
    const now = this.value.get();
    if (now.undoName === next.undoName && now.redoName === next.redoName) return;
    this.value.set(next);
  }
}

function isChanged(step: Step): boolean {
  return step.diff.size > 0 || step.outside !== undefined;
}

function popChanged(steps: Step[]): Step | undefined {
  let step = steps.pop();
  while (step && !isChanged(step)) step = steps.pop();
  return step;
}
