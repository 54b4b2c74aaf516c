/** Owns which language is shown: the one that was chosen in this browser, else the first of the browser's that exists. */
import { type Language, LANGUAGES } from "./languages";

const STORED = "annotator-language";

export function languageOf(code: string): Language {
  const found = LANGUAGES.find((language) => language.code === code) ?? LANGUAGES[0];
  if (found === undefined) throw new Error("There has to be a language.");
  return found;
}

/** `wanted` are tags such as "de-AT", the dearest first; a region that is not here gets its language. */
export function bestLanguage(wanted: readonly string[]): Language {
  const codes = wanted.map((tag) => tag.toLowerCase().split("-")[0]);
  const known = codes.find((code) => LANGUAGES.some((language) => language.code === code));
  return languageOf(known ?? "en");
}

export function storedLanguage(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    // Storage can be switched off in the browser: its languages decide then.
    return null;
  }
}

export function storeLanguage(code: string): void {
  try {
    localStorage.setItem(STORED, code);
  } catch {
    // Chosen for this page only.
  }
}

export function wantedLanguage(): Language {
  const stored = storedLanguage();
  return bestLanguage(stored === null ? navigator.languages : [stored, ...navigator.languages]);
}

/** Another tab of this browser chose a language. */
export function onStoredLanguage(listener: () => void): void {
  addEventListener("storage", (event) => {
    if (event.key === STORED || event.key === null) listener();
  });
}
