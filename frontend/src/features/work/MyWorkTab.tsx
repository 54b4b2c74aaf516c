/** What the person in front of the screen has to do: what was returned to them, their assignments and rounds. */
import { Button, Progress } from "@mantine/core";
import { IconArrowBackUp, IconChecklist, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { meQuery } from "../../api/queries/account";
import { roundsQuery } from "../../api/queries/consensus";
import { assignmentsQuery, nextOfAssignment } from "../../api/queries/work";
import type { Assignment } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { useAction } from "../../parts/useAction";
import { useProjectId } from "../../parts/useProjectId";
import { Empty } from "../../ui/Empty";
import { formatCount, formatDay } from "../../ui/format";
import { RoundCard } from "./consensus/RoundCard";
import classes from "./Work.module.css";

export function MyWorkTab() {
  const { t } = useTranslation();
  const project = useProjectId();
  const me = useQuery(meQuery).data;
  // Others take images and new ones come while the page stands open.
  const query = useQuery({ ...assignmentsQuery(project), refetchInterval: 15_000 });
  const all = useQuery({ ...roundsQuery(project), refetchInterval: 15_000 }).data ?? [];
  const rounds = all.filter((round) => round.is_mine && (round.closed_at === null || round.open_to_me > 0));
  return (
    <Loaded query={query}>
      {({ results, returned }) => {
        const mine = results.filter(
          (item) => item.closed_at === null && item.people.some((person) => person.username === me?.username),
        );
        if (mine.length === 0 && returned.length === 0 && rounds.length === 0) {
          return (
            <Empty icon={<IconChecklist size={22} />} title={t("work.noneTitle")}>
              {t("work.none")}
            </Empty>
          );
        }
        return (
          <div className={classes.cards}>
            {returned.length > 0 && <ReturnedCard images={returned} />}
            {mine.map((item) => (
              <AssignmentCard key={item.id} assignment={item} />
            ))}
            {rounds.map((round) => (
              <RoundCard key={round.id} round={round} person={me?.username ?? ""} />
            ))}
          </div>
        );
      }}
    </Loaded>
  );
}

function ReturnedCard({ images }: { readonly images: readonly number[] }) {
  const { t } = useTranslation();
  return (
    <section className={classes.card} data-urgent>
      <h2>
        <IconArrowBackUp size={16} color="var(--bad)" /> {t("work.returnedTitle", { count: images.length })}
      </h2>
      <p>{t("work.returned")}</p>
      <Button component={Link} to={`../images/${images[0] ?? 0}?review=returned`} size="compact-sm">
        {t("work.fixFirst")}
      </Button>
    </section>
  );
}

function AssignmentCard({ assignment }: { readonly assignment: Assignment }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { done, left } = assignment;
  const next = useAction(() => nextOfAssignment(assignment.id), {
    failure: t("work.nextFailed"),
    done: (image) => (image === null ? t("work.allDone") : undefined),
    invalidate: [["project", assignment.project, "assignments"]],
    onSuccess: (image) => {
      if (image !== null) void navigate(`../images/${image}?assignment=${assignment.id}`);
    },
  });
  return (
    <section className={classes.card} aria-label={assignment.name}>
      <h2>
        {assignment.name} <small>{t(`work.kind.${assignment.kind}`)}</small>
      </h2>
      {assignment.note !== "" && <p>{assignment.note}</p>}
      <Progress
        size={5}
        value={(100 * done) / Math.max(done + left, 1)}
        aria-label={t("work.progress", { done: formatCount(done), left: formatCount(left) })}
      />
      <p className="num">
        {t("work.progress", { done: formatCount(done), left: formatCount(left) })} ·{" "}
        {t("work.mineDone", { value: formatCount(assignment.mine) })} ·{" "}
        {t("work.openToMe", { value: formatCount(assignment.open_to_me) })}
        {assignment.due !== null && ` · ${t("work.due", { day: formatDay(Date.parse(assignment.due)) })}`}
      </p>
      <Button
        size="compact-sm"
        leftSection={<IconPlayerPlay size={14} />}
        disabled={assignment.open_to_me === 0}
        loading={next.isPending}
        onClick={() => next.mutate(undefined)}
      >
        {t("work.next")}
      </Button>
    </section>
  );
}
