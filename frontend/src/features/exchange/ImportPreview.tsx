/** The first images of a file as they would come in, with their objects. */
import { useTranslation } from "react-i18next";
import { imageFileUrl } from "../../api/queries/images";
import type { ImportPreviewImage } from "../../api/types";
import { Section } from "../../ui/Page";
import classes from "./Exchange.module.css";

const COLORS = ["#4f7fe8", "#e69f00", "#1f9d61", "#d9483b", "#8a63d2", "#44aa99", "#999933", "#cc79a7"];

export function ImportPreview({ images }: { readonly images: readonly ImportPreviewImage[] }) {
  const { t } = useTranslation();
  const names = [...new Set(images.flatMap((image) => image.annotations.map((item) => item.class)))];
  return (
    <Section title={t("import.preview")}>
      <ul className={classes.preview}>
        {images.map((image) => (
          <li key={image.name} title={image.name}>
            <svg viewBox={`0 0 ${image.width} ${image.height}`} aria-hidden>
              {image.image !== null && (
                <image href={imageFileUrl(image.image)} width={image.width} height={image.height} />
              )}
              {image.annotations.map((item, index) => (
                <rect
                  key={index}
                  x={item.box[0]}
                  y={item.box[1]}
                  width={item.box[2]}
                  height={item.box[3]}
                  stroke={COLORS[names.indexOf(item.class) % COLORS.length]}
                />
              ))}
            </svg>
            <b dir="auto">{image.name}</b>
            <span className="num">{t("import.previewCount", { count: image.annotation_count })}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
