/** Every object on the image, front ones first; only the rows in view exist. */
import { UnstyledButton } from "@mantine/core";
import {
  IconBrush,
  IconEye,
  IconEyeOff,
  IconLock,
  IconLockOpen,
  IconPolygon,
  IconSquare,
  IconTag,
} from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type MouseEvent, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { AnnotationRecord } from "../../editor";
import { Swatch } from "../../ui/Swatch";
import { useEditor } from "./EditorContext";
import { focusCanvas } from "./focusCanvas";
import { Panel } from "./Panel";
import { useSignal } from "./useSignal";
import classes from "./Annotate.module.css";

const ROW = 28;
const SHAPE_ICONS: Readonly<Record<string, typeof IconSquare>> = {
  box: IconSquare,
  polygon: IconPolygon,
  mask: IconBrush,
  tag: IconTag,
};

export function ObjectPanel() {
  const { t } = useTranslation();
  const editor = useEditor();
  const objects = useSignal(editor.objects);
  const selection = useSignal(editor.selection);
  const hovered = useSignal(editor.hovered);
  const { shapes } = useSignal(editor.session);
  const tagging = shapes.length === 1 && shapes[0] === "tag";
  const all = useSignal(editor.classes);
  const classOf = useMemo(() => new Map(all.map((item) => [item.classId, item])), [all]);
  const rows = useMemo(() => [...objects].reverse(), [objects]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  // What is selected on the canvas is scrolled into view here.
  const only = selection.size === 1 ? [...selection][0] : undefined;
  useEffect(() => {
    const index = rows.findIndex((row) => row.id === only);
    if (index >= 0) virtual.scrollToIndex(index);
    // The list scrolls when the selection changes, not whenever an object does.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [only]);

  return (
    <Panel name="objects" title={t("editor.objects")} note={objects.length} grow>
      {rows.length === 0 ? (
        <p className={classes.noObjects}>{tagging ? t("editor.noTag") : t("editor.noObjects")}</p>
      ) : (
        <div className={classes.objects} ref={scroller} onClick={focusCanvas}>
          <ul style={{ height: virtual.getTotalSize() }} aria-label={t("editor.objects")}>
            {virtual.getVirtualItems().map((entry) => {
              const object = rows[entry.index];
              if (object === undefined) return null;
              const owner = classOf.get(object.classId);
              return (
                <li
                  key={object.id}
                  style={{ transform: `translateY(${entry.start}px)` }}
                  data-selected={selection.has(object.id) || undefined}
                  data-hovered={hovered === object.id || undefined}
                  data-hidden={object.hidden || undefined}
                  onPointerEnter={() => editor.setHovered(object.id)}
                  onPointerLeave={() => editor.setHovered(null)}
                >
                  <ObjectRow
                    object={object}
                    name={owner?.name ?? "?"}
                    color={owner?.color ?? "#8a8f98"}
                    number={objects.length - entry.index}
                  />
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </Panel>
  );
}

interface ObjectRowProps {
  readonly object: AnnotationRecord;
  readonly name: string;
  readonly color: string;
  readonly number: number;
}

/** Plain buttons: hundreds of rows come and go with every image. */
const ObjectRow = memo(function ObjectRow({ object, name, color, number }: ObjectRowProps) {
  const { t } = useTranslation();
  const editor = useEditor();
  const Icon = SHAPE_ICONS[object.shape.type] ?? IconSquare;
  const label = t("editor.object", { name, number });
  const click = (event: MouseEvent) =>
    editor.select([object.id], { add: event.ctrlKey || event.metaKey || event.shiftKey, reveal: true });
  return (
    <>
      <UnstyledButton
        className={classes.object ?? ""}
        aria-label={label}
        onClick={click}
        onDoubleClick={() => editor.zoomTo(object.id)}
      >
        <Swatch color={color} />
        <Icon size={13} className={classes.shapeIcon ?? ""} />
        <span className={classes.className}>{name}</span>
        {object.score !== null && <em className="num">{object.score.toFixed(2)}</em>}
        <em className="num">{number}</em>
      </UnstyledButton>
      <button
        type="button"
        className={classes.toggle}
        aria-label={t(object.hidden ? "editor.show" : "editor.hide", { object: label })}
        aria-pressed={object.hidden}
        onClick={() => editor.patch([object.id], { hidden: !object.hidden }, t("editor.hiding"))}
      >
        {object.hidden ? <IconEyeOff size={13} /> : <IconEye size={13} />}
      </button>
      <button
        type="button"
        className={classes.toggle}
        aria-label={t(object.locked ? "editor.unlock" : "editor.lock", { object: label })}
        aria-pressed={object.locked}
        onClick={() => editor.patch([object.id], { locked: !object.locked }, t("editor.locking"))}
      >
        {object.locked ? <IconLock size={13} /> : <IconLockOpen size={13} />}
      </button>
    </>
  );
});
