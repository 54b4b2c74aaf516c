/** One comment with its replies; what it is pinned to is selected or shown when it is opened. */
import { Button, Group, Text, UnstyledButton } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { replyTo, resolveComment } from "../../../api/queries/review";
import type { Comment } from "../../../api/types";
import { useAction } from "../../../parts/useAction";
import { useProjectId } from "../../../parts/useProjectId";
import { formatAgo, formatDateTime } from "../../../ui/format";
import { useEditor } from "../EditorContext";
import { useReviewView } from "./ReviewView";
import { Writing } from "./Writing";
import classes from "./Review.module.css";

interface CommentThreadProps {
  readonly comment: Comment;
  readonly number: number;
  readonly readOnly: boolean;
}

export function CommentThread({ comment, number, readOnly }: CommentThreadProps) {
  const { t } = useTranslation();
  const editor = useEditor();
  const { image, shown, onShow } = useReviewView();
  const project = useProjectId();
  const [answering, setAnswering] = useState(false);
  const card = useRef<HTMLElement>(null);
  const isShown = shown === comment.id;
  useEffect(() => {
    if (isShown) card.current?.scrollIntoView({ block: "nearest" });
  }, [isShown]);
  const invalidate = [
    ["comments", image],
    ["image", image],
    ["project", project, "images"],
  ];
  const answer = useAction((text: string) => replyTo(comment.id, text), {
    failure: t("comment.failed"),
    invalidate,
    onSuccess: () => setAnswering(false),
  });
  const resolve = useAction((resolved: boolean) => resolveComment(comment.id, resolved), {
    failure: t("comment.failed"),
    invalidate,
  });
  const resolved = comment.resolved_at !== null;
  const open = () => {
    onShow(comment.id);
    if (comment.object !== null && !comment.object_gone) editor.select([comment.object], { reveal: true });
  };
  return (
    <article
      ref={card}
      className={classes.thread}
      data-shown={isShown || undefined}
      data-resolved={resolved || undefined}
    >
      <UnstyledButton className={classes.said ?? ""} onClick={open}>
        <span className={classes.number}>{number}</span>
        <Said who={comment.author} when={comment.created_at} text={comment.text} />
      </UnstyledButton>
      {comment.object_gone && (
        <Text size="xs" c="dimmed">
          {t("comment.objectGone")}
        </Text>
      )}
      {comment.replies.map((reply) => (
        <div key={reply.id} className={classes.reply}>
          <Said who={reply.author} when={reply.created_at} text={reply.text} />
        </div>
      ))}
      {answering && (
        <Writing
          label={t("comment.reply")}
          send={t("comment.reply")}
          busy={answer.isPending}
          onSend={(text) => answer.mutate(text)}
          onCancel={() => setAnswering(false)}
        />
      )}
      {!answering && !readOnly && (
        <Group gap={4} justify="flex-end">
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setAnswering(true)}>
            {t("comment.reply")}
          </Button>
          <Button
            size="compact-xs"
            variant="subtle"
            loading={resolve.isPending}
            onClick={() => resolve.mutate(!resolved)}
          >
            {resolved ? t("comment.reopen") : t("comment.resolve")}
          </Button>
        </Group>
      )}
    </article>
  );
}

function Said({ who, when, text }: { readonly who: string | null; readonly when: string; readonly text: string }) {
  const { t } = useTranslation();
  return (
    <span className={classes.words}>
      <span className={classes.by}>
        <b>
          <bdi>{who ?? t("comment.nobody")}</bdi>
        </b>{" "}
        <time dateTime={when} title={formatDateTime(when)}>
          {formatAgo(when)}
        </time>
      </span>
      <span className={classes.text} dir="auto">
        {text}
      </span>
    </span>
  );
}
