/** What each class of a model stands for in the project; those that stand for one come first. */
import { ScrollArea, Select, Table, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../../../parts/useProjectId";

const LEAVE_OUT = "none";
const SHOWN = 60;

type Mapping = Readonly<Record<string, number | null>>;

interface DetectorMappingProps {
  readonly names: readonly string[];
  /** Suggestions with what was chosen over them. */
  readonly mapping: Mapping;
  readonly chosen: Mapping;
  readonly onChange: (chosen: Mapping) => void;
}

export function DetectorMapping({ names, mapping, chosen, onChange }: DetectorMappingProps) {
  const { t } = useTranslation();
  const [filter, setFilter] = useState("");
  const known = useProject()?.classes ?? [];
  const isMapped = (name: string) => (mapping[name] ?? null) !== null;
  const wanted = names.filter((name) => name.toLowerCase().includes(filter.trim().toLowerCase()));
  const ordered = [...wanted].sort((one, other) => Number(isMapped(other)) - Number(isMapped(one)));
  return (
    <div>
      <Text size="sm" fw={570}>
        {t("detector.mapping")}
      </Text>
      <Text size="xs" c="dimmed" className="num" mb={6}>
        {t("detector.mappingNote", { mapped: names.filter(isMapped).length, all: names.length })}
      </Text>
      <TextInput
        mb={4}
        placeholder={t("detector.filter")}
        aria-label={t("detector.filter")}
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
      />
      <ScrollArea.Autosize mah={220} type="auto" offsetScrollbars="y">
        <Table verticalSpacing={3} aria-label={t("detector.mapping")}>
          <Table.Tbody>
            {ordered.slice(0, SHOWN).map((name) => (
              <Table.Tr key={name}>
                <Table.Td dir="auto">{name}</Table.Td>
                <Table.Td w={240}>
                  <Select
                    aria-label={t("detector.target", { name })}
                    value={isMapped(name) ? String(mapping[name]) : LEAVE_OUT}
                    onChange={(value) =>
                      onChange({ ...chosen, [name]: value === null || value === LEAVE_OUT ? null : Number(value) })
                    }
                    data={[
                      { value: LEAVE_OUT, label: t("detector.leaveOut") },
                      ...known.map((item) => ({ value: String(item.id), label: item.name })),
                    ]}
                    searchable
                    allowDeselect={false}
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
    </div>
  );
}
