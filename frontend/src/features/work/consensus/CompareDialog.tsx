/** One image as each person labelled it, side by side or over each other; in a round also what is taken of it. */
import { Button, Group, Modal, SegmentedControl, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { mergeRound, roundImageQuery, truthImageQuery } from "../../../api/queries/consensus";
import type { Comparison } from "../../../api/types";
import { Loaded } from "../../../parts/Loaded";
import { useAction } from "../../../parts/useAction";
import { formatCount } from "../../../ui/format";
import { IconButton } from "../../../ui/IconButton";
import { CompareStage, type Layout } from "./CompareStage";
import { GroupList } from "./GroupList";
import { type Choices, choicesByQuorum, choicesOf, isDisputed, takenOf } from "./rules";
import classes from "./Compare.module.css";

interface RoundSource {
  readonly kind: "round";
  readonly round: number;
  readonly project: number;
  readonly quorum: number;
}
interface TruthSource {
  readonly kind: "truth";
  readonly project: number;
  readonly annotator: string;
}

interface CompareDialogProps {
  readonly source: RoundSource | TruthSource;
  readonly image: number;
  /** The images to step through. */
  readonly images: readonly number[];
  readonly iou: number;
  readonly onGo: (image: number) => void;
  readonly onClose: () => void;
}

export function CompareDialog({ source, image, images, iou, onGo, onClose }: CompareDialogProps) {
  const { t } = useTranslation();
  const round = useQuery({
    ...roundImageQuery(source.kind === "round" ? source.round : 0, image, iou),
    enabled: source.kind === "round",
  });
  const truth = useQuery({
    ...truthImageQuery(source.project, image, source.kind === "truth" ? source.annotator : "", iou),
    enabled: source.kind === "truth",
  });
  const query = source.kind === "round" ? round : truth;
  const place = images.indexOf(image);
  const step = (by: number, label: string, icon: React.ReactNode) => {
    const target = images[place + by];
    return (
      <IconButton
        label={label}
        reason={target === undefined ? t(by < 0 ? "editor.first" : "editor.last") : undefined}
        onClick={() => target !== undefined && onGo(target)}
      >
        {icon}
      </IconButton>
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="min(1400px, 97vw)"
      title={
        <Group gap={6} wrap="nowrap">
          {step(-1, t("editor.previous"), <IconChevronLeft size={17} />)}
          {step(1, t("editor.next"), <IconChevronRight size={17} />)}
          <bdi>{query.data?.name ?? t("consensus.compare")}</bdi>
        </Group>
      }
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <Loaded query={query}>
        {(comparison) => (
          <Viewer
            // What was decided belongs to these things alone.
            key={comparison.groups.map((group) => group.objects.map(({ uuid }) => uuid).join()).join()}
            comparison={comparison}
            source={source}
            iou={iou}
            onClose={onClose}
          />
        )}
      </Loaded>
    </Modal>
  );
}

interface ViewerProps {
  readonly comparison: Comparison;
  readonly source: RoundSource | TruthSource;
  readonly iou: number;
  readonly onClose: () => void;
}

function Viewer({ comparison, source, iou, onClose }: ViewerProps) {
  const { t } = useTranslation();
  const { groups, people } = comparison;
  const quorum = source.kind === "round" ? source.quorum : people.length;
  const [layout, setLayout] = useState<Layout>("beside");
  const [hot, setHot] = useState<number | null>(null);
  const [near, setNear] = useState<number | null>(null);
  const [choices, setChoices] = useState<Choices>(() => choicesByQuorum(groups, quorum));
  const maySettle = source.kind === "round" && comparison.complete;
  const taken = takenOf(groups, choices);
  const disputed = groups.filter((group) => isDisputed(group, people.length)).length;
  const choose = (group: number, place: number | null) =>
    setChoices((before) => before.map((now, index) => (index === group ? place : now)));
  return (
    <div className={classes.viewer}>
      <CompareStage
        comparison={comparison}
        layout={layout}
        taken={maySettle ? taken : null}
        hot={hot}
        near={near}
        onHot={setHot}
        onTake={maySettle ? choose : null}
      />
      <div className={classes.side}>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={t("consensus.layout")}
          value={layout}
          data={[
            { value: "beside", label: t("review.beside") },
            { value: "over", label: t("review.over") },
          ]}
          onChange={setLayout}
        />
        <Text size="xs" c="dimmed" className="num">
          {t("consensus.things", { value: formatCount(groups.length), disputed: formatCount(disputed) })}
        </Text>
        {maySettle && (
          <Group gap={4}>
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => setChoices(choicesByQuorum(groups, quorum))}
              title={t("consensus.takeMergedHelp", { value: quorum })}
            >
              {t("consensus.takeMerged")}
            </Button>
            {people.map((name) => (
              <Button
                key={name}
                size="compact-xs"
                variant="default"
                onClick={() => setChoices(choicesOf(groups, name))}
              >
                {t("consensus.takeAllOf", { name })}
              </Button>
            ))}
          </Group>
        )}
        <GroupList
          comparison={comparison}
          choices={maySettle ? choices : null}
          hot={hot}
          near={near}
          onHot={setHot}
          onNear={setNear}
          onChoose={choose}
        />
        {source.kind === "round" && <Settling {...{ comparison, source, iou, taken, maySettle, onClose }} />}
        <Button component={Link} to={`/projects/${source.project}/images/${comparison.image}`} variant="subtle">
          {t("compare.inEditor")}
        </Button>
      </div>
    </div>
  );
}

interface SettlingProps {
  readonly comparison: Comparison;
  readonly source: RoundSource;
  readonly iou: number;
  readonly taken: ReturnType<typeof takenOf>;
  readonly maySettle: boolean;
  readonly onClose: () => void;
}

function Settling({ comparison, source, iou, taken, maySettle, onClose }: SettlingProps) {
  const { t } = useTranslation();
  const take = taken.map(({ annotator, uuid }) => ({ annotator, uuid }));
  const settle = useAction(
    () =>
      mergeRound(source.round, {
        quorum: source.quorum,
        iou,
        decisions: [{ image: comparison.image, take }],
      }),
    {
      failure: t("consensus.settleFailed"),
      done: (answer) =>
        answer.revision === null
          ? t("bulk.nothing")
          : t("consensus.settled", { value: formatCount(answer.images), revision: answer.revision }),
      invalidate: [["consensus", source.round], ["project", source.project], ["image"], ["annotations"]],
      onSuccess: onClose,
    },
  );
  return (
    <>
      <Text size="xs" c="dimmed">
        {!maySettle
          ? t("consensus.notComplete")
          : comparison.merged_in === null
            ? t("consensus.replaces")
            : t("consensus.again", { revision: comparison.merged_in })}
      </Text>
      <Button disabled={!maySettle} loading={settle.isPending} onClick={() => settle.mutate(undefined)}>
        {t("consensus.save", { value: formatCount(taken.length) })}
      </Button>
    </>
  );
}
