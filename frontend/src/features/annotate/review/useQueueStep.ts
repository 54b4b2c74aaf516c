/** Goes on to the next image of the assignment that the editor was opened for. */
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { errorSentence } from "../../../api/errors";
import { nextOfAssignment } from "../../../api/queries/work";
import { notifyDone, notifyFailure } from "../../../ui/notify";

/** `assignment` is the one in the address, null outside of any. */
export function useQueueStep(project: number, assignment: string | null): () => void {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return useCallback(() => {
    if (assignment === null) return;
    nextOfAssignment(Number(assignment)).then(
      (image) => {
        if (image === null) {
          notifyDone(t("work.allDone"));
          void navigate(`/projects/${project}/work`);
        } else void navigate(`/projects/${project}/images/${image}?assignment=${assignment}`);
      },
      (error: unknown) => notifyFailure(t("work.nextFailed"), errorSentence(error, t("errors.unreachable"))),
    );
  }, [assignment, navigate, project, t]);
}
