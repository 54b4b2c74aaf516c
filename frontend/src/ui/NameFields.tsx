/** Fields over a list of named things: some of them, or what each becomes. */
import { MultiSelect, Text, TextInput } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import classes from "./NameFields.module.css";
import { Swatch } from "./Swatch";

export interface NamedColor {
  readonly name: string;
  readonly color: string;
}

interface FieldProps<Value> {
  readonly label: string;
  readonly description?: string | undefined;
  readonly names: readonly NamedColor[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** Names that are chosen but no longer known stay to be seen, so that they can be taken out. */
const withUnknown = (names: readonly NamedColor[], chosen: readonly string[]): readonly NamedColor[] => [
  ...names,
  ...chosen.filter((name) => !names.some((item) => item.name === name)).map((name) => ({ name, color: "transparent" })),
];

export function NameListField({ label, description, names, value, onChange }: FieldProps<readonly string[]>) {
  const known = withUnknown(names, value);
  return (
    <MultiSelect
      label={label}
      description={description}
      data={known.map((item) => item.name)}
      value={[...value]}
      onChange={onChange}
      searchable
      hidePickedOptions
      renderOption={({ option }) => (
        <span className={classes.name}>
          <Swatch color={known.find((item) => item.name === option.value)?.color ?? "transparent"} /> {option.value}
        </span>
      )}
    />
  );
}

/** One line for each name; a line left blank changes nothing. */
export function NameMapField({
  label,
  description,
  names,
  value,
  onChange,
}: FieldProps<Readonly<Record<string, string>>>) {
  const change = (name: string, target: string) => {
    const others = Object.entries(value).filter(([key]) => key !== name);
    onChange(Object.fromEntries<string>(target === "" ? others : [...others, [name, target]]));
  };
  return (
    <div role="group" aria-label={label}>
      <Text size="xs" fw={500}>
        {label}
      </Text>
      {description !== undefined && (
        <Text size="xs" c="dimmed" mb={6}>
          {description}
        </Text>
      )}
      <div className={classes.map}>
        {withUnknown(names, Object.keys(value)).map(({ name, color }) => (
          <div key={name} className={classes.pair}>
            <span className={classes.name} title={name}>
              <Swatch color={color} /> <span dir="auto">{name}</span>
            </span>
            <IconArrowRight size={13} aria-hidden />
            <TextInput
              aria-label={name}
              placeholder={name}
              value={value[name] ?? ""}
              onChange={(event) => change(name, event.currentTarget.value)}
            />
          </div>
        ))}
      </div>
    </div>
  );
}
