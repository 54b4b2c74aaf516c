/** Labels whose class was split since they were drawn: each keeps its class or gets another one. */
import { Button, Select } from "@mantine/core";
import { IconChecks } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { errorSentence } from "../../api/errors";
import { decideRevisit, revisitQuery } from "../../api/queries/classes";
import { imageFileUrl } from "../../api/queries/images";
import type { LabelClass, RevisitPage } from "../../api/types";
import { boundsOf, cropAround } from "../../parts/crop";
import { shapePath } from "../../parts/shapePath";
import { useAction } from "../../parts/useAction";
import { roleAtLeast, useProject, useProjectId } from "../../parts/useProjectId";
import { Empty, Failure, Loading } from "../../ui/Empty";
import { formatCount } from "../../ui/format";
import { Page } from "../../ui/Page";
import classes from "./Revisit.module.css";

type Item = RevisitPage["results"][number];
type Decision = Parameters<typeof decideRevisit>[1];

export function Component() {
  const { t } = useTranslation();
  const projectId = useProjectId();
  const project = useProject();
  const [chosen, setChosen] = useState<string | null>(null);
  const query = useInfiniteQuery(revisitQuery(projectId, chosen === null ? null : Number(chosen)));
  const decide = useAction((input: Decision) => decideRevisit(projectId, input), {
    failure: t("revisit.failed"),
    invalidate: [["project", projectId], ["image"], ["annotations"]],
  });
  const items = query.data?.pages.flatMap((page) => page.results) ?? [];
  const counts = query.data?.pages[0]?.classes ?? [];
  const mayDecide = roleAtLeast(project, "annotator");
  const bar = (
    <>
      <Select
        aria-label={t("revisit.all")}
        placeholder={t("revisit.all")}
        value={chosen}
        onChange={setChosen}
        clearable
        w={240}
        data={counts.map((row) => ({
          value: String(row.class),
          label: t("revisit.left", { count: row.left, name: row.name, value: formatCount(row.left) }),
        }))}
      />
      {mayDecide && items.length > 0 && (
        <Button
          variant="default"
          leftSection={<IconChecks size={15} />}
          loading={decide.isPending}
          onClick={() => decide.mutate({ confirm: items.map((item) => item.annotation.uuid) })}
        >
          {t("revisit.keepShown", { count: items.length, value: formatCount(items.length) })}
        </Button>
      )}
    </>
  );
  return (
    <Page title={t("revisit.title")} note={t("revisit.note")} bar={bar}>
      {query.isError && items.length === 0 ? (
        <Failure title={t("errors.loadTitle")} detail={errorSentence(query.error, t("errors.unreachable"))} />
      ) : query.data === undefined ? (
        <Loading label={t("state.loading")} rows={6} />
      ) : items.length === 0 ? (
        <Empty icon={<IconChecks size={22} />} title={t("revisit.emptyTitle")}>
          {t("revisit.empty")}
        </Empty>
      ) : (
        <>
          <ul className={classes.grid} aria-label={t("revisit.list")}>
            {items.map((item) => (
              <RevisitCard
                key={item.annotation.uuid}
                item={item}
                known={project?.classes ?? []}
                mayDecide={mayDecide}
                onDecide={(input) => decide.mutate(input)}
              />
            ))}
          </ul>
          {query.hasNextPage && (
            <Button
              variant="default"
              mt="sm"
              loading={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {t("revisit.more")}
            </Button>
          )}
        </>
      )}
    </Page>
  );
}

interface RevisitCardProps {
  readonly item: Item;
  readonly known: readonly LabelClass[];
  readonly mayDecide: boolean;
  readonly onDecide: (input: Decision) => void;
}

function RevisitCard({ item, known, mayDecide, onDecide }: RevisitCardProps) {
  const { t } = useTranslation();
  const project = useProjectId();
  const { annotation, image } = item;
  const now = known.find((each) => each.id === annotation.class);
  const path = shapePath(annotation.shape);
  return (
    <li className={classes.card}>
      <Link
        to={`/projects/${project}/images/${image.id}?object=${annotation.uuid}`}
        aria-label={t("revisit.open", { name: image.name })}
      >
        <svg viewBox={cropAround(boundsOf(annotation.shape), image).join(" ")} className={classes.crop} aria-hidden>
          <image href={imageFileUrl(image.id)} width={image.width} height={image.height} />
          {path !== null && <path d={path.d} stroke={now?.color ?? "var(--accent)"} />}
        </svg>
      </Link>
      {mayDecide && (
        <div className={classes.acts}>
          <Button
            size="compact-xs"
            variant="default"
            fullWidth
            onClick={() => onDecide({ confirm: [annotation.uuid] })}
          >
            {t("revisit.keep", { name: now?.name ?? "" })}
          </Button>
          <Select
            aria-label={t("revisit.choose", { name: image.name })}
            placeholder={t("revisit.other")}
            value={null}
            searchable
            onChange={(value) =>
              value !== null && onDecide({ relabel: [{ uuid: annotation.uuid, class: Number(value) }] })
            }
            data={known
              .filter((each) => each.id !== annotation.class)
              .map((each) => ({ value: String(each.id), label: each.name }))}
          />
        </div>
      )}
    </li>
  );
}
