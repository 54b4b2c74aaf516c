/** Holds what the review of one image shows, with its keys; another image begins with nothing shown. */
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { imageIdsQuery } from "../../../api/queries/images";
import type { CommentPlace } from "../../../api/queries/review";
import { useScreenActions } from "../../../parts/keys/useScreenActions";
import { useProjectId } from "../../../parts/useProjectId";
import { notifyDone } from "../../../ui/notify";
import type { Editor } from "../../../editor";
import { useEditor } from "../EditorContext";
import { type Earlier, ReviewContext, type ReviewView } from "./ReviewView";

interface ReviewProviderProps {
  readonly image: number;
  readonly onGo: (id: number | null) => void;
  readonly children: ReactNode;
}

type Shown = Pick<ReviewView, "image" | "draft" | "shown" | "earlier">;

const nothingOf = (image: number): Shown => ({ image, draft: null, shown: null, earlier: null });

/** On the selected object, else where the pointer is, else on the image as a whole. */
function placeAt(editor: Editor): CommentPlace {
  const [object, ...more] = editor.selection.get();
  if (object !== undefined && more.length === 0) return { object };
  const point = editor.pointerPoint.get();
  const size = editor.image.get();
  if (point === null || size === null) return {};
  const isInside = point.x >= 0 && point.y >= 0 && point.x <= size.width && point.y <= size.height;
  return isInside ? { point: [point.x, point.y] } : {};
}

export function ReviewProvider({ image, onGo, children }: ReviewProviderProps) {
  const { t } = useTranslation();
  const editor = useEditor();
  const client = useQueryClient();
  const project = useProjectId();
  const [state, setState] = useState(() => nothingOf(image));
  if (state.image !== image) setState(nothingOf(image));
  const acts = useMemo(
    () => ({
      onDraft: (draft: CommentPlace | null) => setState((before) => ({ ...before, draft })),
      onShow: (shown: number | null) => setState((before) => ({ ...before, shown })),
      onEarlier: (earlier: Earlier | null) => setState((before) => ({ ...before, earlier })),
    }),
    [],
  );
  const view = useMemo<ReviewView>(() => ({ ...state, ...acts }), [state, acts]);
  const table = useMemo(() => {
    const nextCommented = async () => {
      const ids = await client.query({ ...imageIdsQuery(project, { open_comments: "true" }), staleTime: 0 });
      const target = ids.find((id) => id > image) ?? ids.find((id) => id !== image);
      if (target === undefined) notifyDone(t("comment.noneElsewhere"));
      else onGo(target);
    };
    const readOnly = (): true | string => (editor.session.get().readOnly ? t("editor.readOnly") : true);
    return [
      { id: "comment", isEnabled: readOnly, run: () => acts.onDraft(placeAt(editor)) },
      { id: "next-comment", run: () => void nextCommented() },
    ] as const;
  }, [acts, client, editor, image, onGo, project, t]);
  useScreenActions(editor, table);
  return <ReviewContext value={view}>{children}</ReviewContext>;
}
