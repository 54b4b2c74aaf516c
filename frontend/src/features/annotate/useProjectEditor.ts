/** Makes the editor of a project, wired to API, journal and smart methods, and ends it with the screen. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorSentence } from "../../api/errors";
import { fetchAnnotations } from "../../api/queries/images";
import { runSmartMethod } from "../../api/queries/smart";
import { session } from "../../api/session";
import type { Me, Project } from "../../api/types";
import { Editor, type SmartProvider, surfaceOf } from "../../editor";
import { roleAtLeast } from "../../parts/useProjectId";
import { notifyDone } from "../../ui/notify";
import { IndexedDbJournal } from "./journal";
import { makeTransport } from "./transport";

const KEYS = "key-bindings";

/** The shapes that each task is labelled with; other tools say why they are not there. */
const SHAPES: Readonly<Record<string, readonly string[]>> = {
  detection: ["box", "polygon", "mask"],
  segmentation: ["polygon", "mask", "box"],
  classification: ["tag"],
};

function storedBindings(): Record<string, string[]> {
  try {
    return JSON.parse(localStorage.getItem(KEYS) ?? "{}") as Record<string, string[]>;
  } catch {
    return {};
  }
}

function smartProvider(unreachable: string): SmartProvider {
  return {
    async predict(request, signal) {
      try {
        const { prompt, parameters, output } = request;
        return await runSmartMethod(request.imageId, request.method, { prompt, parameters, output }, signal);
      } catch (error) {
        throw new Error(errorSentence(error, unreachable), { cause: error });
      }
    },
  };
}

/** Takes in what the server made of an image's decisions; what fails here is read with the next opening. */
async function reread(editor: Editor, image: number): Promise<void> {
  const reading = await fetchAnnotations(image).catch(() => null);
  if (reading !== null && editor.image.get()?.imageId === image) editor.refresh(reading);
}

/** Null until the journal of an earlier session has been taken up. */
export function useProjectEditor(project: Project, me: Me): Editor | null {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [editor, setEditor] = useState<Editor | null>(null);
  const unreachable = t("errors.unreachable");

  useEffect(() => {
    const made: Editor = new Editor({
      createSurface: (width, height) => surfaceOf(Object.assign(document.createElement("canvas"), { width, height })),
      transport: makeTransport(unreachable, (image) => void reread(made, image)),
      journal: new IndexedDbJournal(String(me.id)),
      smart: smartProvider(unreachable),
      keyBindings: storedBindings(),
    });
    let current = true;
    const start = async () => {
      // Work of a session that ended badly goes first, so that what is read next already holds it.
      const { batches } = await made.sync.recover().catch(() => ({ batches: 0 }));
      if (!current) return;
      if (batches > 0) notifyDone(t("editor.recovered", { count: batches }));
      setEditor(made);
    };
    void start();
    const keys = made.keymap.changed.subscribe(() => {
      localStorage.setItem(KEYS, JSON.stringify(made.keymap.overrides()));
    });
    const signIn = session.subscribe(() => {
      if (!session.isExpired()) made.sync.retry();
    });
    return () => {
      current = false;
      keys();
      signIn();
      void made.sync.flush().finally(() => {
        made.dispose();
        void client.invalidateQueries({ queryKey: ["project", project.id] });
        void client.invalidateQueries({ queryKey: ["projects"] });
      });
      setEditor(null);
    };
    // The editor lives as long as its project and user; the rest only wires it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [project.id, me.id]);

  useEffect(() => {
    if (editor === null) return;
    editor.setReadOnly(!roleAtLeast(project, "annotator"));
    editor.setClasses(project.classes);
    editor.setShapes(SHAPES[project.task] ?? ["box", "polygon", "mask", "tag"]);
  }, [editor, project]);

  useEffect(() => {
    if (editor === null) return;
    const hide = () => void editor.sync.flush({ keepalive: true });
    const ask = (event: BeforeUnloadEvent) => {
      if (editor.sync.hasUnsaved()) event.preventDefault();
    };
    window.addEventListener("pagehide", hide);
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("pagehide", hide);
      window.removeEventListener("beforeunload", ask);
    };
  }, [editor]);
  return editor;
}
