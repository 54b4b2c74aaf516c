/** The images that the filters leave, in a strip; only those in view exist. */
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { imageQuery } from "../../api/queries/images";
import { StateIcon } from "../../parts/StateBadge";
import classes from "./Annotate.module.css";

const WIDTH = 92;

interface FilmStripProps {
  readonly ids: readonly number[];
  readonly current: number;
  readonly search: string;
}

export const FilmStrip = memo(function FilmStrip({ ids, current, search }: FilmStripProps) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    horizontal: true,
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => WIDTH,
    overscan: 3,
  });
  const index = ids.indexOf(current);
  useEffect(() => {
    if (index >= 0) virtual.scrollToIndex(index, { align: "center" });
  }, [index, virtual]);
  return (
    <nav className={classes.film} ref={scroller} aria-label={t("editor.filmStrip")}>
      <ul style={{ width: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((entry) => {
          const id = ids[entry.index];
          if (id === undefined) return null;
          return (
            <li key={id} style={{ transform: `translateX(${entry.start}px)`, width: WIDTH }}>
              <Frame id={id} current={id === current} search={search} />
            </li>
          );
        })}
      </ul>
    </nav>
  );
});

function Frame({ id, current, search }: { readonly id: number; readonly current: boolean; readonly search: string }) {
  const { data: image } = useQuery({ ...imageQuery(id), staleTime: 60_000 });
  if (image === undefined) return <span className={classes.frame} />;
  return (
    <Link
      to={{ pathname: `../${id}`, search }}
      relative="path"
      className={classes.frame}
      aria-label={image.name}
      aria-current={current ? "page" : undefined}
      tabIndex={-1}
    >
      <img src={image.thumbnail_url} alt="" loading="lazy" draggable={false} />
      <span>
        <StateIcon state={image.state} size={12} />
      </span>
    </Link>
  );
}
