/** The help overlay: every action that has a key, with the person's own. */
import { useTranslation } from "react-i18next";
import { KeyHint } from "../../ui/KeyHint";
import { useSections } from "./useSections";
import classes from "./Keys.module.css";

export function KeyTable({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const sections = useSections(text, false);
  if (sections.length === 0) return <p className={classes.none}>{t("keys.nothing")}</p>;
  return (
    <div className={classes.table}>
      {sections.map(({ section, rows }) => (
        <section key={section} aria-label={t(`keys.section.${section}`)}>
          <h3>{t(`keys.section.${section}`)}</h3>
          <dl>
            {rows.map((row) => (
              <div key={row.entry.id}>
                <dt>{row.title}</dt>
                <dd>
                  {row.keys.map((chord) => (
                    <KeyHint key={chord} chord={chord} />
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
