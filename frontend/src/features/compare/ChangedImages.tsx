/** The pictures that differ, each with what changed on it; one opens with both sides drawn over it. */
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { errorSentence } from "../../api/errors";
import { diffImagesQuery } from "../../api/queries/diff";
import type { DiffEnds, DiffImage, DiffKind } from "../../api/types";
import { useProjectId } from "../../parts/useProjectId";
import { Failure, Loading } from "../../ui/Empty";
import { formatCount } from "../../ui/format";
import { Section } from "../../ui/Page";
import { Picture } from "../../ui/Picture";
import { Swatch } from "../../ui/Swatch";
import classes from "./Compare.module.css";
import { ImageDiffDialog } from "./ImageDiffDialog";
import { KINDS, KIND_COLORS } from "./kinds";

interface ChangedImagesProps {
  readonly ends: DiffEnds;
  readonly kinds: readonly DiffKind[];
}

export function ChangedImages({ ends, kinds }: ChangedImagesProps) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(diffImagesQuery(useProjectId(), ends, kinds));
  const [chosen, setChosen] = useState<DiffImage | null>(null);
  const images = query.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <Section title={t("compare.changedImages")}>
      {query.isError && images.length === 0 ? (
        <Failure title={t("errors.loadTitle")} detail={errorSentence(query.error, t("errors.unreachable"))} />
      ) : query.data === undefined ? (
        <Loading label={t("state.loading")} rows={6} />
      ) : (
        <ul className={classes.grid} aria-label={t("compare.changedImages")}>
          {images.map((image) => (
            <li key={image.id}>
              <button
                type="button"
                className={classes.image}
                aria-label={t("compare.open", { name: image.name })}
                onClick={() => setChosen(image)}
              >
                <div className={classes.thumbnail}>
                  <Picture src={image.thumbnail_url} alt="" width={image.width} height={image.height} />
                </div>
                <div className={classes.caption}>
                  <b dir="auto">{image.name}</b>
                  <Marks image={image} />
                </div>
              </button>
            </li>
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <Button variant="default" mt="sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t("compare.more")}
        </Button>
      )}
      {chosen !== null && <ImageDiffDialog image={chosen} ends={ends} onClose={() => setChosen(null)} />}
    </Section>
  );
}

function Marks({ image }: { readonly image: DiffImage }) {
  const { t } = useTranslation();
  return (
    <span className={`${classes.marks ?? ""} num`}>
      {image.from === null && <span>{t("compare.imageAdded")}</span>}
      {image.to === null && <span>{t("compare.imageRemoved")}</span>}
      {KINDS.filter((kind) => image.objects[kind] > 0).map((kind) => (
        <span key={kind} title={t(`compare.kind.${kind}`)}>
          <Swatch color={KIND_COLORS[kind]} size={8} /> {formatCount(image.objects[kind])}
        </span>
      ))}
      {image.from !== null && image.to !== null && image.from.state !== image.to.state && (
        <span>{t(`imageState.${image.to.state}`)}</span>
      )}
    </span>
  );
}
