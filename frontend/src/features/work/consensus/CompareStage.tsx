/** The picture once for each person, or once with everybody's outlines over each other; and as it would be saved. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { imageFileUrl } from "../../../api/queries/images";
import type { ComparedObject, Comparison } from "../../../api/types";
import { type Bounds, cropAround, union } from "../../../parts/crop";
import { shapePath } from "../../../parts/shapePath";
import { useProject } from "../../../parts/useProjectId";
import { paletteColor } from "../../../ui/palette";
import classes from "./Compare.module.css";

export type Layout = "beside" | "over";

interface CompareStageProps {
  readonly comparison: Comparison;
  readonly layout: Layout;
  /** What would be saved; null where nothing can be. */
  readonly taken: readonly ComparedObject[] | null;
  /** The thing under the pointer. */
  readonly hot: number | null;
  /** The thing that the pictures are cut to. */
  readonly near: number | null;
  readonly onHot: (group: number | null) => void;
  readonly onTake: ((group: number, place: number) => void) | null;
}

interface Drawn {
  readonly group: number;
  readonly place: number;
  readonly object: ComparedObject;
  readonly color: string;
  readonly dash?: string;
}

const NO_CLASS = "#8a8f98";
/** Beside the colour, so that lines are told apart without it. */
const DASHES = [undefined, "7 4", "2 3", "9 3 2 3"] as const;

const colorOfPerson = (place: number): string => paletteColor(place * 3);
const dashOfPerson = (place: number): string | undefined => DASHES[place % DASHES.length];

export function CompareStage(props: CompareStageProps) {
  const { t } = useTranslation();
  const { comparison, layout, taken, near, hot, onHot, onTake } = props;
  const { groups, people } = comparison;
  const known = new Map(useProject()?.classes.map((item) => [item.id, item.color]));
  const nameOf = (person: string) => (person === "" ? t("consensus.truth") : person);
  const all = groups.flatMap(({ objects }, group) =>
    objects.map((object, place): Drawn => ({ group, place, object, color: known.get(object.class) ?? NO_CLASS })),
  );
  const isTaken = new Set(taken?.map(({ annotator, uuid }) => `${annotator} ${uuid}`));
  const cut = near === null ? null : union((groups[near]?.objects ?? []).map(({ box }) => box as unknown as Bounds));
  const pane = { comparison, view: cropAround(cut, comparison), hot, onHot, onTake };
  const result = all.filter(({ object }) => isTaken.has(`${object.annotator} ${object.uuid}`));
  return (
    <div className={classes.panes} data-count={layout === "over" ? 1 : people.length + (taken === null ? 0 : 1)}>
      {layout === "over" ? (
        <Pane
          {...pane}
          title={people.map(nameOf).join(" · ")}
          caption={people.map((person, place) => (
            <span key={person} className={classes.legend}>
              <svg viewBox="0 0 22 4" aria-hidden>
                <path d="M0 2h22" stroke={colorOfPerson(place)} strokeDasharray={dashOfPerson(place)} strokeWidth={3} />
              </svg>
              <bdi>{nameOf(person)}</bdi>
            </span>
          ))}
          drawn={all.map((item) => {
            const person = people.indexOf(item.object.annotator);
            const dash = dashOfPerson(person);
            return { ...item, color: colorOfPerson(person), ...(dash === undefined ? {} : { dash }) };
          })}
        />
      ) : (
        <>
          {people.map((person) => (
            <Pane
              key={person}
              {...pane}
              title={nameOf(person)}
              drawn={all.filter(({ object }) => object.annotator === person)}
            />
          ))}
          {taken !== null && <Pane {...pane} title={t("consensus.result")} drawn={result} isResult onTake={null} />}
        </>
      )}
    </div>
  );
}

interface PaneProps extends Pick<CompareStageProps, "comparison" | "hot" | "onHot" | "onTake"> {
  readonly title: string;
  readonly caption?: ReactNode;
  readonly view: Bounds;
  readonly drawn: readonly Drawn[];
  readonly isResult?: boolean;
}

function Pane({ comparison, title, caption, view, drawn, hot, onHot, onTake, isResult = false }: PaneProps) {
  const { width, height } = comparison;
  return (
    <figure className={classes.pane} data-result={isResult || undefined}>
      <svg viewBox={view.join(" ")} role="img" aria-label={title} data-takes={onTake !== null || undefined}>
        <image href={imageFileUrl(comparison.image)} width={width} height={height} />
        {drawn.map(({ group, place, object, color, dash }) => {
          const path = shapePath(object.shape);
          return path === null ? null : (
            <path
              key={`${group} ${place}`}
              d={path.d}
              stroke={color}
              strokeDasharray={dash}
              fill={path.open ? "none" : color}
              fillRule="evenodd"
              data-hot={hot === group || undefined}
              onPointerEnter={() => onHot(group)}
              onPointerLeave={() => onHot(null)}
              onClick={() => onTake?.(group, place)}
            />
          );
        })}
      </svg>
      <figcaption dir="auto">{caption ?? title}</figcaption>
    </figure>
  );
}
