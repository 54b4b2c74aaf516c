/** The things on an image, disputed ones first: who has them as what, how close they are, and whose is taken. */
import { Radio, UnstyledButton } from "@mantine/core";
import { IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ComparedGroup, Comparison } from "../../../api/types";
import { useProject } from "../../../parts/useProjectId";
import { formatDecimal } from "../../../ui/format";
import { Swatch } from "../../../ui/Swatch";
import { type Choices, isDisputed } from "./rules";
import classes from "./Compare.module.css";

interface GroupListProps {
  readonly comparison: Comparison;
  /** Null: nothing can be chosen. */
  readonly choices: Choices | null;
  readonly hot: number | null;
  readonly near: number | null;
  readonly onHot: (group: number | null) => void;
  readonly onNear: (group: number | null) => void;
  readonly onChoose: (group: number, place: number | null) => void;
}

const NOTHING = "none";

export function GroupList({ comparison, choices, hot, near, onHot, onNear, onChoose }: GroupListProps) {
  const { t } = useTranslation();
  const { groups, people } = comparison;
  const known = new Map(useProject()?.classes.map((item) => [item.id, item]));
  const order = groups
    .map((group, index) => ({ group, index, disputed: isDisputed(group, people.length) }))
    .sort((one, other) => Number(other.disputed) - Number(one.disputed));
  const nameOf = (person: string) => (person === "" ? t("consensus.truth") : person);
  const classOf = (id: number) => known.get(id)?.name ?? String(id);
  return (
    <ul className={classes.groups} aria-label={t("consensus.thingsTitle")}>
      {order.map(({ group, index, disputed }) => (
        <li
          key={index}
          data-hot={hot === index || undefined}
          data-disputed={disputed || undefined}
          onPointerEnter={() => onHot(index)}
          onPointerLeave={() => onHot(null)}
        >
          <div className={classes.thing}>
            <Heading group={group} classOf={classOf} colorOf={(id) => known.get(id)?.color ?? "#8a8f98"} />
            <span className={`${classes.facts ?? ""} num`}>
              {t("consensus.holders", { value: group.objects.length, people: people.length })}
              {group.iou !== null && ` · IoU ${formatDecimal(group.iou)}`}
            </span>
            <UnstyledButton
              className={classes.near ?? ""}
              aria-pressed={near === index}
              aria-label={t("consensus.showThing", { number: index + 1 })}
              onClick={() => onNear(near === index ? null : index)}
            >
              {near === index ? <IconZoomOut size={15} /> : <IconZoomIn size={15} />}
            </UnstyledButton>
          </div>
          {choices === null ? (
            <span className={classes.holders} dir="auto">
              {group.objects.map(({ annotator }) => nameOf(annotator)).join(", ")}
            </span>
          ) : (
            <Radio.Group
              label={t("consensus.whose", { number: index + 1 })}
              classNames={{ label: classes.unseen ?? "" }}
              value={String(choices[index] ?? NOTHING)}
              onChange={(value) => onChoose(index, value === NOTHING ? null : Number(value))}
            >
              <div className={classes.choices}>
                {group.objects.map((object, place) => (
                  <Radio
                    key={object.annotator}
                    size="xs"
                    value={String(place)}
                    label={
                      <>
                        <bdi>{nameOf(object.annotator)}</bdi>
                        {new Set(group.objects.map((one) => one.class)).size > 1 && `: ${classOf(object.class)}`}
                        {place === group.chosen && group.objects.length > 1 && (
                          <small className={classes.closest}> {t("consensus.closest")}</small>
                        )}
                      </>
                    }
                  />
                ))}
                <Radio size="xs" value={NOTHING} label={t("consensus.leaveOut")} />
              </div>
            </Radio.Group>
          )}
        </li>
      ))}
    </ul>
  );
}

interface HeadingProps {
  readonly group: ComparedGroup;
  readonly classOf: (id: number) => string;
  readonly colorOf: (id: number) => string;
}

function Heading({ group, classOf, colorOf }: HeadingProps) {
  const used = [...new Set(group.objects.map((object) => object.class))];
  return (
    <span className={classes.names}>
      {used.map((id) => (
        <span key={id}>
          <Swatch color={colorOf(id)} /> <bdi>{classOf(id)}</bdi>
        </span>
      ))}
    </span>
  );
}
