/** Takes files dropped anywhere on a project's screens and shows the tray while they travel. */
import { IconUpload } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type DragEvent, type ReactNode, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, meansSignedOut } from "../../../api/client";
import { errorSentence } from "../../../api/errors";
import { session } from "../../../api/session";
import { uploadImages } from "../../../api/upload";
import { roleAtLeast, useProject } from "../../../parts/useProjectId";
import { deferred, Once } from "../../../ui/deferred";
import { filesOfDrop } from "./dropped";
import { type FailureKind, UploadQueue } from "./queue";
import { UploadContext } from "./UploadContext";
import classes from "./Upload.module.css";

const UploadTray = deferred(async () => (await import("./UploadTray")).UploadTray);

const REFRESH_MS = 1500;

function kindOf(error: unknown): FailureKind {
  if (!(error instanceof ApiError)) return "network";
  if (meansSignedOut(error)) return "signedOut";
  if (error.status === 413) return "tooLarge";
  return error.status >= 500 || error.status === 429 ? "network" : "refused";
}

/** A screen that takes a drop itself (import) marks its area with data-own-drop. */
const takenByScreen = (): boolean => document.querySelector("[data-own-drop]") !== null;

export function UploadArea({ project, children }: { readonly project: number; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const queue = useUploads(project);
  const hasUploads = useSyncExternalStore(queue.subscribe, () => queue.snapshot().items.length > 0);
  const owner = useProject();
  const name = owner?.name ?? "";
  const mayUpload = roleAtLeast(owner, "annotator");
  const [over, setOver] = useState(false);
  const depth = useRef(0);

  const carriesFiles = (event: DragEvent): boolean =>
    mayUpload && event.dataTransfer.types.includes("Files") && !takenByScreen();
  const track = (event: DragEvent, step: number) => {
    if (!carriesFiles(event)) return;
    depth.current = Math.max(0, depth.current + step);
    setOver(depth.current > 0);
  };
  const drop = (event: DragEvent) => {
    depth.current = 0;
    setOver(false);
    if (!carriesFiles(event)) return;
    event.preventDefault();
    void filesOfDrop(event.dataTransfer).then((files) => queue.add(files));
  };
  return (
    <UploadContext value={queue}>
      <div
        className={classes.area}
        onDragEnter={(event) => track(event, 1)}
        onDragLeave={(event) => track(event, -1)}
        onDragOver={(event) => {
          if (carriesFiles(event)) event.preventDefault();
        }}
        onDrop={drop}
      >
        {children}
        {over && (
          <div className={classes.over}>
            <div>
              <IconUpload size={26} />
              <strong>{t("upload.drop", { project: name })}</strong>
              <span>{t("upload.dropHint")}</span>
            </div>
          </div>
        )}
        <Once when={hasUploads}>
          <UploadTray queue={queue} />
        </Once>
      </div>
    </UploadContext>
  );
}

function useUploads(project: number): UploadQueue {
  const { t } = useTranslation();
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const queue = useMemo(() => {
    const refresh = () => {
      timer.current ??= setTimeout(() => {
        timer.current = null;
        void client.invalidateQueries({ queryKey: ["project", project] });
        void client.invalidateQueries({ queryKey: ["projects"] });
        void client.invalidateQueries({ queryKey: ["jobs"] });
      }, REFRESH_MS);
    };
    return new UploadQueue(
      {
        send: (files, onProgress, signal) => uploadImages(project, files, onProgress, signal),
        classify: (error) => ({ kind: kindOf(error), detail: errorSentence(error, t("errors.unreachable")) }),
        wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      },
      refresh,
    );
  }, [client, project, t]);
  useEffect(
    () =>
      session.subscribe(() => {
        if (!session.isExpired()) queue.resume();
      }),
    [queue],
  );
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (queue.snapshot().busy) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [queue]);
  return queue;
}
