/** Writes a recipe: the operations of both stages in their order at the left, what they make of real pictures at the right. */
import { NumberInput, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { recipeOperationsQuery } from "../../api/queries/recipes";
import type { RecipeOperation, Version } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { useProject } from "../../parts/useProjectId";
import {
  addStep,
  type Catalog,
  classesAt,
  type Draft,
  hasSteps,
  MAX_COPIES,
  moveStep,
  removeStep,
  setParameter,
  STAGES,
  stepsOf,
  toDraft,
} from "./recipe";
import classes from "./Recipe.module.css";
import { RecipePreview } from "./RecipePreview";
import { StageSection } from "./StageSection";

interface RecipeEditorProps {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly versions: readonly Version[];
}

export function RecipeEditor(props: RecipeEditorProps) {
  const query = useQuery(recipeOperationsQuery());
  return (
    <Loaded query={query} rows={6}>
      {(operations) => <Editor {...props} catalog={new Map(operations.map((item) => [item.key, item]))} />}
    </Loaded>
  );
}

function Editor({ draft, onChange, versions, catalog }: RecipeEditorProps & { readonly catalog: Catalog }) {
  const [open, setOpen] = useState<number | null>(null);
  const [faulty, setFaulty] = useState<number | null>(null);
  const known = useProject()?.classes ?? [];
  const add = (operation: RecipeOperation) => {
    const next = addStep(draft, operation);
    onChange(next);
    setOpen(Math.max(...next.steps.map((step) => step.key)));
  };
  return (
    <div className={classes.editor}>
      <div className={classes.steps}>
        <StartFrom versions={versions} catalog={catalog} onChoose={onChange} />
        {STAGES.map((stage) => (
          <StageSection
            key={stage}
            stage={stage}
            steps={stepsOf(draft, stage)}
            catalog={catalog}
            namesAt={(key) => classesAt(draft, catalog, known, key)}
            open={open}
            faulty={faulty === null ? null : (draft.steps[faulty]?.key ?? null)}
            onOpen={setOpen}
            onAdd={add}
            onMove={(key, by) => onChange(moveStep(draft, key, by))}
            onRemove={(key) => onChange(removeStep(draft, key))}
            onParameter={(key, name, value) => onChange(setParameter(draft, key, name, value))}
          />
        ))}
        <Amounts draft={draft} onChange={onChange} />
      </div>
      <RecipePreview draft={draft} onFault={setFaulty} />
    </div>
  );
}

function Amounts({ draft, onChange }: Pick<RecipeEditorProps, "draft" | "onChange">) {
  const { t } = useTranslation();
  const varies = stepsOf(draft, "augmentation").length > 0;
  return (
    <div className={classes.amounts}>
      <NumberInput
        label={t("recipe.copies")}
        description={varies ? t("recipe.copiesHelp") : t("recipe.copiesNeed")}
        value={varies ? draft.copies : 0}
        onChange={(value) => onChange({ ...draft, copies: Number(value) || 0 })}
        min={0}
        max={MAX_COPIES}
        clampBehavior="strict"
        allowDecimal={false}
        disabled={!varies}
      />
      <NumberInput
        label={t("recipe.seed")}
        description={t("recipe.seedHelp")}
        value={draft.seed}
        onChange={(value) => onChange({ ...draft, seed: Number(value) || 0 })}
        min={0}
        allowDecimal={false}
        allowNegative={false}
      />
    </div>
  );
}

interface StartFromProps {
  readonly versions: readonly Version[];
  readonly catalog: Catalog;
  readonly onChoose: (draft: Draft) => void;
}

function StartFrom({ versions, catalog, onChoose }: StartFromProps) {
  const { t } = useTranslation();
  const cooked = versions.filter((version) => hasSteps(version.recipe));
  if (cooked.length === 0) return null;
  return (
    <Select
      aria-label={t("recipe.startFrom")}
      placeholder={t("recipe.startFrom")}
      value={null}
      onChange={(value) => {
        const chosen = cooked.find((version) => String(version.id) === value);
        if (chosen !== undefined) onChoose(toDraft(chosen.recipe, catalog));
      }}
      data={cooked.map((version) => ({
        value: String(version.id),
        label: t("compare.version", { number: version.number, name: version.name }),
      }))}
    />
  );
}
