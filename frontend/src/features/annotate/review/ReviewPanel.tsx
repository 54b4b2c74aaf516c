/** Where the open image stands between annotator and reviewer, what may be done now, and what happened so far. */
import { Button, Group, Text } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Suspense, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { reviewQuery } from "../../../api/queries/review";
import type { Review } from "../../../api/types";
import { ReviewIcon } from "../../../parts/ReviewBadge";
import { deferred } from "../../../ui/deferred";
import { ActionKey } from "../../../parts/keys/ActionKey";
import { Panel } from "../Panel";
import { useJudging } from "./useJudging";
import { useReviewView } from "./ReviewView";
import { Writing } from "./Writing";
import classes from "./Review.module.css";

const EarlierChoice = deferred(async () => (await import("./EarlierChoice")).EarlierChoice);

export function ReviewPanel({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation();
  const { image } = useReviewView();
  const review = useQuery(reviewQuery(image)).data;
  const [returning, setReturning] = useState(false);
  const onReturn = useCallback(() => setReturning(true), []);
  const { busy, isShown, mayJudge, maySubmit, run } = useJudging(image, review, {
    onReturn,
    onDone: () => {
      setReturning(false);
      onDone();
    },
  });
  const status = review?.status ?? null;
  return (
    <Panel name="review" title={t("review.title")} note={status === null ? "" : t(`review.status.${status}`)}>
      <div className={classes.review}>
        {review !== undefined && <Standing review={review} />}
        {maySubmit && (
          <Button
            size="compact-sm"
            leftSection={<IconSend size={14} />}
            loading={busy}
            disabled={!isShown}
            onClick={() => run("submit")}
          >
            {status === "returned" ? t("review.fixed") : t("review.submit")}
          </Button>
        )}
        {mayJudge && !returning && (
          <Judgement busy={busy} isShown={isShown} onAccept={() => run("accept")} onReturn={onReturn} />
        )}
        {mayJudge && returning && (
          <Writing
            label={t("review.reason")}
            send={t("review.return")}
            busy={busy}
            mayBeEmpty
            onSend={(text) => run("return", text)}
            onCancel={() => setReturning(false)}
          />
        )}
        {review !== undefined && review.history.length > 0 && (
          <Suspense>
            <EarlierChoice steps={review.history} />
          </Suspense>
        )}
      </div>
    </Panel>
  );
}

function Standing({ review }: { readonly review: Review }) {
  const { t } = useTranslation();
  const { status, annotator, reviewer } = review;
  const note = review.history.at(-1)?.note ?? "";
  if (status === null) return null;
  return (
    <>
      <Text size="xs" className={classes.standing ?? ""}>
        <ReviewIcon status={status} />
        {t(`review.by.${status}`, { annotator, reviewer })}
      </Text>
      {note !== "" && (
        <blockquote className={classes.note} dir="auto">
          {note}
        </blockquote>
      )}
      {review.changed_since && (
        <Text size="xs" c="dimmed">
          {t("review.changedSince")}
        </Text>
      )}
    </>
  );
}

interface JudgementProps {
  readonly busy: boolean;
  readonly isShown: boolean;
  readonly onAccept: () => void;
  readonly onReturn: () => void;
}

function Judgement({ busy, isShown, onAccept, onReturn }: JudgementProps) {
  const { t } = useTranslation();
  return (
    <Group gap={6} grow preventGrowOverflow={false} wrap="nowrap">
      <Button
        size="compact-sm"
        rightSection={<ActionKey id="review-accept" />}
        loading={busy}
        disabled={!isShown}
        onClick={onAccept}
      >
        {t("review.accept")}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        rightSection={<ActionKey id="review-return" />}
        disabled={!isShown}
        onClick={onReturn}
      >
        {t("review.return")}
      </Button>
    </Group>
  );
}
