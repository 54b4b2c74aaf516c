/** A picture of a finding with the objects that it means: near to them where they are small. */
import { useInViewport } from "@mantine/hooks";
import { useMemo } from "react";
import { imageFileUrl } from "../../api/queries/images";
import type { Finding } from "../../api/types";
import { type Bounds, cropAround, isSmall, union } from "../../parts/crop";
import { shapePath } from "../../parts/shapePath";
import { useProject } from "../../parts/useProjectId";
import classes from "./FindingPicture.module.css";

type Image = Finding["images"][number];
export type FindingObject = Finding["objects"][number];

interface FindingPictureProps {
  readonly image: Image;
  readonly objects: readonly FindingObject[];
}

export function FindingPicture({ image, objects }: FindingPictureProps) {
  const { ref, inViewport } = useInViewport<HTMLSpanElement>();
  const placed = objects.filter((object) => object.box.some((value) => value !== 0));
  const bounds = union(placed.map((object) => object.box as unknown as Bounds));
  const isNear = bounds !== null && isSmall(bounds, image);
  // The thumbnail is too coarse to be enlarged; whole files are fetched only for what is in sight.
  const source = isNear ? (inViewport ? imageFileUrl(image.id) : undefined) : image.thumbnail_url;
  return (
    <span ref={ref} className={classes.frame}>
      <svg viewBox={cropAround(isNear ? bounds : null, image).join(" ")} aria-hidden>
        <image href={source} width={image.width} height={image.height} preserveAspectRatio="none" />
        {placed.map((object) => (
          <Outline key={object.uuid} object={object} />
        ))}
      </svg>
    </span>
  );
}

function Outline({ object }: { readonly object: FindingObject }) {
  const color = useProject()?.classes.find((item) => item.id === object.class)?.color;
  const path = useMemo(() => (object.shape === null ? null : shapePath(object.shape)), [object.shape]);
  const [x = 0, y = 0, width = 0, height = 0] = object.box;
  const d = path?.d ?? `M${x} ${y}h${width}v${height}h${-width}Z`;
  return (
    <>
      <path d={d} className={classes.halo} />
      <path d={d} stroke={color ?? "var(--accent)"} data-object={object.uuid} />
    </>
  );
}
