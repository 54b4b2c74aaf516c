/** What an action that has a key is called. */
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { entryOf } from "./catalogue";

const NUMBERED = /^(class-key|relabel-key|tag-key|attribute-answer)-(.+)$/;

export function useActionTitle(): (id: string) => string {
  const { t } = useTranslation();
  return useCallback(
    (id: string) => {
      const [, name = id, key = ""] = NUMBERED.exec(id) ?? [];
      return t(`keys.action.${name}` as "keys.action.help", { key, defaultValue: entryOf(id)?.title ?? id });
    },
    [t],
  );
}
