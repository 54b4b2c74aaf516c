/** A form made from a list of described parameters; the descriptions come from a catalog. */
import { NumberInput, Select, SimpleGrid, Switch, TextInput } from "@mantine/core";

export interface FieldDescription {
  readonly key: string;
  readonly title: string;
  readonly help: string;
  readonly type: string;
  readonly min?: number | null;
  readonly max?: number | null;
  readonly step?: number | null;
  readonly default: number | boolean | string | null;
  readonly choices?: readonly (string | number)[] | null;
}

export type FieldValues = Readonly<Record<string, number | boolean | string | null>>;

interface ParameterFieldsProps {
  readonly fields: readonly FieldDescription[];
  readonly values: FieldValues;
  readonly onChange: (key: string, value: number | boolean | string | null) => void;
  readonly columns?: number;
}

export function ParameterFields({ fields, values, onChange, columns = 1 }: ParameterFieldsProps) {
  return (
    <SimpleGrid cols={columns} spacing="md" verticalSpacing="sm">
      {fields.map((field) => (
        <Field
          key={field.key}
          field={field}
          value={values[field.key] ?? field.default}
          onChange={(value) => onChange(field.key, value)}
        />
      ))}
    </SimpleGrid>
  );
}

interface FieldProps {
  readonly field: FieldDescription;
  readonly value: number | boolean | string | null;
  readonly onChange: (value: number | boolean | string | null) => void;
}

function Field({ field, value, onChange }: FieldProps) {
  const common = { label: field.title, description: field.help === "" ? undefined : field.help };
  if (field.type === "boolean") {
    return (
      <Switch
        {...common}
        checked={value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
        styles={{ body: { alignItems: "flex-start" } }}
      />
    );
  }
  if (field.choices !== undefined && field.choices !== null && field.choices.length > 0) {
    const choices = field.choices;
    return (
      <Select
        {...common}
        value={value === null ? null : String(value)}
        data={choices.map(String)}
        onChange={(text) => onChange(choices.find((choice) => String(choice) === text) ?? null)}
        allowDeselect={false}
      />
    );
  }
  if (field.type === "text") {
    return (
      <TextInput
        {...common}
        value={typeof value === "string" ? value : ""}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  return <NumberField field={field} value={value} onChange={onChange} />;
}

function NumberField({ field, value, onChange }: FieldProps) {
  return (
    <NumberInput
      label={field.title}
      description={field.help === "" ? undefined : field.help}
      value={typeof value === "number" ? value : ""}
      onChange={(next) => onChange(next === "" ? null : Number(next))}
      {...(field.min === null || field.min === undefined ? {} : { min: field.min })}
      {...(field.max === null || field.max === undefined ? {} : { max: field.max })}
      step={field.step ?? (field.type === "integer" ? 1 : stepOf(field.default))}
      allowDecimal={field.type !== "integer"}
      clampBehavior="blur"
    />
  );
}

/** A tenth of the default's order of magnitude, so that the arrows do something sensible to a learning rate. */
function stepOf(value: FieldDescription["default"]): number {
  return typeof value === "number" && value !== 0 ? 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1) : 0.1;
}
