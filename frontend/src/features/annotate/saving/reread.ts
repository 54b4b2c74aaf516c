/** Reads the open image once more, because somebody or something else changed it. */
import { fetchAnnotations } from "../../../api/queries/images";
import type { Editor } from "../../../editor";

/** What cannot be read is read with the next opening; what is unsaved, the selection and the view stay as they are. */
export async function reread(editor: Editor, image: number): Promise<void> {
  const reading = await fetchAnnotations(image).catch(() => null);
  if (reading !== null && editor.image.get()?.imageId === image) editor.refresh(reading);
}
