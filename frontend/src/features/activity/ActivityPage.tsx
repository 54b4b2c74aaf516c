/** The timeline: everything that was done, by whom, on which pictures, and the ways to look at it and take it back. */
import { Button } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { errorSentence } from "../../api/errors";
import { revisionsQuery } from "../../api/queries/revisions";
import type { Revision } from "../../api/types";
import { RestoreDialog } from "../../parts/RestoreDialog";
import { roleAtLeast, useProject, useProjectId } from "../../parts/useProjectId";
import { Empty, Failure, Loading } from "../../ui/Empty";
import { Page } from "../../ui/Page";
import classes from "./Activity.module.css";
import { filtersFromSearch } from "./filters";
import { ObjectHistory } from "./ObjectHistory";
import { RevertDialog } from "./RevertDialog";
import { TimelineBar } from "./TimelineBar";
import { TimelineEntry } from "./TimelineEntry";

export function Component() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const image = filtersFromSearch(search).image;
  const object = search.get("object");
  return (
    <Page title={t("activity.title")} note={t("activity.note")} bar={<TimelineBar />}>
      {image !== undefined && object !== null ? <ObjectHistory image={image} uuid={object} /> : <Timeline />}
    </Page>
  );
}

function Timeline() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const filters = filtersFromSearch(search);
  const query = useInfiniteQuery(revisionsQuery(useProjectId(), filters));
  const mayChange = roleAtLeast(useProject(), "manager");
  const [reverting, setReverting] = useState<Revision | null>(null);
  const [restoring, setRestoring] = useState<Revision | null>(null);
  const rows = query.data?.pages.flatMap((page) => page.results) ?? [];
  if (query.isError && rows.length === 0) {
    return <Failure title={t("errors.loadTitle")} detail={errorSentence(query.error, t("errors.unreachable"))} />;
  }
  if (query.data === undefined) return <Loading label={t("state.loading")} rows={8} />;
  if (rows.length === 0) {
    const filtered = Object.keys(filters).length > 0;
    return (
      <Empty icon={<IconHistory size={22} />} title={filtered ? t("activity.noneTitle") : t("activity.emptyTitle")}>
        {filtered ? t("activity.none") : t("activity.empty")}
      </Empty>
    );
  }
  return (
    <>
      <ul className={classes.list} aria-label={t("activity.title")}>
        {rows.map((row) => (
          <TimelineEntry
            key={row.id}
            row={row}
            mayChange={mayChange}
            image={filters.image}
            onRevert={setReverting}
            onRestore={setRestoring}
          />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button variant="default" mt="sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t("activity.more")}
        </Button>
      )}
      {reverting !== null && <RevertDialog row={reverting} onClose={() => setReverting(null)} />}
      {restoring !== null && (
        <RestoreDialog
          part={{ revision: restoring.number, ...(filters.image === undefined ? {} : { image: filters.image }) }}
          what={t(filters.image === undefined ? "restore.project" : "restore.image", { number: restoring.number })}
          onClose={() => setRestoring(null)}
        />
      )}
    </>
  );
}
