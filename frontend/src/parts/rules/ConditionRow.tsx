/** One condition: field, comparison, value. */
import { ActionIcon, Select } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Condition } from "../../api/rules";
import { type AttributeChoice, definitionOf, fieldsOf, newCondition, type RuleScope, withOp } from "./fields";
import { RuleValueField } from "./RuleValueField";
import classes from "./Rules.module.css";

interface ConditionRowProps {
  readonly condition: Condition;
  readonly scope: RuleScope;
  readonly attributes: readonly AttributeChoice[];
  readonly onChange: (condition: Condition) => void;
  readonly onRemove: () => void;
}

export function ConditionRow({ condition, scope, attributes, onChange, onRemove }: ConditionRowProps) {
  const { t } = useTranslation();
  const { field, op } = condition;
  const ops = definitionOf(field)?.ops ?? [op];
  return (
    <div className={classes.condition}>
      <Select
        className={classes.field ?? ""}
        aria-label={t("rules.fieldLabel")}
        allowDeselect={false}
        data={fieldsOf(scope).map((one) => ({ value: one.field, label: t(`rules.field.${one.field as "class"}`) }))}
        value={field}
        onChange={(next) => {
          if (next !== null && next !== field) onChange(newCondition(next));
        }}
      />
      {field === "attribute" && (
        <Select
          className={classes.field ?? ""}
          aria-label={t("rules.attributeName")}
          placeholder={t("rules.attributeName")}
          data={attributes.map((one) => one.name)}
          nothingFoundMessage={t("rules.noAttributes")}
          searchable
          value={condition.name === "" ? null : (condition.name ?? null)}
          onChange={(name) =>
            onChange({ ...newCondition(field), op, name: name ?? "", value: startOf(attributes, name) })
          }
        />
      )}
      <Select
        className={classes.op ?? ""}
        aria-label={t("rules.opLabel")}
        allowDeselect={false}
        data={ops.map((one) => ({ value: one, label: t(`rules.op.${one as "in"}`) }))}
        value={op}
        onChange={(next) => {
          if (next !== null) onChange(withOp(condition, next));
        }}
      />
      <div className={classes.value}>
        <RuleValueField
          condition={condition}
          attributes={attributes}
          onChange={(value) => onChange({ ...condition, value })}
        />
      </div>
      <ActionIcon size={24} aria-label={t("rules.remove")} onClick={onRemove}>
        <IconX size={14} />
      </ActionIcon>
    </div>
  );
}

/** A box to tick says something at once; everything else waits for its value. */
const startOf = (attributes: readonly AttributeChoice[], name: string | null): boolean | string =>
  attributes.find((one) => one.name === name)?.type === "checkbox" ? true : "";
