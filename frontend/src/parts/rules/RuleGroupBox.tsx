/** One group of rules: how they are joined, the conditions, and the groups inside. */
import { ActionIcon, Button, Select } from "@mantine/core";
import { IconBracketsContain, IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { EMPTY_RULES, GROUP_MODES, MAX_DEPTH, type Rule, type RuleGroup } from "../../api/rules";
import { ConditionRow } from "./ConditionRow";
import { type AttributeChoice, newCondition, type RuleScope } from "./fields";
import classes from "./Rules.module.css";

interface RuleGroupBoxProps {
  readonly group: RuleGroup;
  readonly scope: RuleScope;
  readonly attributes: readonly AttributeChoice[];
  readonly depth: number;
  readonly full: boolean;
  readonly onChange: (group: RuleGroup) => void;
  /** Null: the outermost one stays. */
  readonly onRemove: (() => void) | null;
}

export function RuleGroupBox({ group, scope, attributes, depth, full, onChange, onRemove }: RuleGroupBoxProps) {
  const { t } = useTranslation();
  const { mode, rules } = group;
  // Of one object only what is said of objects can be asked, and no object inside it.
  const within: RuleScope = mode === "object" ? "objects" : scope;
  const modes = GROUP_MODES.filter((one) => one !== "object" || scope === "images");
  const replace = (index: number, rule: Rule | null) =>
    onChange({ ...group, rules: rules.flatMap((one, at) => (at !== index ? [one] : rule === null ? [] : [rule])) });
  const add = (rule: Rule) => onChange({ ...group, rules: [...rules, rule] });
  return (
    <div className={classes.group} role="group" aria-label={t(`rules.mode.${mode}`)}>
      <div className={classes.head}>
        <Select
          className={classes.mode ?? ""}
          aria-label={t("rules.modeLabel")}
          allowDeselect={false}
          data={modes.map((one) => ({ value: one, label: t(`rules.mode.${one}`) }))}
          value={mode}
          onChange={(next) => onChange({ ...group, mode: GROUP_MODES.find((one) => one === next) ?? mode })}
        />
        {onRemove !== null && (
          <ActionIcon size={24} aria-label={t("rules.removeGroup")} onClick={onRemove}>
            <IconX size={14} />
          </ActionIcon>
        )}
      </div>
      {rules.map((rule, index) =>
        rule.kind === "condition" ? (
          <ConditionRow
            // Conditions have nothing of their own but their place.
            key={index}
            condition={rule}
            scope={within}
            attributes={attributes}
            onChange={(next) => replace(index, next)}
            onRemove={() => replace(index, null)}
          />
        ) : (
          <RuleGroupBox
            key={index}
            group={rule}
            scope={within}
            attributes={attributes}
            depth={depth + 1}
            full={full}
            onChange={(next) => replace(index, next)}
            onRemove={() => replace(index, null)}
          />
        ),
      )}
      <div className={classes.head}>
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconPlus size={13} />}
          disabled={full}
          onClick={() => add(newCondition("class"))}
        >
          {t("rules.add")}
        </Button>
        {depth < MAX_DEPTH && (
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconBracketsContain size={13} />}
            disabled={full}
            onClick={() => add({ ...EMPTY_RULES, mode: "any", rules: [newCondition("class")] })}
          >
            {t("rules.addGroup")}
          </Button>
        )}
      </div>
    </div>
  );
}
