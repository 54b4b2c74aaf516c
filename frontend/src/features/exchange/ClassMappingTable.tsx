/** Where each class of the file goes: a class of the project, a new one, or nowhere. */
import { Button, Select, Table } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ClassMapping, ClassTargets } from "../../api/types";
import { useProject } from "../../parts/useProjectId";
import { formatCount } from "../../ui/format";
import { Section } from "../../ui/Page";

const NEW = "new";
const SKIP = "skip";

interface ClassMappingTableProps {
  readonly mapping: readonly ClassMapping[];
  readonly targets: ClassTargets;
  readonly onChange: (targets: ClassTargets) => void;
  readonly onCheck: () => void;
}

export function ClassMappingTable({ mapping, targets, onChange, onCheck }: ClassMappingTableProps) {
  const { t } = useTranslation();
  const known = useProject()?.classes ?? [];
  const choose = (name: string, value: string | null) =>
    onChange({ ...targets, [name]: value === null || value === SKIP ? null : value === NEW ? name : Number(value) });
  if (mapping.length === 0) return null;
  return (
    <Section
      title={t("import.mapping")}
      actions={
        Object.keys(targets).length > 0 && (
          <Button variant="default" onClick={onCheck}>
            {t("import.recheck")}
          </Button>
        )
      }
    >
      <Table className="num" verticalSpacing={4} aria-label={t("import.mapping")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("import.mapClass")}</Table.Th>
            <Table.Th ta="end" w={80}>
              {t("import.mapCount")}
            </Table.Th>
            <Table.Th w={240}>{t("import.mapTo")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {mapping.map((row) => (
            <Table.Tr key={row.name}>
              <Table.Td dir="auto">{row.name}</Table.Td>
              <Table.Td ta="end">{formatCount(row.annotations)}</Table.Td>
              <Table.Td>
                <Select
                  aria-label={t("import.mapTarget", { name: row.name })}
                  value={valueOf(row, targets)}
                  onChange={(value) => choose(row.name, value)}
                  data={[
                    ...suggestedFirst(row, known).map((item) => ({ value: String(item.id), label: item.name })),
                    { value: NEW, label: t("import.mapNew", { name: row.name }) },
                    { value: SKIP, label: t("import.mapSkip") },
                  ]}
                  searchable
                  allowDeselect={false}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

function valueOf(row: ClassMapping, targets: ClassTargets): string {
  const wanted = row.name in targets ? targets[row.name] : undefined;
  if (wanted === null) return SKIP;
  if (typeof wanted === "number") return String(wanted);
  if (typeof wanted === "string") return NEW;
  if (row.action === "skipped") return SKIP;
  return row.class === null ? NEW : String(row.class);
}

interface Named {
  readonly id: number;
  readonly name: string;
}

function suggestedFirst(row: ClassMapping, known: readonly Named[]): readonly Named[] {
  const first = new Set(row.suggestions.map((item) => item.id));
  return [...known.filter((item) => first.has(item.id)), ...known.filter((item) => !first.has(item.id))];
}
