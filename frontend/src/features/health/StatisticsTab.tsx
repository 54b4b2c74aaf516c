/** The statistics of a project; every bar and cell leads to the images behind it. */
import { IconChartBar } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { statisticsQuery } from "../../api/queries/health";
import type { Statistics } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { useProjectId } from "../../parts/useProjectId";
import { Empty } from "../../ui/Empty";
import { formatCount, formatDecimal } from "../../ui/format";
import { Section } from "../../ui/Page";
import { ClassTable } from "./ClassTable";
import { Colours } from "./Colours";
import { Growth } from "./Growth";
import { Agreement, Work } from "./Handwork";
import { ImageSizes } from "./ImageSizes";
import { LinkedBars } from "./LinkedBars";
import { LocationMap } from "./LocationMap";
import { ObjectSizes } from "./ObjectSizes";
import { People, Words } from "./Words";
import classes from "./Statistics.module.css";
import { Together } from "./Together";

export function StatisticsTab() {
  const query = useQuery(statisticsQuery(useProjectId()));
  return (
    <div className={classes.scroll}>
      <Loaded query={query} rows={10}>
        {(found) => <Charts statistics={found} />}
      </Loaded>
    </div>
  );
}

function Charts({ statistics }: { readonly statistics: Statistics }) {
  const { t } = useTranslation();
  if (statistics.totals.images === 0) {
    return (
      <Empty icon={<IconChartBar size={22} />} title={t("statistics.emptyTitle")}>
        {t("statistics.empty")}
      </Empty>
    );
  }
  return (
    <>
      <Totals totals={statistics.totals} />
      <div className={classes.grid}>
        <div data-whole>
          <ClassTable classes={statistics.classes} hasVersion={statistics.version !== null} />
        </div>
        <Chart title={t("statistics.perImage")}>
          <LinkedBars label={t("statistics.perImage")} bars={statistics.objects_per_image} />
        </Chart>
        <Chart title={t("statistics.coverage")} note={t("statistics.coverageNote")}>
          <LinkedBars label={t("statistics.coverage")} bars={statistics.coverage} />
        </Chart>
        <Chart title={t("statistics.areas")}>
          <ObjectSizes bars={statistics.object_areas} />
        </Chart>
        <Chart title={t("statistics.objectAspects")} note={t("statistics.aspectNote")}>
          <LinkedBars label={t("statistics.objectAspects")} bars={statistics.object_aspects} />
        </Chart>
        <Chart title={t("statistics.imageAspects")} note={t("statistics.aspectNote")}>
          <LinkedBars label={t("statistics.imageAspects")} bars={statistics.image_aspects} />
        </Chart>
        <Chart title={t("statistics.imageSizes")} note={t("statistics.imageSizesNote")}>
          <ImageSizes sizes={statistics.image_sizes} />
        </Chart>
        <div data-wide>
          <LocationMap />
        </div>
        <div data-wide>
          <Together pairs={statistics.together} />
        </div>
        <Chart title={t("statistics.people")} note={t("statistics.peopleNote")}>
          <People people={statistics.people} />
        </Chart>
        <Chart title={t("statistics.sources")}>
          <Words label={t("statistics.sources")} kind="source" bars={statistics.sources} />
        </Chart>
        <Chart title={t("statistics.states")}>
          <Words label={t("statistics.states")} kind="state" bars={statistics.states} />
        </Chart>
        <Chart title={t("statistics.formats")}>
          <Words label={t("statistics.formats")} kind="format" bars={statistics.formats} />
        </Chart>
        <div>
          <Colours colours={statistics.colours} />
        </div>
        <div data-wide>
          <Work rows={statistics.work} />
        </div>
        <div data-whole>
          <Agreement rows={statistics.agreement} />
        </div>
        <div data-growth>
          <Growth days={statistics.growth} />
        </div>
      </div>
    </>
  );
}

function Chart(props: { readonly title: string; readonly note?: string; readonly children: ReactNode }) {
  return (
    <div>
      <Section {...props} />
    </div>
  );
}

function Totals({ totals }: { readonly totals: Statistics["totals"] }) {
  const { t } = useTranslation();
  const figures: readonly (readonly [string, number])[] = [
    [t("statistics.images"), totals.images],
    [t("statistics.imagesWithObjects"), totals.images_with_objects],
    [t("statistics.annotations"), totals.annotations],
    [t("statistics.perImageMean"), totals.objects_per_image],
    [t("statistics.classes"), totals.classes],
  ];
  return (
    <dl className={`${classes.totals ?? ""} num`} aria-label={t("statistics.totals")}>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{Number.isInteger(value) ? formatCount(value) : formatDecimal(value, 1)}</dd>
        </div>
      ))}
    </dl>
  );
}
