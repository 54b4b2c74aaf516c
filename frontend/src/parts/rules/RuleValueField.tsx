/** The value of one condition, by what its field can hold. */
import { MultiSelect, NumberInput, Select, TagsInput, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Condition, RuleValue } from "../../api/rules";
import { useProject } from "../useProjectId";
import { type AttributeChoice, definitionOf } from "./fields";

interface ValueFieldProps {
  readonly condition: Condition;
  readonly attributes: readonly AttributeChoice[];
  readonly onChange: (value: RuleValue) => void;
}

const LISTS = { comboboxProps: { transitionProps: { duration: 90 } }, hidePickedOptions: true } as const;

export function RuleValueField({ condition, attributes, onChange }: ValueFieldProps) {
  const { t } = useTranslation();
  const project = useProject();
  const definition = definitionOf(condition.field);
  const label = t("rules.value", { field: t(`rules.field.${condition.field as "class"}`, condition.field) });
  const listed = Array.isArray(condition.value) ? condition.value.map(String) : [];
  const placeholder = listed.length === 0 ? t("rules.choose") : "";
  switch (definition?.kind) {
    case "classes":
      return (
        <MultiSelect
          {...LISTS}
          aria-label={label}
          placeholder={placeholder}
          searchable
          data={(project?.classes ?? []).map((item) => ({ value: String(item.id), label: item.name }))}
          value={listed}
          onChange={(values) => onChange(values.map(Number))}
        />
      );
    case "choice":
      return (
        <MultiSelect
          {...LISTS}
          aria-label={label}
          placeholder={placeholder}
          data={(definition.choices ?? []).map((value) => ({
            value,
            label: t(`rules.choice.${value as "box"}`, value),
          }))}
          value={listed}
          onChange={onChange}
        />
      );
    case "words":
      return <TagsInput aria-label={label} placeholder={t("rules.words")} value={listed} onChange={onChange} />;
    case "number":
      return <NumberField label={label} value={condition.value} onChange={onChange} />;
    case "share":
      return <NumberField label={label} value={condition.value} onChange={onChange} unit={100} suffix=" %" />;
    case "flag":
      return <YesNo label={label} value={condition.value} onChange={onChange} />;
    default:
      return <AttributeValue label={label} {...{ condition, attributes, onChange }} />;
  }
}

interface FieldProps {
  readonly label: string;
  readonly value: RuleValue;
  readonly onChange: (value: RuleValue) => void;
}

/** `unit`: of the number shown, in one of the number kept. */
function NumberField({
  label,
  value,
  onChange,
  unit = 1,
  suffix = "",
}: FieldProps & { unit?: number; suffix?: string }) {
  const shown = typeof value === "number" && Number.isFinite(value) ? Number((value * unit).toPrecision(12)) : "";
  return (
    <NumberInput
      aria-label={label}
      value={shown}
      suffix={suffix}
      hideControls
      onChange={(next) => onChange(next === "" ? NaN : Number(next) / unit)}
    />
  );
}

function YesNo({ label, value, onChange }: FieldProps) {
  const { t } = useTranslation();
  return (
    <Select
      aria-label={label}
      allowDeselect={false}
      data={[
        { value: "true", label: t("rules.yes") },
        { value: "false", label: t("rules.no") },
      ]}
      value={String(value === true)}
      onChange={(next) => onChange(next === "true")}
    />
  );
}

function AttributeValue({ condition, attributes, label, onChange }: ValueFieldProps & { readonly label: string }) {
  const { t } = useTranslation();
  const attribute = attributes.find((one) => one.name === condition.name);
  const { op, value } = condition;
  if (op === "set" || (attribute?.type === "checkbox" && op !== "contains")) {
    return <YesNo label={label} value={value} onChange={onChange} />;
  }
  if (op === "min" || op === "max" || (attribute?.type === "number" && op !== "contains")) {
    return <NumberField label={label} value={value} onChange={onChange} />;
  }
  const text = typeof value === "string" ? value : "";
  if (op !== "contains" && attribute !== undefined && attribute.values.length > 0) {
    return (
      <Select
        aria-label={label}
        placeholder={t("rules.choose")}
        data={[...attribute.values]}
        value={text === "" ? null : text}
        onChange={(next) => onChange(next ?? "")}
      />
    );
  }
  return <TextInput aria-label={label} value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
}
