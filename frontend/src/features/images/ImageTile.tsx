/** One image in the grid: picture with its objects, state, name, counts, a box to select it. */
import { Checkbox } from "@mantine/core";
import { IconMessage, IconRosetteDiscountCheck } from "@tabler/icons-react";
import { memo, type MouseEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ImageRecord, LabelClass } from "../../api/types";
import { ReviewIcon } from "../../parts/ReviewBadge";
import { StateIcon } from "../../parts/StateBadge";
import { formatCount } from "../../ui/format";
import { Picture } from "../../ui/Picture";
import { Swatch } from "../../ui/Swatch";
import classes from "./ImageGrid.module.css";

const NO_CLASS = "#8a8f98";
/** Shapes that speak of the picture as a whole: there is no place to draw them at. */
const OF_THE_WHOLE = new Set(["tag", "caption"]);

interface ImageTileProps {
  readonly image: ImageRecord;
  readonly index: number;
  readonly search: string;
  readonly classOf: ReadonlyMap<number, LabelClass>;
  readonly selected: boolean;
  readonly onSelect: (id: number, range: boolean) => void;
}

/** Drawn again only when something of it changed: scrolling alone costs the tiles nothing. */
export const ImageTile = memo(function ImageTile(props: ImageTileProps) {
  const { image, index, search, classOf, selected, onSelect } = props;
  const { t } = useTranslation();
  const overlay = image.overlay ?? [];
  const tags = overlay.filter((item) => item.type === "tag");
  const boxes = overlay
    .filter((item) => !OF_THE_WHOLE.has(item.type))
    .map((item, key) => ({ key: String(key), box: item.box, color: classOf.get(item.class)?.color ?? NO_CLASS }));
  const click = (event: MouseEvent) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
    event.preventDefault();
    onSelect(image.id, event.shiftKey);
  };
  return (
    <div className={classes.tile} data-index={index} data-selected={selected || undefined}>
      <Link
        to={{ pathname: String(image.id), search }}
        aria-label={image.name}
        className={classes.open}
        onClick={click}
      >
        <Picture src={image.thumbnail_url} alt="" width={image.width} height={image.height} boxes={boxes} />
        {tags.length > 0 && (
          <span className={classes.tags}>
            {tags.map((item, key) => (
              <span key={key}>
                <Swatch color={classOf.get(item.class)?.color ?? NO_CLASS} size={8} />
                {classOf.get(item.class)?.name ?? ""}
              </span>
            ))}
          </span>
        )}
      </Link>
      <Checkbox
        className={classes.check ?? ""}
        size="sm"
        aria-label={t("images.select", { name: image.name })}
        checked={selected}
        onChange={(event) => onSelect(image.id, (event.nativeEvent as unknown as MouseEvent).shiftKey)}
        tabIndex={-1}
      />
      <div className={classes.caption}>
        <StateIcon state={image.state} />
        {image.review !== null && <ReviewIcon status={image.review} />}
        <span className={classes.name} title={`${image.name} · ${image.width} × ${image.height}`} dir="auto">
          {image.name}
        </span>
        {image.ground_truth && (
          <IconRosetteDiscountCheck size={14} color="var(--accent)" aria-label={t("images.groundTruth")} role="img" />
        )}
        {image.open_comments > 0 && (
          <span
            className={`${classes.count ?? ""} num`}
            title={t("images.openComments", { count: image.open_comments })}
          >
            <IconMessage size={12} /> {formatCount(image.open_comments)}
          </span>
        )}
        <span className={`${classes.count ?? ""} num`} title={t("images.objects", { count: image.annotation_count })}>
          {formatCount(image.annotation_count)}
        </span>
      </div>
    </div>
  );
});
