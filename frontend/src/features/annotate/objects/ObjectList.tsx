/** The rows of the object list; what is selected on the canvas is scrolled into view. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useEditor } from "../EditorContext";
import { focusCanvas } from "../focusCanvas";
import { useSignal } from "../useSignal";
import { indexOf, type ObjectEntry, type SortKey } from "./listing";
import { ObjectRow } from "./ObjectRow";
import { useListSelection } from "./useListSelection";
import classes from "./Objects.module.css";

const ROW = 28;
const rowId = (id: string): string => `object-${id}`;

interface ObjectListProps {
  readonly entries: readonly ObjectEntry[];
  readonly sortKey: SortKey;
}

export function ObjectList({ entries, sortKey }: ObjectListProps) {
  const { t } = useTranslation();
  const editor = useEditor();
  const selection = useSignal(editor.selection);
  const hovered = useSignal(editor.hovered);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const page = () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW) / ROW) - 1);
  const { active, onPick, onKeyDown } = useListSelection(entries, page);
  useEffect(() => {
    const index = indexOf(entries, active);
    if (index >= 0) virtual.scrollToIndex(index);
    // The list scrolls when another row becomes the active one, not whenever an object changes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [active]);

  return (
    <div className={classes.scroller} ref={scroller} onClick={focusCanvas}>
      <div
        className={classes.rows}
        style={{ height: virtual.getTotalSize() }}
        role="grid"
        tabIndex={0}
        aria-label={t("editor.objects")}
        aria-multiselectable
        aria-rowcount={entries.length}
        aria-activedescendant={active === null ? undefined : rowId(active)}
        onKeyDown={onKeyDown}
      >
        {virtual.getVirtualItems().map(({ index, start }) => {
          const entry = entries[index];
          if (entry === undefined) return null;
          const { object } = entry;
          return (
            <div
              key={object.id}
              id={rowId(object.id)}
              role="row"
              aria-rowindex={index + 1}
              aria-selected={selection.has(object.id)}
              className={classes.row}
              style={{ transform: `translateY(${start}px)` }}
              data-active={active === object.id || undefined}
              data-hovered={hovered === object.id || undefined}
              data-hidden={object.hidden || undefined}
              onPointerEnter={() => editor.setHovered(object.id)}
              onPointerLeave={() => editor.setHovered(null)}
            >
              <ObjectRow entry={entry} sortKey={sortKey} onPick={onPick} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
