/** The keys and palette commands that belong to the screen rather than to the canvas. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ImageFilters } from "../../api/imageFilters";
import { imageIdsQuery } from "../../api/queries/images";
import type { Editor } from "../../editor";
import { notifyDone } from "../../ui/notify";
import { useCommands } from "../../ui/commands";
import type { Place } from "./neighbours";

interface Actions {
  readonly project: number;
  readonly current: number;
  readonly filters: ImageFilters;
  readonly place: Place;
  readonly onGo: (id: number | null) => void;
  readonly onHelp: () => void;
}

export function useEditorActions(editor: Editor | null, actions: Actions): void {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { project, current, filters, place, onGo, onHelp } = actions;
  const { previous, next } = place;

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
    const images = t("editor.groupImages");
    return [
      {
        id: "previous-image",
        title: t("editor.previous"),
        group: images,
        keys: ["D", "ArrowLeft"],
        run: () => onGo(previous),
      },
      { id: "next-image", title: t("editor.next"), group: images, keys: ["F", "ArrowRight"], run: () => onGo(next) },
      {
        id: "next-unlabelled",
        title: t("editor.nextUnlabelled"),
        group: images,
        keys: ["Shift+F"],
        run: () => void nextUnlabelled(),
      },
      {
        id: "search-class",
        title: t("editor.searchClass"),
        group: images,
        keys: ["/"],
        run: () => document.querySelector<HTMLInputElement>("[data-class-search]")?.focus(),
      },
      { id: "help", title: t("help.title"), group: images, keys: ["?"], run: onHelp },
    ];
  }, [editor, client, project, filters, current, previous, next, onGo, onHelp, t]);

  useEffect(() => editor?.keymap.register(table.map((row) => ({ ...row, scope: "image" as const }))), [editor, table]);
  const palette = useMemo(
    () => [
      ...table,
      ...(editor?.commands ?? []).map((command) => ({
        id: `editor-${command.id}`,
        title: command.title,
        group: t("editor.groupCommands"),
        keys: command.keys,
        run: () => {
          if (editor?.canRun(command.id) === true) editor.run(command.id);
        },
      })),
    ],
    [editor, table, t],
  );
  useCommands(palette);
}
