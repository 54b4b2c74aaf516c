/** The grid: only the rows in view exist, rows not yet fetched are placeholders, the keyboard walks it. */
import { useDirection } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { ImageRecord, LabelClass } from "../../api/types";
import { ImageTile } from "./ImageTile";
import type { Selection } from "./useSelection";
import classes from "./ImageGrid.module.css";

const GAP = 10;
const PADDING = 14;
const CAPTION = 28;
const RATIO = 0.74;

interface ImageGridProps {
  readonly images: readonly ImageRecord[];
  readonly total: number;
  /** The width that a tile should have at least; rows are filled. */
  readonly width: number;
  readonly search: string;
  readonly classes: readonly LabelClass[];
  readonly selection: Selection;
  /** Called when the rows in view come near the end of what is loaded. */
  readonly onReach: () => void;
}

export function ImageGrid(props: ImageGridProps) {
  const { images, total, width, search, selection, onReach } = props;
  const { t } = useTranslation();
  const isRtl = useDirection().dir === "rtl";
  const { ref: sizeRef, width: available } = useElementSize();
  const scroller = useRef<HTMLDivElement>(null);
  const inner = Math.max(0, available - 2 * PADDING);
  const columns = Math.max(1, Math.floor((inner + GAP) / (width + GAP)));
  const tileWidth = (inner - GAP * (columns - 1)) / columns;
  const tileHeight = Math.round(tileWidth * RATIO) + CAPTION;
  const classOf = useMemo(() => new Map(props.classes.map((item) => [item.id, item])), [props.classes]);

  const rows = useVirtualizer({
    count: available === 0 ? 0 : Math.ceil(total / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => tileHeight + GAP,
    paddingStart: PADDING,
    paddingEnd: PADDING,
    overscan: 3,
  });
  useEffect(() => rows.measure(), [tileHeight, rows]);

  const items = rows.getVirtualItems();
  const reached = ((items.at(-1)?.index ?? 0) + 4) * columns;
  useEffect(() => {
    if (reached >= images.length && images.length < total) onReach();
  });

  const { extend, toggle } = selection;
  const select = useCallback(
    (id: number, range: boolean) => {
      if (range)
        extend(
          id,
          images.map((image) => image.id),
        );
      else toggle(id);
    },
    [images, extend, toggle],
  );

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const tile = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    const index = Number(tile?.dataset.index ?? -1);
    const image = images[index];
    const onwards = isRtl ? -1 : 1;
    const steps: Record<string, number> = {
      ArrowRight: onwards,
      ArrowLeft: -onwards,
      ArrowDown: columns,
      ArrowUp: -columns,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = Math.min(images.length - 1, Math.max(0, index + step));
      rows.scrollToIndex(Math.floor(next / columns));
      requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"] a`)?.focus());
    } else if (event.key === " " && image !== undefined) {
      event.preventDefault();
      select(image.id, event.shiftKey);
    } else if (event.key === "Escape") selection.clear();
  };

  return (
    <div
      className={classes.scroller}
      ref={scroller}
      onKeyDown={onKeyDown}
      role="group"
      aria-label={t("images.grid")}
      data-selecting={selection.ids.size > 0 || undefined}
    >
      <div ref={sizeRef} style={{ height: rows.getTotalSize(), position: "relative" }}>
        {items.map((row) => (
          <div
            key={row.key}
            className={classes.row}
            style={{
              transform: `translateY(${row.start}px)`,
              height: tileHeight,
              gap: GAP,
              padding: `0 ${PADDING}px`,
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            }}
          >
            {Array.from({ length: Math.min(columns, total - row.index * columns) }, (_, column) => {
              const index = row.index * columns + column;
              const image = images[index];
              return image === undefined ? (
                <div key={column} className={classes.waiting} />
              ) : (
                <ImageTile
                  key={image.id}
                  image={image}
                  index={index}
                  search={search}
                  classOf={classOf}
                  selected={selection.ids.has(image.id)}
                  onSelect={select}
                />
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}
