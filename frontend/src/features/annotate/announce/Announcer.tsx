/** Tells those who do not see the canvas what happened on it. What is saved the badge in the bar tells. */
import { VisuallyHidden } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type AnnotationRecord, type Editor, toolAction } from "../../../editor";
import { useActionTitle } from "../../../parts/keys/useActionTitle";
import { useEditor } from "../EditorContext";
import { type Announcement, announcementsOf, type Moment } from "./announcement";

/** Several steps of one deed come one after the other, and a held key moves on and on: the last one counts. */
const SETTLED_MS = 150;

const momentOf = (editor: Editor): Moment => ({
  image: editor.image.get(),
  objects: editor.objects.get(),
  selection: editor.selection.get(),
  tool: editor.session.get().tool,
  cursor: editor.keyboardCursor.get(),
});

export function Announcer() {
  const editor = useEditor();
  const [told, setTold] = useState<readonly Announcement[]>([]);
  useEffect(() => {
    let before = momentOf(editor);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      const after = momentOf(editor);
      const news = announcementsOf(before, after);
      before = after;
      if (news.length > 0) setTold(news);
    };
    const changed = () => {
      clearTimeout(timer);
      timer = setTimeout(tell, SETTLED_MS);
    };
    const { image, objects, selection, session, keyboardCursor } = editor;
    const leave = [image, objects, selection, session, keyboardCursor].map((signal) => signal.subscribe(changed));
    return () => {
      clearTimeout(timer);
      for (const stop of leave) stop();
    };
  }, [editor]);
  return (
    <VisuallyHidden role="log" aria-live="polite" data-testid="announcer">
      {told.map((one) => (
        <p key={one.kind}>
          <Told told={one} />
        </p>
      ))}
    </VisuallyHidden>
  );
}

function Told({ told }: { readonly told: Announcement }) {
  const { t } = useTranslation();
  const editor = useEditor();
  const title = useActionTitle();
  const nameOf = ({ classId }: AnnotationRecord) =>
    editor.classes.get().find((one) => one.classId === classId)?.name ?? "?";
  switch (told.kind) {
    case "image":
      return t("announce.image", { name: told.name, count: told.count });
    case "made":
    case "deleted": {
      const [first] = told.objects;
      const name = first === undefined ? "" : nameOf(first);
      return t(`announce.${told.kind}`, { count: told.objects.length, name });
    }
    case "selected":
      return t("announce.selected", { name: nameOf(told.object), number: told.number, total: told.total });
    case "selectedMany":
      return t("announce.selectedMany", { count: told.count });
    case "deselected":
      return t("announce.deselected");
    case "tool":
      return t("announce.tool", { tool: title(toolAction(told.tool)) });
    case "cursor":
      return t("announce.cursor", { x: told.x, y: told.y });
  }
}
