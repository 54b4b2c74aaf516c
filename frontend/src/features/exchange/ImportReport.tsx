/** What an import would do, or did: format, images, annotations, classes, problems. */
import { Anchor, Badge, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { formatsQuery } from "../../api/queries/exchange";
import type { ImportResult } from "../../api/types";
import { formatCount, formatPercent } from "../../ui/format";
import { ProblemList } from "./ProblemList";
import classes from "./Exchange.module.css";

const NAMES_SHOWN = 12;
const ASIDE = ["repeated", "removed", "skipped"] as const;

export function ImportReport({ result, dryRun }: { readonly result: ImportResult; readonly dryRun: boolean }) {
  const { t } = useTranslation();
  const { images, annotations } = result;
  const formats = useQuery(formatsQuery);
  return (
    <section className={classes.report} aria-label={dryRun ? t("import.checkReport") : t("import.report")}>
      <Table className="num" verticalSpacing={5}>
        <Table.Tbody>
          <Row label={t("import.rowFormat")}>
            {formats.data?.find((item) => item.key === result.format)?.title ?? result.format}
            {result.confidence < 1 && (
              <Text span size="xs" c="dimmed">
                {" "}
                {t("import.confidence", { percent: formatPercent(result.confidence, 0) })}
              </Text>
            )}
          </Row>
          <Row label={t("import.rowImages")}>
            {t("import.images", { created: formatCount(images.created), matched: formatCount(images.matched) })}
            <Unmatched images={images} />
          </Row>
          <Row label={t("import.rowAnnotations")}>
            {t("import.annotations", {
              created: formatCount(annotations.created),
              mended: formatCount(annotations.fixed),
              refused: formatCount(annotations.refused),
            })}
            <Text size="xs" c="dimmed">
              {ASIDE.filter((key) => annotations[key] > 0)
                .map((key) => t(`import.${key}`, { value: formatCount(annotations[key]) }))
                .join(" · ")}
            </Text>
          </Row>
          <Row label={t("import.rowClasses")}>
            <span className={classes.names}>
              {result.classes.matched.map((name) => (
                <Badge key={name} color="green" dir="auto">
                  {name}
                </Badge>
              ))}
              {result.classes.created.map((name) => (
                <Badge key={name} color="accent">
                  {t("import.newClass", { name })}
                </Badge>
              ))}
            </span>
          </Row>
        </Table.Tbody>
      </Table>
      {result.notes.length > 0 && (
        <div>
          <Text size="xs" fw={600}>
            {t("import.notes")}
          </Text>
          {result.notes.map((note) => (
            <Text key={note} size="xs" c="dimmed">
              {note}
            </Text>
          ))}
        </div>
      )}
      <ProblemList problems={result.problems} />
      {result.problems_url !== undefined && result.problem_count > 0 && (
        <Anchor href={result.problems_url} download size="xs">
          {t("import.problemsFile")}
        </Anchor>
      )}
    </section>
  );
}

function Unmatched({ images }: { readonly images: ImportResult["images"] }) {
  const { t } = useTranslation();
  if (images.unmatched.length === 0) return null;
  const meant = Object.values(images.suggestions ?? {}).flat();
  return (
    <>
      <Text size="xs" c="var(--warn)">
        {t("import.unmatched", {
          count: images.unmatched_count,
          names: images.unmatched.slice(0, NAMES_SHOWN).join(", "),
        })}
      </Text>
      {meant.length > 0 && (
        <Text size="xs" c="dimmed">
          {t("import.meant", { names: meant.slice(0, NAMES_SHOWN).join(", ") })}
        </Text>
      )}
    </>
  );
}

function Row({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th w={110} fw={500} c="dimmed">
        {label}
      </Table.Th>
      <Table.Td>{children}</Table.Td>
    </Table.Tr>
  );
}
