/** The images of a round that somebody has begun, those that people agree on least first; each opens side by side. */
import { Badge, Button, Table, Text, UnstyledButton } from "@mantine/core";
import { IconCheck, IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { RoundImage } from "../../../api/types";
import { formatCount, formatPercent } from "../../../ui/format";
import work from "../Work.module.css";
import classes from "./Consensus.module.css";

/** Rows more at a time. */
const PAGE = 50;

interface RoundImagesProps {
  readonly images: readonly RoundImage[];
  readonly copies: number;
  readonly onShow: (image: number) => void;
}

export function RoundImages({ images, copies, onShow }: RoundImagesProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(PAGE);
  const right = work.right ?? "";
  return (
    <>
      <Table aria-label={t("consensus.images")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("consensus.columns.image")}</Table.Th>
            <Table.Th>{t("consensus.columns.labels")}</Table.Th>
            <Table.Th className={right}>{t("consensus.agreement")}</Table.Th>
            <Table.Th className={right}>{t("consensus.conflicts")}</Table.Th>
            <Table.Th>{t("consensus.columns.state")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {images.slice(0, shown).map((image) => (
            <Table.Tr key={image.id}>
              <Table.Td>
                <UnstyledButton
                  className={classes.image ?? ""}
                  disabled={image.people.length === 0}
                  onClick={() => onShow(image.id)}
                >
                  <img src={`/api/v1/images/${image.id}/thumbnail/`} alt="" loading="lazy" />
                  <bdi>{image.name}</bdi>
                </UnstyledButton>
              </Table.Td>
              <Table.Td>
                <span className={classes.chips}>
                  {image.people.map((person) => (
                    <span key={person.username} className={`${classes.chip ?? ""} num`}>
                      <IconCheck size={12} color="var(--good)" aria-label={t("consensus.handedIn")} />
                      <bdi>{person.username}</bdi> {formatCount(person.objects)}
                    </span>
                  ))}
                  {image.begun.map((name) => (
                    <span key={name} className={classes.chip}>
                      <IconPencil size={12} color="var(--dim)" aria-label={t("consensus.begun")} />
                      <bdi>{name}</bdi>
                    </span>
                  ))}
                </span>
              </Table.Td>
              <Table.Td className={`${right} num`}>{formatPercent(image.agreement, 0)}</Table.Td>
              <Table.Td className={`${right} num`}>
                {image.agreement === null ? "–" : formatCount(image.conflicts)}
              </Table.Td>
              <Table.Td>
                <State image={image} copies={copies} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {images.length > shown && (
        <Button variant="subtle" mt={8} onClick={() => setShown(shown + PAGE)}>
          {t("consensus.more", { value: formatCount(images.length - shown) })}
        </Button>
      )}
    </>
  );
}

function State({ image, copies }: { readonly image: RoundImage; readonly copies: number }) {
  const { t } = useTranslation();
  if (image.merged_in !== null) {
    return (
      <Badge color="green" variant="light">
        {t("consensus.settledIn", { revision: image.merged_in })}
      </Badge>
    );
  }
  if (image.complete) return <Badge variant="light">{t("consensus.ready")}</Badge>;
  return (
    <Text size="xs" c="dimmed" className="num">
      {t("consensus.waits", { value: copies - image.people.length })}
    </Text>
  );
}
