/** The form inside the button of a filter: its rules, and the filters asked last. */
import { Button, FocusTrap, ScrollArea, UnstyledButton } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { conditionCount, MAX_RULES, parseRules, type RuleGroup, rulesToText } from "../../api/rules";
import { useProject, useProjectId } from "../useProjectId";
import { attributesOf, type RuleScope } from "./fields";
import { recentRules, rememberRules } from "./recent";
import { RuleGroupBox } from "./RuleGroupBox";
import { useRuleWords } from "./useRuleWords";
import classes from "./Rules.module.css";

interface RuleFormProps {
  readonly scope: RuleScope;
  readonly draft: RuleGroup;
  readonly onDraft: (draft: RuleGroup) => void;
  readonly onApply: (text: string) => void;
  readonly onCancel: () => void;
  readonly isSet: boolean;
}

export function RuleForm({ scope, draft, onDraft, onApply, onCancel, isSet }: RuleFormProps) {
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
    <FocusTrap>
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
    </FocusTrap>
  );
}
