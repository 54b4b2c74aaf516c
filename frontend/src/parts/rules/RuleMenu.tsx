/** The button of a filter of nested rules: its editor, the filters asked last, and how many conditions are set. */
import { Button, Popover } from "@mantine/core";
import { IconFilter, IconFilterFilled } from "@tabler/icons-react";
import { Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { conditionCount, EMPTY_RULES, parseRules, type RuleGroup } from "../../api/rules";
import { deferred } from "../../ui/deferred";
import { newCondition, type RuleScope } from "./fields";
import { useRuleWords } from "./useRuleWords";
import classes from "./Rules.module.css";

const RuleForm = deferred(async () => (await import("./RuleForm")).RuleForm);

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
      // The form holds the keyboard itself, as it may come after the box around it.
      returnFocus
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
          <Suspense>
            <RuleForm
              scope={scope}
              draft={draft}
              onDraft={setDraft}
              onApply={apply}
              onCancel={() => setDraft(null)}
              isSet={set !== null}
            />
          </Suspense>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
