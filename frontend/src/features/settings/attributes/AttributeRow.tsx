/** One attribute definition: name, type, what there is to choose from, and what new objects say. */
import { Group, NumberInput, Select, TagsInput, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../../ui/IconButton";
import { ATTRIBUTE_TYPES, type AttributeDraft, hasValues } from "./drafts";

interface AttributeRowProps {
  readonly draft: AttributeDraft;
  readonly onChange: (draft: AttributeDraft) => void;
  readonly onRemove: () => void;
}

export function AttributeRow({ draft, onChange, onRemove }: AttributeRowProps) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <TextInput
        w={150}
        label={t("settings.attributeName")}
        value={draft.name}
        onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
      />
      <Select
        w={110}
        label={t("settings.attributeType")}
        value={draft.type}
        data={ATTRIBUTE_TYPES.map((type) => ({ value: type, label: t(`settings.attributeTypes.${type}`) }))}
        allowDeselect={false}
        onChange={(type) => onChange({ ...draft, type: type ?? draft.type, default: "" })}
      />
      {hasValues(draft.type) && (
        <TagsInput
          flex={1}
          label={t("settings.attributeValues")}
          placeholder={draft.values.length === 0 ? t("settings.attributeValuesHelp") : ""}
          value={[...draft.values]}
          onChange={(values) => onChange({ ...draft, values })}
        />
      )}
      {draft.type === "number" && (
        <>
          <NumberInput
            flex={1}
            label={t("settings.attributeMin")}
            value={draft.min ?? ""}
            onChange={(min) => onChange({ ...draft, min: min === "" ? null : Number(min) })}
          />
          <NumberInput
            flex={1}
            label={t("settings.attributeMax")}
            value={draft.max ?? ""}
            onChange={(max) => onChange({ ...draft, max: max === "" ? null : Number(max) })}
          />
        </>
      )}
      <DefaultField draft={draft} onChange={onChange} />
      <IconButton label={t("settings.removeAttribute", { name: draft.name })} onClick={onRemove} danger>
        <IconTrash size={15} />
      </IconButton>
    </Group>
  );
}

function DefaultField({ draft, onChange }: Omit<AttributeRowProps, "onRemove">) {
  const { t } = useTranslation();
  const set = (value: string | null) => onChange({ ...draft, default: value ?? "" });
  const label = t("settings.attributeDefault");
  if (draft.type === "text" || draft.type === "number") {
    return (
      <TextInput w={110} label={label} value={draft.default} onChange={(event) => set(event.currentTarget.value)} />
    );
  }
  const choices =
    draft.type === "checkbox"
      ? [
          { value: "true", label: t("settings.yes") },
          { value: "false", label: t("settings.no") },
        ]
      : [...new Set(draft.values)].map((value) => ({ value, label: value }));
  return <Select w={110} label={label} clearable value={draft.default || null} data={choices} onChange={set} />;
}
