/** Says a rule in words, for the list of recent filters and for tooltips. */
import { useTranslation } from "react-i18next";
import type { Condition, Rule } from "../../api/rules";
import { useProject } from "../useProjectId";
import { definitionOf } from "./fields";

export function useRuleWords(): (rule: Rule) => string {
  const { t } = useTranslation();
  const project = useProject();
  const valueOf = ({ field, value }: Condition): string => {
    const kind = definitionOf(field)?.kind;
    if (typeof value === "boolean") return t(value ? "rules.yes" : "rules.no");
    if (kind === "share" && typeof value === "number") return `${Number((value * 100).toPrecision(6))} %`;
    if (!Array.isArray(value)) return String(value);
    const name = (one: string | number): string =>
      kind === "classes"
        ? (project?.classes.find((item) => item.id === one)?.name ?? "?")
        : kind === "choice"
          ? t(`rules.choice.${one as "box"}`, String(one))
          : String(one);
    return value.map(name).join(", ");
  };
  const words = (rule: Rule, outermost: boolean): string => {
    if (rule.kind === "condition") {
      const field = rule.field === "attribute" ? rule.name : t(`rules.field.${rule.field as "class"}`, rule.field);
      return t("rules.said", { field, op: t(`rules.op.${rule.op as "in"}`, rule.op), value: valueOf(rule) });
    }
    const joined = rule.rules.map((one) => words(one, false)).join(t(`rules.join.${rule.mode}`));
    const said =
      rule.mode === "none" || rule.mode === "object" ? t(`rules.saidGroup.${rule.mode}`, { rules: joined }) : joined;
    return outermost || said !== joined || rule.rules.length < 2 ? said : `(${said})`;
  };
  return (rule) => words(rule, true);
}
