/** A version's recipe as it reads: a chip for each operation, in order. */
import { Button, Tooltip } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { RecipeStep, Version } from "../../api/types";
import { localised } from "../../i18n/localised";
import { chipLines, chipParts } from "./chips";
import { type Catalog, hasSteps, STAGES } from "./recipe";
import classes from "./Recipe.module.css";
import { useCatalog } from "./useCatalog";

interface RecipeChipsProps {
  readonly version: Version;
  /** Starts a new version with this recipe. */
  readonly onReuse: () => void;
}

export function RecipeChips({ version, onReuse }: RecipeChipsProps) {
  const { t } = useTranslation();
  const catalog = useCatalog();
  const { recipe, name } = version;
  if (catalog === null || !hasSteps(recipe)) return null;
  const steps = recipe.operations ?? [];
  const { copies = 0, seed = 0 } = recipe;
  return (
    <div className={classes.recipe} role="group" aria-label={t("recipe.ofVersion", { name })}>
      <div className={classes.stages}>
        {STAGES.map((stage) => {
          const own = steps.filter((step) => (catalog.get(step.op)?.stage ?? "preprocessing") === stage);
          return (
            own.length > 0 && (
              <Fragment key={stage}>
                <span className={classes.stageName}>{t(`recipe.${stage}`)}</span>
                <ul className={classes.chips} aria-label={t(`recipe.${stage}`)}>
                  {own.map((step, index) => (
                    <Chip key={index} step={step} catalog={catalog} />
                  ))}
                  {stage === "augmentation" && (
                    <li className={`${classes.amount ?? ""} num`}>
                      {copies > 0 && `${t("recipe.copiesChip", { count: copies })} · `}
                      {t("recipe.seedChip", { seed })}
                    </li>
                  )}
                </ul>
              </Fragment>
            )
          );
        })}
      </div>
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconCopy size={12} />}
        aria-label={t("recipe.reuseOf", { name })}
        onClick={onReuse}
      >
        {t("recipe.reuse")}
      </Button>
    </div>
  );
}

function Chip({ step, catalog }: { readonly step: RecipeStep; readonly catalog: Catalog }) {
  const operation = catalog.get(step.op);
  if (operation === undefined) return <li className={classes.chip}>{step.op}</li>;
  const parameters = step.parameters ?? {};
  const lines = chipLines(operation, parameters);
  return (
    <Tooltip
      disabled={lines.length === 0}
      label={lines.map((line) => (
        <div key={line} className="num">
          {line}
        </div>
      ))}
    >
      <li className={`${classes.chip ?? ""} num`}>
        <b>{localised(operation.title)}</b> {chipParts(operation, parameters).join(" · ")}
      </li>
    </Tooltip>
  );
}
