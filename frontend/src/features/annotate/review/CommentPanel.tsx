/** The comments on the open image, open ones first, with their threads, and the one that is being written. */
import { Button, Text } from "@mantine/core";
import { IconMessagePlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { type CommentPlace, commentsQuery, createComment } from "../../../api/queries/review";
import { useAction } from "../../../parts/useAction";
import { useProjectId } from "../../../parts/useProjectId";
import { ActionKey } from "../../../parts/keys/ActionKey";
import { deferred } from "../../../ui/deferred";
import { useEditor } from "../EditorContext";
import { Panel } from "../Panel";
import { useSignal } from "../useSignal";
import { CommentThread } from "./CommentThread";
import { useReviewView } from "./ReviewView";
import { Writing } from "./Writing";
import classes from "./Review.module.css";

const ResolvedToggle = deferred(async () => (await import("./ResolvedToggle")).ResolvedToggle);

export function CommentPanel() {
  const { t } = useTranslation();
  const editor = useEditor();
  const { image, draft, onDraft } = useReviewView();
  const { readOnly } = useSignal(editor.session);
  const comments = useQuery(commentsQuery(image)).data ?? [];
  const [all, setAll] = useState(false);
  const open = comments.filter((comment) => comment.resolved_at === null);
  const listed = comments
    .map((comment, index) => ({ comment, number: index + 1 }))
    .filter(({ comment }) => all || comment.resolved_at === null);
  return (
    <Panel name="comments" title={t("comment.title")} note={open.length === 0 ? "" : open.length}>
      <div className={classes.comments}>
        {draft !== null && <Draft key={JSON.stringify(draft)} place={draft} />}
        {draft === null && !readOnly && (
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconMessagePlus size={13} />}
            rightSection={<ActionKey id="comment" />}
            onClick={() => {
              const [object, ...more] = editor.selection.get();
              onDraft(object !== undefined && more.length === 0 ? { object } : {});
            }}
          >
            {t("comment.add")}
          </Button>
        )}
        {listed.map(({ comment, number }) => (
          <CommentThread key={comment.id} comment={comment} number={number} readOnly={readOnly} />
        ))}
        {comments.length > open.length && (
          <Suspense>
            <ResolvedToggle count={comments.length - open.length} checked={all} onChange={setAll} />
          </Suspense>
        )}
      </div>
    </Panel>
  );
}

function Draft({ place }: { readonly place: CommentPlace }) {
  const { t } = useTranslation();
  const editor = useEditor();
  const { image, onDraft, onShow } = useReviewView();
  const project = useProjectId();
  const write = useAction(
    async (text: string) => {
      // The server can only pin to objects that it has.
      if (place.object !== undefined) await editor.sync.flush();
      return createComment(image, text, place);
    },
    {
      failure: t("comment.failed"),
      invalidate: [
        ["comments", image],
        ["image", image],
        ["project", project, "images"],
      ],
      onSuccess: (comment) => {
        onDraft(null);
        onShow(comment.id);
      },
    },
  );
  const where = place.object !== undefined ? "object" : place.point !== undefined ? "point" : "image";
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4}>
        {t(`comment.on.${where}`)}
      </Text>
      <Writing
        label={t("comment.text")}
        send={t("comment.send")}
        busy={write.isPending}
        onSend={(text) => write.mutate(text)}
        onCancel={() => onDraft(null)}
      />
    </div>
  );
}
