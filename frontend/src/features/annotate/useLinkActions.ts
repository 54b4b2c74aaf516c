/** Commands that put a link to the open image, or to the selected object on it, on the clipboard. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Editor } from "../../editor";
import { useScreenActions } from "../../parts/keys/useScreenActions";
import { copyText } from "../../ui/copyText";
import { notifyDone, notifyFailure } from "../../ui/notify";

export function useLinkActions(editor: Editor | null, project: number, image: number): void {
  const { t } = useTranslation();
  const table = useMemo(() => {
    const copy = async (object: string | null) => {
      const link = imageLink(window.location.origin, project, image, object);
      // What a link leads to has to be there when it is followed.
      if (object !== null) await editor?.sync.flush();
      if (await copyText(link)) notifyDone(t(object === null ? "objects.imageLinkCopied" : "objects.objectLinkCopied"));
      else notifyFailure(t("objects.notCopied"), link);
    };
    const copyObject = () => {
      const [only, ...others] = editor?.selection.get() ?? [];
      if (only === undefined || others.length > 0) notifyDone(t("objects.selectOne"));
      else void copy(only);
    };
    return [
      { id: "copy-image-link", run: () => void copy(null) },
      { id: "copy-object-link", run: copyObject },
    ] as const;
  }, [editor, project, image, t]);
  useScreenActions(editor, table);
}

export function imageLink(origin: string, project: number, image: number, object: string | null): string {
  const link = `${origin}/projects/${project}/images/${image}`;
  return object === null ? link : `${link}?object=${encodeURIComponent(object)}`;
}
