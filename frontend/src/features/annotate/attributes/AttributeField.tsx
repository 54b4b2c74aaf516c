/** One attribute of the selected objects, by its type; a text is set when its field is left. */
import { Checkbox, NumberInput, SegmentedControl, Select, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AttributeDefinition } from "../../../editor";
import type { Shared } from "./shared";

type Value = string | number | boolean;

interface AttributeFieldProps {
  readonly definition: AttributeDefinition;
  readonly value: Shared<unknown>;
  readonly disabled: boolean;
  /** Undefined takes the value away. */
  readonly onChange: (value: Value | undefined) => void;
}

/** Of more choices a list is shorter than buttons beside each other. */
const MOST_BUTTONS = 3;

export function AttributeField({ definition, value, disabled, onChange }: AttributeFieldProps) {
  const { t } = useTranslation();
  const { name, type, values = [] } = definition;
  const placeholder = value.mixed ? t("label.several") : t("label.notSet");
  if (type === "checkbox") {
    return (
      <Checkbox
        label={name}
        checked={value.value === true}
        indeterminate={value.mixed}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  }
  if (type === "radio" && values.length <= MOST_BUTTONS) {
    return (
      <div>
        <Text size="xs" dir="auto">
          {name}
        </Text>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={name}
          value={typeof value.value === "string" ? value.value : ""}
          data={[...values]}
          disabled={disabled}
          onChange={onChange}
        />
      </div>
    );
  }
  if (type === "select" || type === "radio") {
    return (
      <Select
        size="xs"
        label={name}
        placeholder={placeholder}
        value={typeof value.value === "string" ? value.value : null}
        data={[...values]}
        clearable
        searchable={values.length > 8}
        disabled={disabled}
        onChange={(next) => onChange(next ?? undefined)}
      />
    );
  }
  if (type === "number") {
    return (
      <NumberInput
        size="xs"
        label={name}
        placeholder={placeholder}
        value={typeof value.value === "number" ? value.value : ""}
        {...(definition.min === undefined ? {} : { min: definition.min })}
        {...(definition.max === undefined ? {} : { max: definition.max })}
        disabled={disabled}
        onChange={(next) => onChange(next === "" ? undefined : Number(next))}
      />
    );
  }
  return <TextField {...{ name, placeholder, disabled, onChange }} value={value.value} />;
}

interface TextFieldProps {
  readonly name: string;
  readonly placeholder: string;
  readonly value: unknown;
  readonly disabled: boolean;
  readonly onChange: (value: string | undefined) => void;
}

function TextField({ name, placeholder, value, disabled, onChange }: TextFieldProps) {
  const saved = typeof value === "string" ? value : "";
  const [text, setText] = useState<string | null>(null);
  const leave = () => {
    if (text !== null && text !== saved) onChange(text === "" ? undefined : text);
    setText(null);
  };
  return (
    <TextInput
      size="xs"
      label={name}
      placeholder={placeholder}
      value={text ?? saved}
      disabled={disabled}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
      }}
    />
  );
}
