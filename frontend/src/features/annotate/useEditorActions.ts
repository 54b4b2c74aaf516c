/** The keys and palette commands that belong to the screen rather than to the canvas. */
import { useDirection } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ImageFilters } from "../../api/imageFilters";
import { imageIdsQuery } from "../../api/queries/images";
import { boundKeys, type Editor } from "../../editor";
import { useKeyBindings } from "../../parts/keys/store";
import { useActionTitle } from "../../parts/keys/useActionTitle";
import { useScreenActions } from "../../parts/keys/useScreenActions";
import { notifyDone } from "../../ui/notify";
import { useCommands } from "../../ui/commands";
import type { Place } from "./neighbours";

interface Actions {
  readonly project: number;
  readonly current: number;
  readonly filters: ImageFilters;
  readonly place: Place;
  readonly onGo: (id: number | null) => void;
  readonly onPropagate: () => void;
  readonly onTakeBack: () => void;
}

export function useEditorActions(editor: Editor | null, actions: Actions): void {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { project, current, filters, place, onGo, onPropagate, onTakeBack } = actions;
  const { previous, next } = place;
  // Left and right are those of the film strip.
  const isRtl = useDirection().dir === "rtl";

  const table = useMemo(() => {
    const nextUnlabelled = async () => {
      await editor?.sync.flush();
      const ids = await client.query({
        ...imageIdsQuery(project, { ...filters, state: "unlabelled" }),
        staleTime: 0,
      });
      const target = ids.find((id) => id > current) ?? ids.find((id) => id !== current);
      if (target === undefined) notifyDone(t("editor.allLabelled"));
      else onGo(target);
    };
    return [
      { id: "previous-image", run: () => onGo(previous) },
      { id: "next-image", run: () => onGo(next) },
      { id: "image-left", run: () => onGo(isRtl ? next : previous) },
      { id: "image-right", run: () => onGo(isRtl ? previous : next) },
      { id: "next-unlabelled", run: () => void nextUnlabelled() },
      { id: "search-class", run: () => document.querySelector<HTMLInputElement>("[data-class-search]")?.focus() },
      { id: "propagate", run: onPropagate },
      { id: "take-back-copies", run: onTakeBack },
    ] as const;
  }, [editor, client, project, filters, current, previous, next, isRtl, onGo, onPropagate, onTakeBack, t]);
  useScreenActions(editor, table);

  const title = useActionTitle();
  const bindings = useKeyBindings();
  const palette = useMemo(
    () =>
      (editor?.commands ?? []).map((command) => ({
        id: `editor-${command.id}`,
        title: title(command.id),
        group: t("editor.groupCommands"),
        keys: boundKeys(command, bindings),
        run: () => {
          if (editor?.canRun(command.id) === true) editor.run(command.id);
        },
      })),
    [editor, bindings, title, t],
  );
  useCommands(palette);
}
