/** Copies objects to other images, and takes the copies back: by undo on the image they came from, or by hand. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { errorSentence } from "../../../api/errors";
import type { AnnotationRecord, Editor } from "../../../editor";
import { notifyDone, notifyFailure } from "../../../ui/notify";
import { notifyUndo } from "../../../ui/notifyUndo";
import { reread } from "../saving/reread";
import { keepLastCopies, readLastCopies } from "./lastCopies";
import { propagate, type Propagated, takeBack } from "./propagate";

export interface Copying {
  readonly copy: (
    records: readonly AnnotationRecord[],
    images: readonly number[],
    onStep: (done: Propagated) => void,
  ) => Promise<Propagated>;
  /** What was copied last, if it still is there. */
  readonly onTakeBack: () => void;
}

interface Place {
  readonly project: number;
  readonly image: number;
  readonly person: number;
  /** The image is open. */
  readonly ready: boolean;
  /** What was read of this image is older than what the server has. */
  readonly onOutdated: (image: number) => void;
}

export function useCopying(editor: Editor | null, { project, image, person, ready, onOutdated }: Place): Copying {
  const { t } = useTranslation();
  const client = useQueryClient();
  const onChanged = useCallback(
    (changed: number) => {
      onOutdated(changed);
      if (editor !== null) void reread(editor, changed);
    },
    [editor, onOutdated],
  );

  const onTakeBack = useCallback(() => {
    const last = readLastCopies(project);
    if (last?.person !== person) {
      notifyDone(t("propagate.nothingToTakeBack"));
      return;
    }
    const onStep = (made: typeof last.made): void => keepLastCopies(project, { ...last, made });
    takeBack(last.made, { client, person, onChanged, onStep }).then(
      ({ copies, kept }) => {
        void client.invalidateQueries({ queryKey: ["project", project] });
        notifyDone(t(kept === 0 ? "propagate.takenBack" : "propagate.partlyTakenBack", { count: copies, kept }));
      },
      (error: unknown) => notifyFailure(t("propagate.notTakenBack"), errorSentence(error, t("errors.unreachable"))),
    );
  }, [client, project, person, onChanged, t]);

  const note = useCallback(() => {
    editor?.past.note(t("propagate.title"), { undo: onTakeBack });
  }, [editor, onTakeBack, t]);

  useEffect(() => {
    if (ready && readLastCopies(project)?.source === image) note();
  }, [ready, project, image, note]);

  const copy: Copying["copy"] = async (records, images, onStep) => {
    let done: Propagated | null = null;
    try {
      done = await propagate(records, images, {
        client,
        person,
        onChanged,
        onStep: (step) => {
          done = step;
          keepLastCopies(project, { source: image, person, made: step.made });
          onStep(step);
        },
      });
      return done;
    } finally {
      if (done !== null && done.copies > 0) {
        note();
        const message = t("propagate.done", { images: done.images, count: done.copies });
        notifyUndo({ message, label: t("editor.undo"), onUndo: onTakeBack });
      }
    }
  };
  return { copy, onTakeBack };
}
