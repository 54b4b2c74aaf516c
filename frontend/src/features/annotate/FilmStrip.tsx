/** The images that the filters leave, in a strip that follows the open one; only those in view exist. */
import { useDirection } from "@mantine/core";
import { useReducedMotion } from "@mantine/hooks";
import { IconMessageCircleFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type MouseEvent, type RefObject, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { imageQuery } from "../../api/queries/images";
import { StateIcon } from "../../parts/StateBadge";
import classes from "./Annotate.module.css";

const WIDTH = 92;
/** Frames: a longer way is not worth watching, and every picture on it would be fetched. */
const SMOOTH = 25;

interface FilmStripProps {
  readonly ids: readonly number[];
  readonly current: number;
  readonly addressOf: (id: number) => string;
  readonly onGo: (id: number) => void;
}

export const FilmStrip = memo(function FilmStrip({ ids, current, addressOf, onGo }: FilmStripProps) {
  const { t } = useTranslation();
  // In reading order, as the grid is: in right-to-left languages the next image stands to the left.
  const isRtl = useDirection().dir === "rtl";
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    horizontal: true,
    isRtl,
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => WIDTH,
    overscan: 3,
  });
  const pointing = useRecentring(scroller, ids.indexOf(current), isRtl);
  return (
    <nav className={classes.film} data-region ref={scroller} aria-label={t("editor.filmStrip")} {...pointing}>
      <ul style={{ width: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((entry) => {
          const id = ids[entry.index];
          if (id === undefined) return null;
          return (
            <li key={id} style={{ transform: `translateX(${isRtl ? -entry.start : entry.start}px)`, width: WIDTH }}>
              <Frame id={id} current={id === current} address={addressOf(id)} onGo={onGo} />
            </li>
          );
        })}
      </ul>
    </nav>
  );
});

/** Brings the open image to the middle when it changes, but never under a pointer that browses the strip. */
function useRecentring(scroller: RefObject<HTMLDivElement | null>, index: number, isRtl: boolean) {
  const still = useReducedMotion();
  const shown = useRef<number | null>(null);
  const pointed = useRef(false);
  const recentre = () => {
    const strip = scroller.current;
    if (strip === null || index < 0 || shown.current === index || pointed.current) return;
    const isFar = shown.current === null || Math.abs(shown.current - index) > SMOOTH;
    shown.current = index;
    const left = (index + 0.5) * WIDTH - strip.clientWidth / 2;
    // From right to left, the way from the first frame counts below zero.
    strip.scrollTo({ left: isRtl ? -left : left, behavior: still || isFar ? "instant" : "smooth" });
  };
  useEffect(recentre);
  return {
    onPointerEnter: () => {
      pointed.current = true;
    },
    onPointerLeave: () => {
      pointed.current = false;
      recentre();
    },
  };
}

interface FrameProps {
  readonly id: number;
  readonly current: boolean;
  readonly address: string;
  readonly onGo: (id: number) => void;
}

/** A link of the browser's own: the router's would be drawn again, all of them, at every change of the address. */
const Frame = memo(function Frame({ id, current, address, onGo }: FrameProps) {
  const { t } = useTranslation();
  const { data: image } = useQuery({ ...imageQuery(id), staleTime: 60_000 });
  if (image === undefined) return <span className={classes.frame} />;
  const { open_comments: comments } = image;
  const said = comments > 0 ? `, ${t("editor.openComments", { count: comments })}` : "";
  return (
    <a
      href={address}
      onClick={(event) => {
        if (isForAnotherTab(event)) return;
        event.preventDefault();
        onGo(id);
      }}
      className={classes.frame}
      aria-label={`${image.name}, ${t(`imageState.${image.state}`)}${said}`}
      aria-current={current ? "page" : undefined}
    >
      <img src={image.thumbnail_url} alt="" loading="lazy" draggable={false} />
      {comments > 0 && (
        <em className="num">
          <IconMessageCircleFilled size={11} />
          {comments}
        </em>
      )}
      <span>
        <StateIcon state={image.state} size={12} />
      </span>
    </a>
  );
});

const isForAnotherTab = (event: MouseEvent): boolean =>
  event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
