/** Submitting, accepting and returning the open image, from buttons and from keys. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { acceptImage, type Judgement, returnImage, submitImage } from "../../../api/queries/review";
import type { ImageAnnotations, Review } from "../../../api/types";
import { useScreenActions } from "../../../parts/keys/useScreenActions";
import { useAction } from "../../../parts/useAction";
import { roleAtLeast, useProject, useProjectId } from "../../../parts/useProjectId";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";

type Act = "submit" | "accept" | "return";
const CALLS: Readonly<Record<Act, (image: number, judgement: Judgement) => Promise<Review>>> = {
  submit: submitImage,
  accept: acceptImage,
  return: returnImage,
};

interface Judging {
  readonly busy: boolean;
  /** The image is on the screen: nobody judges what they cannot see. */
  readonly isShown: boolean;
  /** Waits for somebody who may judge, and the person in front of the screen may. */
  readonly mayJudge: boolean;
  readonly maySubmit: boolean;
  readonly run: (act: Act, note?: string) => void;
}

export function useJudging(
  image: number,
  review: Review | undefined,
  handlers: { readonly onReturn: () => void; readonly onDone: (act: Act) => void },
): Judging {
  const { t } = useTranslation();
  const editor = useEditor();
  const client = useQueryClient();
  const project = useProject();
  const projectId = useProjectId();
  const isShown = useSignal(editor.image)?.imageId === image;
  const waits = review?.status === "submitted" || review?.status === "fixed";
  const mayJudge = waits && roleAtLeast(project, "reviewer");
  const maySubmit = review !== undefined && !waits && roleAtLeast(project, "annotator");
  const savedAtOpening = useRef(editor.sync.status.get().savedAt);
  useEffect(() => {
    savedAtOpening.current = editor.sync.status.get().savedAt;
  }, [editor, image]);

  const action = useAction(
    async ({ act, note }: { act: Act; note: string }) => {
      await editor.sync.flush();
      // Who changed the labels just now has seen what they made of them; all others answer for what they opened.
      const opened = client.getQueryData<{ annotations: ImageAnnotations }>(["annotations", image])?.annotations
        .revision;
      const untouched = editor.sync.status.get().savedAt === savedAtOpening.current;
      const seen = act !== "submit" && untouched && opened !== undefined ? { revision: opened } : {};
      await CALLS[act](image, act === "submit" ? {} : { ...seen, note });
      return act;
    },
    {
      failure: t("review.failed"),
      done: (act) => t(`review.done.${act}`),
      invalidate: [
        ["review", image],
        ["image", image],
        ["project", projectId],
      ],
      onSuccess: handlers.onDone,
    },
  );
  const { mutate, isPending } = action;
  const { onReturn } = handlers;
  const table = useMemo(() => {
    const may = mayJudge && isShown;
    const judge = (): true | string => (may ? true : t("review.notWaiting"));
    return [
      {
        id: "review-accept",
        isEnabled: judge,
        run: () => {
          if (may) mutate({ act: "accept", note: "" });
        },
      },
      {
        id: "review-return",
        isEnabled: judge,
        run: () => {
          if (may) onReturn();
        },
      },
    ] as const;
  }, [mayJudge, isShown, mutate, onReturn, t]);
  // A prediction that waits under the pointer or in the selection has these keys first.
  useScreenActions(editor, table);
  return { busy: isPending, isShown, mayJudge, maySubmit, run: (act, note = "") => mutate({ act, note }) };
}
