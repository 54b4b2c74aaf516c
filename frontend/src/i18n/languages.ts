/** The languages of the interface: a folder and a line each; English is in the bundle, the others come when chosen. */
import type { Resource } from "i18next";

export interface Language {
  /** The folder's name and what stands in `<html lang>`. */
  readonly code: string;
  /** Its name in itself. */
  readonly name: string;
  /** What Intl formats numbers and dates by. */
  readonly locale: string;
  readonly direction: "ltr" | "rtl";
  readonly load: () => Promise<Words>;
}

interface Words {
  readonly messages: Messages;
  /** Words that this language shares with English: a text of nothing else may be the same as in English. */
  readonly same: readonly string[];
}

export type Messages = Resource[string][string];

export const LANGUAGES: readonly Language[] = [
  { code: "en", name: "English", locale: "en-GB", direction: "ltr", load: () => import("./en") },
  { code: "de", name: "Deutsch", locale: "de", direction: "ltr", load: () => import("./de") },
  { code: "es", name: "Español", locale: "es", direction: "ltr", load: () => import("./es") },
  { code: "zh", name: "简体中文", locale: "zh-CN", direction: "ltr", load: () => import("./zh") },
  // Coordinates, keys and file names are in Latin digits; the figures beside them are too.
  { code: "ar", name: "العربية", locale: "ar-u-nu-latn", direction: "rtl", load: () => import("./ar") },
];
