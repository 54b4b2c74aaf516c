/** The button of a filter of nested rules: its editor, the filters asked last, and how many conditions are set. */
import { Button, Popover, ScrollArea, UnstyledButton } from "@mantine/core";
import { IconFilter, IconFilterFilled, IconHistory } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { conditionCount, EMPTY_RULES, MAX_RULES, parseRules, type RuleGroup, rulesToText } from "../../api/rules";
import { useProject, useProjectId } from "../useProjectId";
import { attributesOf, newCondition, type RuleScope } from "./fields";
import { recentRules, rememberRules } from "./recent";
import { RuleGroupBox } from "./RuleGroupBox";
import { useRuleWords } from "./useRuleWords";
import classes from "./Rules.module.css";

interface RuleMenuProps {
  readonly scope: RuleScope;
  /** As it stands in the address bar. */
  readonly text: string | undefined;
  readonly onChange: (text: string | null) => void;
  readonly label: string;
  /** Without its word, where there is little room. */
  readonly compact?: boolean;
}

const START: RuleGroup = { ...EMPTY_RULES, rules: [newCondition("class")] };

export function RuleMenu({ scope, text, onChange, label, compact = false }: RuleMenuProps) {
  const { t } = useTranslation();
  const words = useRuleWords();
  const set = useMemo(() => parseRules(text), [text]);
  const [draft, setDraft] = useState<RuleGroup | null>(null);
  const count = conditionCount(set);
  const Icon = count > 0 ? IconFilterFilled : IconFilter;
  const toggle = (open: boolean) => setDraft(open ? (set ?? START) : null);
  const apply = (next: string) => {
    onChange(next === "" ? null : next);
    setDraft(null);
  };
  return (
    <Popover
      opened={draft !== null}
      onChange={(open) => toggle(open)}
      width={560}
      position="bottom-end"
      shadow="md"
      trapFocus
      // The lists to choose from lie outside it.
      closeOnClickOutside={false}
      withinPortal
      transitionProps={{ duration: 90 }}
    >
      <Popover.Target>
        <Button
          variant={count > 0 ? "light" : compact ? "subtle" : "default"}
          color={count === 0 && compact ? "gray" : "accent"}
          px={compact ? 7 : 10}
          title={set === null ? label : words(set)}
          aria-label={count > 0 ? t("rules.buttonCount", { label, count }) : label}
          aria-expanded={draft !== null}
          leftSection={compact ? null : <Icon size={14} />}
          onClick={() => toggle(draft === null)}
        >
          {compact ? <Icon size={15} /> : label}
          {count > 0 && <span className={classes.count}>{count}</span>}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={10} role="dialog" aria-label={label}>
        {draft !== null && (
          <RuleForm
            scope={scope}
            draft={draft}
            onDraft={setDraft}
            onApply={apply}
            onCancel={() => setDraft(null)}
            isSet={set !== null}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

interface RuleFormProps {
  readonly scope: RuleScope;
  readonly draft: RuleGroup;
  readonly onDraft: (draft: RuleGroup) => void;
  readonly onApply: (text: string) => void;
  readonly onCancel: () => void;
  readonly isSet: boolean;
}

function RuleForm({ scope, draft, onDraft, onApply, onCancel, isSet }: RuleFormProps) {
  const { t } = useTranslation();
  const words = useRuleWords();
  const project = useProject();
  const id = useProjectId();
  const attributes = useMemo(() => attributesOf(project?.classes ?? []), [project]);
  const text = rulesToText(draft);
  const recent = recentRules(id, scope).flatMap((one) => {
    const rules = parseRules(one);
    return rules === null || one === text ? [] : [{ text: one, rules }];
  });
  const finish = () => {
    if (text !== "") rememberRules(id, scope, text);
    onApply(text);
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        finish();
      }}
    >
      <ScrollArea.Autosize mah={380}>
        <RuleGroupBox
          group={draft}
          scope={scope}
          attributes={attributes}
          depth={1}
          full={conditionCount(draft) >= MAX_RULES / 2}
          onChange={onDraft}
          onRemove={null}
        />
      </ScrollArea.Autosize>
      {scope === "images" && <p className={classes.hint}>{t("rules.hint")}</p>}
      {recent.length > 0 && (
        <div>
          <h4 className={classes.recentTitle}>
            <IconHistory size={13} /> {t("rules.recent")}
          </h4>
          <ul className={classes.recent} aria-label={t("rules.recent")}>
            {recent.slice(0, 4).map((one) => (
              <li key={one.text}>
                <UnstyledButton
                  onClick={() => {
                    rememberRules(id, scope, one.text);
                    onApply(one.text);
                  }}
                >
                  {words(one.rules)}
                </UnstyledButton>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className={classes.actions}>
        <Button variant="subtle" color="gray" onClick={onCancel}>
          {t("actions.cancel")}
        </Button>
        <Button variant="default" disabled={!isSet} onClick={() => onApply("")}>
          {t("rules.clear")}
        </Button>
        <Button type="submit" disabled={text === "" && !isSet}>
          {t("rules.apply")}
        </Button>
      </div>
    </form>
  );
}
