/** A comparison in numbers; a kind of change can be clicked to see only its pictures. */
import { Table } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Diff, DiffKind } from "../../api/types";
import { useProject } from "../../parts/useProjectId";
import { BarChart } from "../../ui/BarChart";
import { formatCount, formatDecimal } from "../../ui/format";
import { Section } from "../../ui/Page";
import { Swatch } from "../../ui/Swatch";
import classes from "./Compare.module.css";
import { KINDS, KIND_COLORS } from "./kinds";

const IMAGE_KINDS = ["added", "removed", "state", "split", "tags", "group"] as const;

export function isEmptyDiff(diff: Diff): boolean {
  const { objects, images } = diff;
  const counted = [objects.added, objects.removed, objects.changed, images.added, images.removed, images.changed];
  return counted.every((value) => value === 0) && diff.classes.length === 0 && (diff.assignment?.moved ?? 0) === 0;
}

interface DiffSummaryProps {
  readonly diff: Diff;
  readonly kinds: readonly DiffKind[];
  readonly onToggle: (kind: DiffKind) => void;
}

export function DiffSummary({ diff, kinds, onToggle }: DiffSummaryProps) {
  const { t } = useTranslation();
  const { objects, images } = diff;
  return (
    <div className={classes.summary}>
      <Section title={t("compare.objects")}>
        <div className={classes.tiles}>
          {KINDS.map((kind) => (
            <button
              key={kind}
              type="button"
              className={classes.tile}
              aria-pressed={kinds.includes(kind)}
              aria-label={t("compare.onlyKind", { kind: t(`compare.kind.${kind}`) })}
              disabled={objects[kind] === 0}
              onClick={() => onToggle(kind)}
            >
              <b className="num">{formatCount(objects[kind])}</b>
              <span>
                <Swatch color={KIND_COLORS[kind]} size={8} /> {t(`compare.kind.${kind}`)}
              </span>
            </button>
          ))}
        </div>
      </Section>
      <Section title={t("compare.images")}>
        <dl className={classes.facts}>
          {IMAGE_KINDS.map((kind) => (
            <div key={kind} data-zero={images[kind] === 0 || undefined}>
              <dt>{t(`compare.imageKind.${kind}`)}</dt>
              <dd className="num">{formatCount(images[kind])}</dd>
            </div>
          ))}
        </dl>
      </Section>
      {objects.iou.measured > 0 && (
        <Section
          title={t("compare.iou")}
          note={
            objects.iou.mean === null ? undefined : t("compare.iouNote", { value: formatDecimal(objects.iou.mean) })
          }
        >
          <BarChart
            label={t("compare.iou")}
            bars={objects.iou.bins.map((value, index) => ({
              key: String(index),
              label: `${formatDecimal(index / 10, 1)} – ${formatDecimal((index + 1) / 10, 1)}`,
              value,
            }))}
          />
        </Section>
      )}
      <PerClass diff={diff} />
      <Moves diff={diff} />
      <ClassChanges diff={diff} />
    </div>
  );
}

function useClassName() {
  const { t } = useTranslation();
  const known = new Map((useProject()?.classes ?? []).map((item) => [item.id, item]));
  return (id: number) => known.get(id) ?? { name: t("compare.noClass"), color: "var(--faint)" };
}

function PerClass({ diff }: { readonly diff: Diff }) {
  const { t } = useTranslation();
  const classOf = useClassName();
  if (diff.objects.per_class.length === 0) return null;
  return (
    <Section title={t("compare.perClass")}>
      <Table className="num" aria-label={t("compare.perClass")}>
        <Table.Tbody>
          {diff.objects.per_class.map((row) => (
            <Table.Tr key={row.class}>
              <Table.Td>
                <Swatch color={classOf(row.class).color} /> {classOf(row.class).name}
              </Table.Td>
              <Table.Td ta="end" c="var(--good)">
                +{formatCount(row.added)}
              </Table.Td>
              <Table.Td ta="end" c="var(--bad)">
                −{formatCount(row.removed)}
              </Table.Td>
              <Table.Td ta="end" c="var(--accent-text)">
                ±{formatCount(row.changed)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

function Moves({ diff }: { readonly diff: Diff }) {
  const { t } = useTranslation();
  const classOf = useClassName();
  const relabels = diff.objects.relabels.map((move) => ({
    from: classOf(move.from).name,
    to: classOf(move.to).name,
    count: move.count,
  }));
  return (
    <>
      <MoveList title={t("compare.relabels")} moves={relabels} />
      <MoveList title={t("compare.assignment")} moves={diff.assignment?.moves ?? []} />
    </>
  );
}

function MoveList(props: {
  readonly title: string;
  readonly moves: readonly { readonly from: string; readonly to: string; readonly count: number }[];
}) {
  if (props.moves.length === 0) return null;
  return (
    <Section title={props.title}>
      <ul className={classes.moves}>
        {props.moves.slice(0, 20).map((move) => (
          <li key={`${move.from} ${move.to}`}>
            <span>
              {move.from} → {move.to}
            </span>
            <b className="num">{formatCount(move.count)}</b>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function ClassChanges({ diff }: { readonly diff: Diff }) {
  const { t } = useTranslation();
  if (diff.classes.length === 0) return null;
  return (
    <Section title={t("compare.classes")}>
      <ul className={classes.moves}>
        {diff.classes.map((change) => (
          <li key={change.class}>
            <span>
              <Swatch color={(change.to ?? change.from)?.color ?? "var(--faint)"} />{" "}
              {[change.from?.name, change.to?.name]
                .filter((name, index, all) => name !== undefined && all.indexOf(name) === index)
                .join(" → ")}
            </span>
            <span>
              {t(`compare.classKind.${change.kind as "added" | "removed" | "changed"}`, {
                fields: change.fields.join(", "),
              })}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
