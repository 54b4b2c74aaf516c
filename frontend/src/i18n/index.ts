/** Wires the message catalogue; every text of the interface is a key of the files in `en`, in every other language too. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { setLocale } from "../ui/format";
import { languageOf, onStoredLanguage, storeLanguage, wantedLanguage } from "./choice";
import type { messages } from "./en";
import { first } from "./en/first";
import type { Language } from "./languages";

const isolated = (value: string): string => (document.documentElement.dir === "rtl" ? `\u2068${value}\u2069` : value);

void i18next.use(initReactI18next).init({
  lng: "en",
  fallbackLng: "en",
  resources: { en: { translation: first } },
  // React escapes. Where text runs from right to left, a name put into it keeps its own direction (first strong isolate).
  interpolation: { escapeValue: true, escape: isolated },
});

async function show(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language.code, "translation")) {
    i18next.addResourceBundle(language.code, "translation", (await language.load()).messages);
  }
  setLocale(language.locale);
  document.documentElement.lang = language.code;
  document.documentElement.dir = language.direction;
  await i18next.changeLanguage(language.code);
}

/** Before the first screen. Where the language cannot be fetched, English is shown: it is here already. */
export async function startLanguage(): Promise<void> {
  await show(wantedLanguage()).catch(() => show(languageOf("en")));
  onStoredLanguage(() => void show(wantedLanguage()));
}

/** What the screens beside the editor say in English; the other languages come whole. */
export async function loadScreenWords(): Promise<void> {
  i18next.addResourceBundle("en", "translation", (await import("./en/screens")).screens, true);
}

/** The person's choice; kept for the next visit once its messages are here. */
export async function chooseLanguage(code: string): Promise<void> {
  await show(languageOf(code));
  storeLanguage(code);
}

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof messages };
  }
}

export { LANGUAGES } from "./languages";
