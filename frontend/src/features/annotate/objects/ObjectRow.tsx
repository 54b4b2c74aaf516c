/** One object of the list; plain elements, for hundreds of rows come and go with every image. */
import {
  IconBone,
  IconBrush,
  IconCircle,
  IconPolygon,
  IconRotateRectangle,
  IconSquare,
  IconTag,
  IconTextCaption,
  IconVector,
} from "@tabler/icons-react";
import { memo, type MouseEvent } from "react";
import { useTranslation } from "react-i18next";
import { formatCount, formatDecimal } from "../../../ui/format";
import { Swatch } from "../../../ui/Swatch";
import { useEditor } from "../EditorContext";
import { LayerToggles } from "./LayerToggles";
import { areaOf, type ObjectEntry, type SortKey } from "./listing";
import classes from "./Objects.module.css";

const SHAPE_ICONS: Readonly<Record<string, typeof IconSquare>> = {
  box: IconSquare,
  rotated_box: IconRotateRectangle,
  polygon: IconPolygon,
  ellipse: IconCircle,
  polyline: IconVector,
  skeleton: IconBone,
  mask: IconBrush,
  tag: IconTag,
  caption: IconTextCaption,
};

interface ObjectRowProps {
  readonly entry: ObjectEntry;
  /** What the list is sorted by is what the row tells. */
  readonly sortKey: SortKey;
  readonly onPick: (id: string, event: MouseEvent) => void;
}

export const ObjectRow = memo(function ObjectRow({ entry, sortKey, onPick }: ObjectRowProps) {
  const { t } = useTranslation();
  const editor = useEditor();
  const { object, name, color, number } = entry;
  const Icon = SHAPE_ICONS[object.shape.type] ?? IconSquare;
  const label = t("editor.object", { name, number });
  return (
    <>
      <span
        role="gridcell"
        className={classes.object}
        onClick={(event) => onPick(object.id, event)}
        onDoubleClick={() => editor.zoomTo(object.id)}
      >
        <Swatch color={color} />
        <Icon size={13} className={classes.icon ?? ""} />
        <span className={classes.name} dir="auto">
          {name}
        </span>{" "}
        <Told entry={entry} sortKey={sortKey} /> <em className="num">{number}</em>
      </span>
      <span role="gridcell">
        <LayerToggles objects={[object]} name={label} skipped />
      </span>
    </>
  );
});

function Told({ entry: { object }, sortKey }: Pick<ObjectRowProps, "entry" | "sortKey">) {
  const { t } = useTranslation();
  if (sortKey === "area") {
    return <em className="num">{t("objects.square", { value: formatCount(Math.round(areaOf(object))) })}</em>;
  }
  if (sortKey === "source") {
    const source = object.source.split(":")[0] as "human";
    return <em>{t(`source.${source}`, object.source)}</em>;
  }
  return object.score === null ? null : <em className="num">{formatDecimal(object.score)}</em>;
}
