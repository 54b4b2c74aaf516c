/** One operation of a recipe: its name, what it is set to, and its settings when opened. */
import { Text, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconChevronRight, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { RecipeOperation, RecipeValue } from "../../api/types";
import { localised } from "../../i18n/localised";
import { IconButton } from "../../ui/IconButton";
import type { NamedColor } from "../../ui/NameFields";
import { ParameterFields } from "../../ui/ParameterFields";
import { chipParts } from "./chips";
import type { Step } from "./recipe";
import classes from "./Recipe.module.css";

interface StepCardProps {
  readonly step: Step;
  readonly operation: RecipeOperation;
  /** The classes that the step meets. */
  readonly names: readonly NamedColor[];
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly opened: boolean;
  readonly faulty: boolean;
  readonly onToggle: () => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
  readonly onParameter: (name: string, value: RecipeValue) => void;
}

export function StepCard(props: StepCardProps) {
  const { step, operation, isFirst, isLast, opened, faulty, onToggle, onMove, onRemove } = props;
  const { t } = useTranslation();
  const name = localised(operation.title);
  return (
    <li className={classes.step} data-faulty={faulty || undefined}>
      <div className={classes.stepHead}>
        <UnstyledButton
          className={classes.stepName ?? ""}
          aria-expanded={opened}
          aria-label={t("recipe.settingsOf", { name })}
          onClick={onToggle}
        >
          <IconChevronRight size={14} data-opened={opened || undefined} />
          <b>{name}</b>
          {!opened && <span className="num">{chipParts(operation, step.parameters).join(" · ")}</span>}
        </UnstyledButton>
        <IconButton
          label={t("recipe.up", { name })}
          size={22}
          reason={isFirst ? t("recipe.isFirst") : undefined}
          onClick={() => onMove(-1)}
        >
          <IconArrowUp size={14} />
        </IconButton>
        <IconButton
          label={t("recipe.down", { name })}
          size={22}
          reason={isLast ? t("recipe.isLast") : undefined}
          onClick={() => onMove(1)}
        >
          <IconArrowDown size={14} />
        </IconButton>
        <IconButton label={t("recipe.remove", { name })} size={22} onClick={onRemove}>
          <IconX size={14} />
        </IconButton>
      </div>
      {opened && <Settings {...props} />}
    </li>
  );
}

function Settings({ step, operation, names, onParameter }: StepCardProps) {
  const { t } = useTranslation();
  const isWide = operation.parameters.some(({ type }) => type === "classes" || type === "class_map");
  return (
    <div
      className={classes.settings}
      role="group"
      aria-label={t("recipe.settingsOf", { name: localised(operation.title) })}
    >
      <Text size="xs" c="dimmed" mb={8}>
        {operation.description}
      </Text>
      <ParameterFields
        fields={operation.parameters}
        values={step.parameters}
        names={names}
        columns={isWide ? 1 : 2}
        onChange={onParameter}
      />
    </div>
  );
}
