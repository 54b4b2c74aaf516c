/** The operations of one stage: add, set, reorder, remove. */
import { Button, Menu, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { RecipeOperation, RecipeStage, RecipeValue } from "../../api/types";
import { localised } from "../../i18n/localised";
import type { NamedColor } from "../../ui/NameFields";
import type { Catalog, Step } from "./recipe";
import classes from "./Recipe.module.css";
import { StepCard } from "./StepCard";

interface StageSectionProps {
  readonly stage: RecipeStage;
  readonly steps: readonly Step[];
  readonly catalog: Catalog;
  /** The classes that a step meets, by its key. */
  readonly namesAt: (key: number) => readonly NamedColor[];
  /** The key of the step whose settings are shown. */
  readonly open: number | null;
  /** The key of the step that the server refused. */
  readonly faulty: number | null;
  readonly onOpen: (key: number | null) => void;
  readonly onAdd: (operation: RecipeOperation) => void;
  readonly onMove: (key: number, by: -1 | 1) => void;
  readonly onRemove: (key: number) => void;
  readonly onParameter: (key: number, name: string, value: RecipeValue) => void;
}

export function StageSection(props: StageSectionProps) {
  const { stage, steps, catalog, namesAt, open, faulty, onOpen, onAdd, onMove, onRemove, onParameter } = props;
  const { t } = useTranslation();
  return (
    <section className={classes.stage} aria-label={t(`recipe.${stage}`)}>
      <header>
        <div>
          <h3>{t(`recipe.${stage}`)}</h3>
          <Text size="xs" c="dimmed">
            {t(`recipe.${stage}Help`)}
          </Text>
        </div>
        <AddMenu stage={stage} catalog={catalog} onAdd={onAdd} />
      </header>
      {steps.length === 0 ? (
        <p className={classes.none}>{t(`recipe.${stage}None`)}</p>
      ) : (
        <ol className={classes.list} aria-label={t(`recipe.${stage}`)}>
          {steps.map((step, index) => {
            const operation = catalog.get(step.op);
            return (
              operation !== undefined && (
                <StepCard
                  key={step.key}
                  step={step}
                  operation={operation}
                  names={namesAt(step.key)}
                  isFirst={index === 0}
                  isLast={index === steps.length - 1}
                  opened={open === step.key}
                  faulty={faulty === step.key}
                  onToggle={() => onOpen(open === step.key ? null : step.key)}
                  onMove={(by) => onMove(step.key, by)}
                  onRemove={() => onRemove(step.key)}
                  onParameter={(name, value) => onParameter(step.key, name, value)}
                />
              )
            );
          })}
        </ol>
      )}
    </section>
  );
}

function AddMenu({ stage, catalog, onAdd }: Pick<StageSectionProps, "stage" | "catalog" | "onAdd">) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" width={330} shadow="md">
      <Menu.Target>
        <Button variant="default" leftSection={<IconPlus size={14} />} aria-label={t(`recipe.${stage}Add`)}>
          {t("recipe.addShort")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu ?? ""}>
        {[...catalog.values()]
          .filter((operation) => operation.stage === stage)
          .map((operation) => (
            <Menu.Item key={operation.key} aria-label={localised(operation.title)} onClick={() => onAdd(operation)}>
              {localised(operation.title)}
              <small>{operation.description}</small>
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
