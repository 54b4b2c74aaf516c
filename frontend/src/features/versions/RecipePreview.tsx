/** What the recipe makes of real pictures, rendered by the server while the recipe is written. */
import { Alert, Button, Loader, Skeleton, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconAlertTriangle, IconArrowLeft, IconPhotoOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import { errorSentence } from "../../api/errors";
import { recipePreviewQuery } from "../../api/queries/recipes";
import type { RecipeSample, RecipeShape } from "../../api/types";
import { shapePath } from "../../parts/shapePath";
import { useProjectId } from "../../parts/useProjectId";
import { Empty } from "../../ui/Empty";
import { type Draft, faultyStep, toRecipe } from "./recipe";
import classes from "./Recipe.module.css";

const SETTLE_MS = 350;
const SAMPLES = 6;

interface RecipePreviewProps {
  readonly draft: Draft;
  /** Told the place of the step that the server refuses. */
  readonly onFault: (place: number | null) => void;
}

export function RecipePreview({ draft, onFault }: RecipePreviewProps) {
  const { t } = useTranslation();
  const [one, setOne] = useState<RecipeSample | null>(null);
  const recipe = useMemo(() => toRecipe(draft), [draft]);
  const [settled] = useDebouncedValue(recipe, SETTLE_MS);
  const query = useQuery(recipePreviewQuery(useProjectId(), settled, one?.image ?? null));
  const fault = query.error instanceof ApiError ? faultyStep(query.error.fields) : null;
  useEffect(() => onFault(fault), [fault, onFault]);
  const samples = useLast(query.data);
  const isBehind = query.isFetching || settled !== recipe;
  return (
    <section className={classes.preview} aria-label={t("recipe.preview")} aria-busy={isBehind}>
      <header>
        <div>
          <h3>{t("recipe.preview")}</h3>
          <Text size="xs" c="dimmed" truncate>
            {one === null ? t("recipe.previewSeveral") : t("recipe.previewOne", { name: one.name })}
          </Text>
        </div>
        {isBehind && (
          <span className={classes.busy} role="status">
            <Loader size={12} /> {t("recipe.previewLoading")}
          </span>
        )}
        {one !== null && (
          <Button variant="default" leftSection={<IconArrowLeft size={14} />} onClick={() => setOne(null)}>
            {t("recipe.previewBack")}
          </Button>
        )}
      </header>
      {query.isError && (
        <Alert
          color="red"
          icon={<IconAlertTriangle size={16} />}
          title={t("recipe.previewFailed")}
          role="alert"
          mb="sm"
        >
          {query.error instanceof ApiError ? query.error.message : errorSentence(query.error, t("errors.unreachable"))}
        </Alert>
      )}
      <Samples samples={samples} isWaiting={query.isPending} isBehind={isBehind || query.isError} onChoose={setOne} />
    </section>
  );
}

/** What was there last, while there is nothing: a step that is not right yet takes no picture away. */
function useLast<Value>(value: Value | undefined): Value | undefined {
  const [last, setLast] = useState(value);
  if (value !== undefined && value !== last) setLast(value);
  return value ?? last;
}

interface SamplesProps {
  readonly samples: readonly RecipeSample[] | undefined;
  readonly isWaiting: boolean;
  readonly isBehind: boolean;
  readonly onChoose: (sample: RecipeSample) => void;
}

function Samples({ samples, isWaiting, isBehind, onChoose }: SamplesProps) {
  const { t } = useTranslation();
  if (samples === undefined) {
    return isWaiting ? (
      <div className={classes.samples}>
        {Array.from({ length: SAMPLES }, (_, index) => (
          <Skeleton key={index} className={classes.picture ?? ""} radius="sm" />
        ))}
      </div>
    ) : null;
  }
  if (samples.length === 0) {
    return (
      <Empty icon={<IconPhotoOff size={22} />} title={t("recipe.previewNothing")}>
        {t("recipe.previewNothingText")}
      </Empty>
    );
  }
  return (
    <ul className={classes.samples} aria-label={t("recipe.preview")} data-stale={isBehind || undefined}>
      {samples.map((sample, index) => (
        <li key={index}>
          <SampleView sample={sample} onChoose={() => onChoose(sample)} />
        </li>
      ))}
    </ul>
  );
}

function SampleView({ sample, onChoose }: { readonly sample: RecipeSample; readonly onChoose: () => void }) {
  const { t } = useTranslation();
  const { name, width, height, annotations } = sample;
  return (
    <button
      type="button"
      className={classes.sample}
      title={t("recipe.previewImage", { name, width, height })}
      aria-label={t("recipe.previewCopies", { name })}
      onClick={onChoose}
    >
      <svg viewBox={`0 0 ${width} ${height}`} className={classes.picture} aria-hidden>
        <image href={sample.picture} width={width} height={height} preserveAspectRatio="none" />
        {annotations.map((annotation, index) => (
          <Outline key={index} annotation={annotation} />
        ))}
      </svg>
      <span className={`${classes.caption ?? ""} num`}>
        <span>{name}</span>
        <span>{t("recipe.size", { width, height })}</span>
      </span>
    </button>
  );
}

function Outline({ annotation }: { readonly annotation: RecipeShape }) {
  const path = useMemo(() => shapePath(annotation.shape), [annotation.shape]);
  if (path === null) return null;
  return (
    <path
      d={path.d}
      stroke={annotation.color === "" ? "var(--accent)" : annotation.color}
      fill={path.open ? "none" : annotation.color}
      fillRule="evenodd"
      data-filled={path.open ? undefined : true}
      data-class={annotation.name}
    />
  );
}
