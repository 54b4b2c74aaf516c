/** What tests of saving draw, and how they read what became of it. */

import { MemoryJournal } from "../sync/journal";
import { TransportError } from "../sync/transport";
import { boxAnnotation, type TestEditor } from "./TestEditor";

export const A = boxAnnotation("a", [10, 10, 20, 20]);
export const B = boxAnnotation("b", [50, 10, 20, 20]);
export const GHOST = {
  uuid: "g",
  class: 12,
  shape: { type: "box", box: [100, 10, 20, 20] },
  score: 0.8,
  state: "pending",
  batch: 1,
  source: "run:7",
};

export const network = (): TransportError => new TransportError("network", "No answer.");

export function draw(test: TestEditor, x: number): void {
  test.editor.setTool("box");
  test.drag([
    [x, 60],
    [x + 10, 80],
  ]);
}

export const statusOf = (test: TestEditor): string => test.editor.sync.status.get().state;

/** As a real journal would: through JSON. */
export function leftBy(journal: MemoryJournal): MemoryJournal {
  return new MemoryJournal(JSON.parse(JSON.stringify(journal.all())) as ReturnType<MemoryJournal["all"]>);
}
