/** Hands the labels of an image in, and opens them again as long as the image is not settled. */
import { Button, Text } from "@mantine/core";
import { IconArrowBackUp, IconSend } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { ownOpinionsQuery, reopenOpinion, submitOpinion } from "../../../api/queries/consensus";
import type { ConsensusRound, OwnOpinion } from "../../../api/types";
import { useAction } from "../../../parts/useAction";
import { notifyDone } from "../../../ui/notify";
import { useEditor } from "../EditorContext";
import { Panel } from "../Panel";
import classes from "../review/Review.module.css";

interface OpinionPanelProps {
  readonly round: ConsensusRound;
  readonly opinion: OwnOpinion;
  readonly onGo: (image: number | null) => void;
}

export function OpinionPanel({ round, opinion, onGo }: OpinionPanelProps) {
  const { t } = useTranslation();
  const editor = useEditor();
  const client = useQueryClient();
  const navigate = useNavigate();
  const invalidate = [
    ["consensus", round.id],
    ["project", round.project, "consensus"],
  ];
  const submit = useAction(
    async () => {
      if (!(await editor.sync.flush())) throw new Error(t("consensus.unsaved"));
      const image = await submitOpinion(opinion.opinion);
      // The next one is known to the list before its image is opened.
      await client.query({ ...ownOpinionsQuery(round.id), staleTime: 0 });
      return image;
    },
    {
      failure: t("consensus.submitFailed"),
      invalidate,
      onSuccess: (image) => {
        if (image !== null) onGo(image);
        else {
          notifyDone(t("work.allDone"));
          void navigate(`/projects/${round.project}/work`);
        }
      },
    },
  );
  const reopen = useAction(() => reopenOpinion(opinion.opinion), { failure: t("consensus.reopenFailed"), invalidate });
  return (
    <Panel name="opinion" title={t("consensus.title")}>
      <div className={classes.review}>
        {opinion.is_open ? (
          <>
            <Text size="xs" c="dimmed">
              {t("consensus.alone")}
            </Text>
            <Button
              size="compact-sm"
              leftSection={<IconSend size={14} />}
              loading={submit.isPending}
              onClick={() => submit.mutate(undefined)}
            >
              {t("consensus.submit")}
            </Button>
          </>
        ) : (
          <>
            <Text size="xs">{t("consensus.submitted")}</Text>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconArrowBackUp size={14} />}
              loading={reopen.isPending}
              onClick={() => reopen.mutate(undefined)}
            >
              {t("consensus.goOn")}
            </Button>
          </>
        )}
      </div>
    </Panel>
  );
}
