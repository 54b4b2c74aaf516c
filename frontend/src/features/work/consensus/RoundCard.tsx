/** A round of consensus for one of its people: what they handed in, what is left, and the next image. */
import { Button, Progress } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { nextOfRound } from "../../../api/queries/consensus";
import type { ConsensusRound } from "../../../api/types";
import { useAction } from "../../../parts/useAction";
import { formatCount } from "../../../ui/format";
import classes from "../Work.module.css";

export function RoundCard({ round, person }: { readonly round: ConsensusRound; readonly person: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const done = round.people.find(({ username }) => username === person)?.done ?? 0;
  const left = round.open_to_me;
  const next = useAction(() => nextOfRound(round.id), {
    failure: t("work.nextFailed"),
    done: (image) => (image === null ? t("work.allDone") : undefined),
    invalidate: [["project", round.project, "consensus"]],
    onSuccess: (image) => {
      if (image !== null) void navigate(`../consensus/${round.id}/${image}`);
    },
  });
  const text = t("work.progress", { done: formatCount(done), left: formatCount(left) });
  return (
    <section className={classes.card} aria-label={round.name}>
      <h2>
        <bdi>{round.name}</bdi> <small>{t("consensus.title")}</small>
      </h2>
      <p>{t("consensus.cardText")}</p>
      <Progress size={5} value={(100 * done) / Math.max(done + left, 1)} aria-label={text} />
      <p className="num">{text}</p>
      <Button
        size="compact-sm"
        leftSection={<IconPlayerPlay size={14} />}
        disabled={left === 0}
        loading={next.isPending}
        onClick={() => next.mutate(undefined)}
      >
        {t("work.next")}
      </Button>
    </section>
  );
}
