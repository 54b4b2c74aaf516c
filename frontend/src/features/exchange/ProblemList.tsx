/** What went otherwise than wished in an import or export, with the place where. */
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Problem } from "../../api/types";
import classes from "./Exchange.module.css";

const SHOWN = 100;

export function ProblemList({ problems }: { readonly problems: readonly Problem[] }) {
  const { t } = useTranslation();
  if (problems.length === 0) return null;
  return (
    <div>
      <Text size="xs" fw={600} mb={4}>
        {t("exchange.problems", { count: problems.length })}
      </Text>
      <ul className={classes.problems} aria-label={t("exchange.problemList")}>
        {problems.slice(0, SHOWN).map((problem, index) => (
          <li key={index}>
            <code>{problem.where}</code> {problem.detail}
          </li>
        ))}
        {problems.length > SHOWN && <li>{t("exchange.moreProblems", { number: problems.length - SHOWN })}</li>}
      </ul>
    </div>
  );
}
