/** Gives the actions of a screen to the editor's keys and to the palette, with the person's own keys. */
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Editor } from "../../editor";
import { useCommands } from "../../ui/commands";
import { SCREEN_ACTIONS, type ScreenActionId } from "./screenActions";
import { useActionKeys } from "./useActionKeys";
import { useActionTitle } from "./useActionTitle";

export interface ScreenAction {
  readonly id: ScreenActionId;
  readonly isEnabled?: () => true | string;
  readonly run: () => void;
}

/** `actions` have to be stable between renders (useMemo). */
export function useScreenActions(editor: Editor | null, actions: readonly ScreenAction[]): void {
  const { t } = useTranslation();
  const title = useActionTitle();
  const keysOf = useActionKeys();
  useEffect(
    () =>
      editor?.keymap.register(
        actions.flatMap((action) => {
          const entry = SCREEN_ACTIONS.find(({ id }) => id === action.id);
          return entry === undefined ? [] : [{ ...entry, ...action }];
        }),
      ),
    [editor, actions],
  );
  // keysOf is new with every render; what it answers is not.
  const keys = JSON.stringify(actions.map(({ id }) => keysOf(id)));
  const commands = useMemo(() => {
    const lists = JSON.parse(keys) as readonly (readonly string[])[];
    return actions
      .map((action, index) => ({ action, index, entry: SCREEN_ACTIONS.find(({ id }) => id === action.id) }))
      .filter(({ entry }) => entry !== undefined && entry.scope !== "mode")
      .map(({ action, index, entry }) => ({
        id: action.id,
        title: title(action.id),
        group: t(`keys.section.${entry?.section ?? "images"}`),
        keys: lists[index] ?? [],
        run: action.run,
      }));
  }, [actions, keys, title, t]);
  useCommands(commands);
}
