/** A row for each person and class; a number opens the images that it was counted on. */
import { Popover, Table, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Agreement, AgreementRow } from "../../api/types";
import { useProject } from "../../parts/useProjectId";
import { formatCount, formatDecimal } from "../../ui/format";
import { Swatch } from "../../ui/Swatch";
import classes from "./Work.module.css";

const COUNTS = ["matched", "other_class", "missing", "extra"] as const;
type Count = (typeof COUNTS)[number];

interface AgreementTableProps {
  readonly agreement: Agreement;
  /** Opens an image with the labels that the number speaks of. */
  readonly onShow: (image: number, annotator: string) => void;
}

export function AgreementTable({ agreement, onShow }: AgreementTableProps) {
  const { t } = useTranslation();
  const known = new Map(useProject()?.classes.map((item) => [item.id, item]));
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("work.agreement.annotator")}</Table.Th>
          <Table.Th>{t("work.agreement.class")}</Table.Th>
          <Table.Th className={classes.right ?? ""}>{t("work.agreement.reference")}</Table.Th>
          <Table.Th className={classes.right ?? ""}>{t("work.agreement.iou")}</Table.Th>
          {COUNTS.map((key) => (
            <Table.Th key={key} className={classes.right ?? ""}>
              {t(`work.agreement.${key}`)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {agreement.rows.map((row) => (
          <Table.Tr key={`${row.annotator} ${row.class}`}>
            <Table.Td>{row.annotator}</Table.Td>
            <Table.Td>
              <span className={classes.class}>
                <Swatch color={known.get(row.class)?.color ?? "#8a8f98"} /> {known.get(row.class)?.name ?? row.class}
              </span>
            </Table.Td>
            <Table.Td className={`${classes.right ?? ""} num`}>{formatCount(row.reference)}</Table.Td>
            <Table.Td className={`${classes.right ?? ""} num`}>
              {row.iou === null ? "–" : formatDecimal(row.iou, 3)}
            </Table.Td>
            {COUNTS.map((key) => (
              <Table.Td key={key} className={`${classes.right ?? ""} num`}>
                <Behind row={row} count={key} onShow={onShow} />
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface BehindProps {
  readonly row: AgreementRow;
  readonly count: Count;
  readonly onShow: AgreementTableProps["onShow"];
}

function Behind({ row, count, onShow }: BehindProps) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const images = row.images[count] ?? [];
  if (images.length === 0) return formatCount(row[count]);
  return (
    <Popover width={240} position="bottom-end" withinPortal opened={opened} onChange={setOpened}>
      <Popover.Target>
        <UnstyledButton
          className={classes.number ?? ""}
          onClick={() => setOpened(!opened)}
          aria-label={`${formatCount(row[count])}: ${t("work.behind", { count: images.length })}`}
        >
          {formatCount(row[count])}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <ul className={classes.behind}>
          {images.map((id) => (
            <li key={id}>
              <UnstyledButton
                onClick={() => {
                  setOpened(false);
                  onShow(id, row.annotator);
                }}
              >
                <img src={`/api/v1/images/${id}/thumbnail/`} alt={t("work.image", { id })} loading="lazy" />
              </UnstyledButton>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
