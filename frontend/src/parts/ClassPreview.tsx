/** What the pasted lines mean: each class as it will be, and a sentence for each line that cannot be one. */
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { KeyHint } from "../ui/KeyHint";
import { Swatch } from "../ui/Swatch";
import type { ParsedClasses } from "./classLines";
import classes from "./ClassPreview.module.css";

export function ClassPreview({ parsed }: { readonly parsed: ParsedClasses }) {
  const { t } = useTranslation();
  if (parsed.classes.length === 0 && parsed.problems.length === 0) return null;
  return (
    <div>
      <ul className={classes.list} aria-label={t("classes.preview")}>
        {parsed.classes.map((item) => (
          <li key={item.name}>
            <Swatch color={item.color} /> {item.name} {item.hotkey !== "" && <KeyHint chord={item.hotkey} />}
          </li>
        ))}
      </ul>
      {parsed.problems.map((problem) => (
        <Text key={problem.line} size="xs" c="var(--bad)" mt={4} role="alert">
          {t(`classes.problem.${problem.kind}`, { line: problem.line, value: problem.value })}
        </Text>
      ))}
    </div>
  );
}
