/** The rows and columns of a confusion matrix that are no class have a name in the catalogue. */
import { useTranslation } from "react-i18next";

export function useLabelName(): (label: string) => string {
  const { t } = useTranslation();
  return (label) => (label === "background" || label === "undecided" ? t(`evaluation.${label}`) : label);
}
