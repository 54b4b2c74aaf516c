/** Where a person chooses the language of the interface, each under its own name. */
import { Menu } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { chooseLanguage, LANGUAGES } from "../i18n";
import { notifyFailure } from "../ui/notify";

/** The languages as items of a menu. */
export function LanguageItems() {
  const { t, i18n } = useTranslation();
  const choose = (code: string) => {
    chooseLanguage(code).catch(() => notifyFailure(t("language.failed"), t("errors.unreachable")));
  };
  return (
    <Menu.RadioGroup value={i18n.language} onChange={choose}>
      {LANGUAGES.map(({ code, name, direction }) => (
        <Menu.RadioItem key={code} value={code} lang={code} closeMenuOnClick>
          <span dir={direction}>{name}</span>
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

/** `children` is the button that opens it. */
export function LanguageMenu({ children }: { readonly children: ReactNode }) {
  return (
    <Menu width={180}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        <LanguageItems />
      </Menu.Dropdown>
    </Menu>
  );
}
