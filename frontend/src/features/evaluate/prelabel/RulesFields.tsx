/** What becomes of a model's finds: classes, thresholds of their own, overlaps, a part of the picture. */
import { Input, NumberInput, RangeSlider, Select, SimpleGrid, Slider, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Model, PrelabelRules } from "../../../api/types";
import { useProject } from "../../../parts/useProjectId";
import { formatDecimal, formatShare } from "../../../ui/format";
import { DetectorMapping } from "../detector/DetectorMapping";
import classes from "./Prelabel.module.css";

const ANYWHERE = "anywhere";
const USUAL_OVERLAP = 0.45;
const WHOLE = [0, 0, 1, 1] as const;

interface RulesFieldsProps {
  readonly model: Model;
  readonly minScore: number;
  readonly rules: PrelabelRules;
  readonly onChange: (rules: PrelabelRules) => void;
}

export function RulesFields({ model, minScore, rules, onChange }: RulesFieldsProps) {
  const { t } = useTranslation();
  const known = useProject()?.classes ?? [];
  const chosen = rules.mapping ?? {};
  const targets = new Set(model.classes.map((row) => chosen[String(row.number)] ?? row.id));
  const overlap = rules.max_overlap ?? USUAL_OVERLAP;
  const byName = (mapping: Readonly<Record<string, number | null>>) =>
    Object.fromEntries(
      model.classes.flatMap((row) =>
        String(row.number) in mapping ? [[row.name, mapping[String(row.number)] ?? null]] : [],
      ),
    ) as Record<string, number | null>;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl" mt="xs">
      <DetectorMapping
        names={model.classes.map((row) => row.name)}
        mapping={{ ...Object.fromEntries(model.classes.map((row) => [row.name, row.id])), ...byName(chosen) }}
        chosen={byName(chosen)}
        onChange={(named) => {
          const numbered = model.classes.flatMap((row) =>
            row.name in named ? [[String(row.number), named[row.name] ?? null] as const] : [],
          );
          onChange({ ...rules, mapping: Object.fromEntries(numbered) });
        }}
      />
      <Stack gap="sm">
        <Labelled text={t("prelabel.ownThreshold")}>
          <SimpleGrid cols={2} spacing="xs">
            {known
              .filter((item) => targets.has(item.id))
              .slice(0, 20)
              .map((item) => (
                <NumberInput
                  key={item.id}
                  label={item.name}
                  aria-label={t("prelabel.ownThresholdOf", { name: item.name })}
                  value={rules.thresholds?.[String(item.id)] ?? minScore}
                  onChange={(value) =>
                    onChange({ ...rules, thresholds: { ...rules.thresholds, [String(item.id)]: Number(value) } })
                  }
                  min={0.05}
                  max={1}
                  step={0.05}
                  decimalScale={2}
                  fixedDecimalScale
                />
              ))}
          </SimpleGrid>
        </Labelled>
        <Labelled text={t("prelabel.overlap", { value: formatDecimal(overlap) })}>
          <Slider
            min={0.1}
            max={1}
            step={0.05}
            value={overlap}
            onChange={(value) => onChange({ ...rules, max_overlap: value })}
            label={null}
            size="sm"
            thumbLabel={t("prelabel.overlapLabel")}
          />
        </Labelled>
        <RegionFields region={rules.region ?? WHOLE} onChange={(region) => onChange({ ...rules, region })} />
        <Select
          label={t("prelabel.inside")}
          value={rules.inside_class == null ? ANYWHERE : String(rules.inside_class)}
          onChange={(value) =>
            onChange({ ...rules, inside_class: value === null || value === ANYWHERE ? null : Number(value) })
          }
          data={[
            { value: ANYWHERE, label: t("prelabel.anywhere") },
            ...known.map((item) => ({ value: String(item.id), label: item.name })),
          ]}
          allowDeselect={false}
        />
      </Stack>
    </SimpleGrid>
  );
}

/** A label as those of fields have it, over what is no single field. */
export function Labelled({ text, children }: { readonly text: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <Input.Label labelElement="div" size="xs" mb={6}>
        {text}
      </Input.Label>
      {children}
    </div>
  );
}

interface RegionFieldsProps {
  /** x, y, width, height in shares of the picture. */
  readonly region: readonly number[];
  readonly onChange: (region: number[]) => void;
}

function RegionFields({ region, onChange }: RegionFieldsProps) {
  const { t } = useTranslation();
  const [x = 0, y = 0, width = 1, height = 1] = region;
  return (
    <Labelled text={t("prelabel.region")}>
      <div className={classes.region}>
        <Axis
          name={t("prelabel.across")}
          from={x}
          size={width}
          onChange={(from, size) => onChange([from, y, size, height])}
        />
        <Axis
          name={t("prelabel.down")}
          from={y}
          size={height}
          onChange={(from, size) => onChange([x, from, width, size])}
        />
      </div>
    </Labelled>
  );
}

interface AxisProps {
  readonly name: string;
  readonly from: number;
  readonly size: number;
  readonly onChange: (from: number, size: number) => void;
}

/** One row of the region: its direction, the slider, the share of the picture that it leaves. */
function Axis({ name, from, size, onChange }: AxisProps) {
  const end = Math.min(1, from + size);
  return (
    <>
      <span>{name}</span>
      <RangeSlider
        min={0}
        max={1}
        step={0.01}
        minRange={0.05}
        value={[from, end]}
        onChange={([start, stop]) => onChange(start, stop - start)}
        label={null}
        size="sm"
        thumbFromLabel={name}
        thumbToLabel={name}
      />
      <span className="num" dir="ltr">
        {formatShare(from)} – {formatShare(end)}
      </span>
    </>
  );
}
