/** Owns how the groups of the selected objects are shown: a frame around all members, and a line around each. */

import type { EditorContext } from "../../context";
import { boxExpand } from "../../geometry/box";
import { shapeUtil } from "../../shapes";
import { recordsToBounds } from "../../store/Clipboard";
import type { Painter } from "../../view/Painter";
import { isVisible } from "../../view/HitTester";

const COLOR = "#4dabf7";
/** CSS pixels. */
const MARGIN = 6;
/** Of more selected objects their groups are not worth showing. */
const MOST_SELECTED = 50;

export function drawGroups(painter: Painter, editor: EditorContext): void {
  const ids = editor.selection.ids.get();
  if (ids.size > MOST_SELECTED) return;
  const groups = new Set([...ids].map((id) => editor.store.findAnnotation(id)?.group ?? null));
  groups.delete(null);
  if (groups.size === 0) return;
  for (const group of groups) {
    const members = editor.store.annotations
      .get()
      .filter((record) => record.group === group && isVisible(record, editor.settings.get()));
    const frame = recordsToBounds(members);
    if (members.length < 2 || frame === null) continue;
    painter.box(boxExpand(frame, MARGIN * painter.pixel), { color: COLOR, fill: 0, width: 1, dash: [6, 4] });
    const boxes = members.map(({ shape }) => shapeUtil(shape).bounds(shape)).filter((box) => box !== null);
    painter.boxes(boxes, { color: COLOR, fill: 0.06, width: 1, dash: [] });
  }
}
