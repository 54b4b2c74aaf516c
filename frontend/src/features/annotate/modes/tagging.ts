/** The keys of tag mode: each class's own key tags the image with it and goes on. */
import { classKeyAction, type Editor, type KeyAction } from "../../../editor";

export function tagActions(editor: Editor, onDone: () => void): readonly KeyAction[] {
  return editor.classes
    .get()
    .filter((one) => one.hotkey !== "")
    .map((one) => ({
      id: `tag-mode-${one.classId}`,
      keys: [one.hotkey],
      follows: classKeyAction(one.hotkey),
      // Before the class keys of every other mode.
      scope: "mode",
      run: ({ repeat }) => {
        if (repeat || editor.image.get() === null) return;
        tag(editor, one.classId);
        onDone();
      },
    }));
}

/** A tag that the image has already stays: the key says what the image is. */
function tag(editor: Editor, classId: number): void {
  const has = editor.objects.get().some(({ shape, classId: own }) => shape.type === "tag" && own === classId);
  if (!has) editor.toggleTag(classId);
}
