/** What the server does not take, as a file that the screen Import reads (native JSON); pure. */
import type { ClassRecord, JournalEntry } from "../../../editor";
import { annotationToApi } from "../../../editor";

export const UNSAVED_FILE = "dataset.json";

/** Deleted objects cannot be said in it; an import adds and changes. */
export function unsavedFile(entries: readonly JournalEntry[], classes: readonly ClassRecord[]): string {
  const drawn = entries.map((entry) => ({
    entry,
    annotations: entry.changes
      .map(({ current }) => (current?.kind === "annotation" ? annotationToApi(current) : null))
      .filter((annotation) => annotation !== null),
  }));
  const used = new Set(drawn.flatMap(({ annotations }) => annotations.map((annotation) => annotation.class)));
  const numbers = new Map([...used].map((id, index) => [id, index + 1]));
  const known = new Map(classes.map((record) => [record.classId, record]));
  return JSON.stringify(
    {
      format: "annotator",
      version: 1,
      classes: [...numbers].map(([id, number]) => ({
        number,
        name: known.get(id)?.name ?? `class ${id}`,
        color: known.get(id)?.color ?? "#808080",
      })),
      images: drawn.map(({ entry: { imageId, image }, annotations }, index) => ({
        number: index + 1,
        name: image?.name ?? `image-${imageId}`,
        width: image?.width ?? 0,
        height: image?.height ?? 0,
        annotations: annotations.map((annotation) => ({ ...annotation, class: numbers.get(annotation.class) })),
      })),
    },
    null,
    1,
  );
}

/** Hands a text to the browser's downloads. */
export function saveAsFile(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}
