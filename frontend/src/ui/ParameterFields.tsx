/** A form made from a list of described parameters; the descriptions come from a catalog. */
import { NumberInput, Select, SimpleGrid, Switch, TextInput } from "@mantine/core";
import { type NamedColor, NameListField, NameMapField } from "./NameFields";

type Plain = number | boolean | string | null;
type NameMap = Readonly<Record<string, string>>;
/** Only fields of the types `classes` and `class_map` hold names. */
export type FieldValue = Plain | readonly string[] | NameMap;

export interface FieldDescription {
  readonly key: string;
  readonly title: string;
  readonly help: string;
  readonly type: string;
  readonly min?: number | null;
  readonly max?: number | null;
  readonly step?: number | null;
  readonly default: FieldValue;
  readonly choices?: readonly (string | number)[] | null;
}

export type FieldValues = Readonly<Record<string, Plain>>;

interface PlainProps {
  readonly fields: readonly FieldDescription[];
  readonly values: FieldValues;
  readonly onChange: (key: string, value: Plain) => void;
  readonly names?: undefined;
  readonly columns?: number;
}

/** A form in which fields may ask for names: `names` are those that there are. */
interface NamingProps extends Omit<PlainProps, "values" | "onChange" | "names"> {
  readonly values: Readonly<Record<string, FieldValue>>;
  readonly onChange: (key: string, value: FieldValue) => void;
  readonly names: readonly NamedColor[];
}

/** Side by side, fields line up however long their help is. */
const HELP_BELOW: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];

export function ParameterFields({ fields, values, onChange, names = [], columns = 1 }: PlainProps | NamingProps) {
  return (
    <SimpleGrid cols={columns} spacing="md" verticalSpacing="sm">
      {fields.map((field) => (
        <Field
          key={field.key}
          field={field}
          value={values[field.key] ?? field.default}
          names={names}
          order={columns > 1 ? { inputWrapperOrder: HELP_BELOW } : {}}
          onChange={(value) => (onChange as NamingProps["onChange"])(field.key, value)}
        />
      ))}
    </SimpleGrid>
  );
}

interface FieldProps {
  readonly field: FieldDescription;
  readonly value: FieldValue;
  readonly names: readonly NamedColor[];
  readonly order: { readonly inputWrapperOrder?: typeof HELP_BELOW };
  readonly onChange: (value: FieldValue) => void;
}

function Field({ field, value, names, order, onChange }: FieldProps) {
  const common = { label: field.title, description: field.help === "" ? undefined : field.help };
  if (field.type === "classes") {
    const chosen = Array.isArray(value) ? (value as readonly string[]) : [];
    return <NameListField {...common} names={names} value={chosen} onChange={onChange} />;
  }
  if (field.type === "class_map") {
    const map = typeof value === "object" && value !== null ? (value as NameMap) : {};
    return <NameMapField {...common} names={names} value={map} onChange={onChange} />;
  }
  return <PlainField field={field} value={value} order={order} onChange={onChange} />;
}

type PlainFieldProps = Omit<FieldProps, "names">;

function PlainField({ field, value, order, onChange }: PlainFieldProps) {
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
        {...order}
        value={typeof value === "object" ? null : String(value)}
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
        {...order}
        value={typeof value === "string" ? value : ""}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  return <NumberField field={field} value={value} order={order} onChange={onChange} />;
}

function NumberField({ field, value, order, onChange }: PlainFieldProps) {
  return (
    <NumberInput
      {...order}
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
