/** Makes the editor of a project, wired to API, journal and smart methods, and ends it with the screen. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorSentence } from "../../api/errors";
import { meQuery } from "../../api/queries/account";
import { saveChanges } from "../../api/queries/annotations";
import { runSmartMethod } from "../../api/queries/smart";
import type { Me, Project } from "../../api/types";
import { Editor, openRasterPort, openWirePort, type SmartProvider, surfaceOf } from "../../editor";
import { keyBindings } from "../../parts/keys/store";
import { roleAtLeast } from "../../parts/useProjectId";
import { notifyDone, notifyFailure } from "../../ui/notify";
import { IndexedDbJournal } from "./saving/journal";
import { endLingering, tieSaving } from "./saving/lifetime";
import { reread } from "./saving/reread";
import { makeTransport } from "./saving/transport";

/** Tasks that are not labelled with everything; other tools say why they are not there. */
const SHAPES: Readonly<Record<string, readonly string[]>> = {
  classification: ["tag", "caption"],
};
const ALL_SHAPES: readonly string[] = [];

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

const isPersonHere = (client: QueryClient, me: Me): boolean => client.getQueryData(meQuery.queryKey)?.id === me.id;

/** Where labels are kept: those of a project that all see, or a person's own. Another key is another editor. */
export interface Desk {
  readonly key: string;
  readonly save: Parameters<typeof makeTransport>[0]["save"];
}

const COMMON: Desk = { key: "", save: saveChanges };

/** Null until the journal of an earlier session has been taken up. */
export function useProjectEditor(project: Project, me: Me, desk: Desk = COMMON): Editor | null {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [editor, setEditor] = useState<Editor | null>(null);
  const unreachable = t("errors.unreachable");

  useEffect(() => {
    const journal = new IndexedDbJournal(`${me.id}${desk.key}`);
    const made: Editor = new Editor({
      createSurface: (width, height, settings) =>
        surfaceOf(Object.assign(document.createElement("canvas"), { width, height }), settings),
      openRasterPort,
      openWirePort,
      transport: makeTransport({
        person: me.id,
        unreachable,
        save: desk.save,
        // What the server made of the decisions; what fails here is read with the next opening.
        onDecided: (image) => void reread(made, image),
      }),
      journal,
      smart: smartProvider(unreachable),
      keyBindings: keyBindings.get(),
    });
    const leave = tieSaving({
      sync: made.sync,
      isPersonHere: () => isPersonHere(client, me),
      end: async () => {
        made.dispose();
        await journal.close();
        void client.invalidateQueries({ queryKey: ["project", project.id] });
        void client.invalidateQueries({ queryKey: ["projects"] });
      },
    });
    let current = true;
    const start = async () => {
      // Work of a session that ended badly goes first, so that what is read next already holds it.
      await endLingering();
      const { batches } = await made.sync.recover().catch(() => ({ batches: 0 }));
      if (!current) return;
      if (batches > 0 && !made.sync.hasUnsaved()) notifyDone(t("editor.recovered", { count: batches }));
      setEditor(made);
    };
    void start();
    const keys = keyBindings.subscribe(() => made.keymap.setBindings(keyBindings.get()));
    return () => {
      current = false;
      keys();
      const { pending } = made.sync.status.get();
      if (pending > 0 && !isPersonHere(client, me)) {
        notifyFailure(t("sync.strangerTitle", { name: me.username }), t("sync.strangerText", { count: pending }));
      }
      made.close();
      leave();
      setEditor(null);
    };
    // The editor lives as long as its project and user; the rest only wires it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [project.id, me.id, desk.key]);

  useEffect(() => {
    if (editor === null) return;
    editor.setReadOnly(!roleAtLeast(project, "annotator"));
    editor.setClasses(project.classes);
    editor.setShapes(SHAPES[project.task] ?? ALL_SHAPES);
  }, [editor, project]);
  return editor;
}
