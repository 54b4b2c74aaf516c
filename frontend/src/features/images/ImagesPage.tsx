/** The images of a project: filters in the address bar, a grid for any number of images, bulk changes, upload. */
import { Button } from "@mantine/core";
import { IconArrowsExchange, IconFilterOff, IconPhotoPlus, IconUpload } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { filterCount, filtersFromSearch, filtersToSearch, type ImageFilters } from "../../api/imageFilters";
import { imageCountQuery, imagesQuery } from "../../api/queries/images";
import { errorSentence } from "../../api/errors";
import { roleAtLeast, useProject, useProjectId } from "../../parts/useProjectId";
import { useCommands } from "../../ui/commands";
import { Empty, Failure, Loading } from "../../ui/Empty";
import { formatCount } from "../../ui/format";
import { Page } from "../../ui/Page";
import { FilterBar } from "./FilterBar";
import { ImageGrid } from "./ImageGrid";
import { SelectionBar } from "./SelectionBar";
import { TileSize, useTileSize } from "./TileSize";
import { filesOfInput } from "./upload/dropped";
import { useUploadQueue } from "./upload/UploadContext";
import { useSelection } from "./useSelection";

export function Component() {
  const { t } = useTranslation();
  const project = useProject();
  const projectId = useProjectId();
  const [search, setSearch] = useSearchParams();
  const filters = useMemo(() => filtersFromSearch(search), [search]);
  const query = useInfiniteQuery(imagesQuery(projectId, filters));
  const images = useMemo(() => query.data?.pages.flatMap((page) => page.results) ?? [], [query.data]);
  const count = useQuery(imageCountQuery(projectId, filters)).data;
  // Until they are counted: those that are here, and a page more where there is one.
  const total = count ?? images.length + (query.hasNextPage ? images.length : 0);
  const selection = useSelection();
  const [size, setSize] = useTileSize();
  const picker = useUploadPicker();

  const setFilters = (next: ImageFilters) => {
    selection.clear();
    setSearch(filtersToSearch(next), { replace: true });
  };
  const filtered = filterCount(filters) > 0;
  const mayChange = roleAtLeast(project, "annotator");

  return (
    <Page
      fixed
      title={t("images.title")}
      note={count === undefined ? undefined : <Count total={count} filtered={filtered} />}
      actions={
        <>
          {filtered && (
            <Button
              component={Link}
              to={`../exchange?filter=${encodeURIComponent(filtersToSearch(filters).toString())}`}
              variant="default"
              leftSection={<IconArrowsExchange size={15} />}
            >
              {t("images.exportFiltered")}
            </Button>
          )}
          <TileSize value={size} onChange={setSize} />
          {picker.input}
          {mayChange && (
            <Button leftSection={<IconUpload size={15} />} onClick={picker.open}>
              {t("upload.button")}
            </Button>
          )}
        </>
      }
      bar={
        selection.ids.size > 0 ? (
          <SelectionBar project={projectId} filters={filters} total={count ?? 0} selection={selection} />
        ) : (
          <FilterBar filters={filters} onChange={setFilters} />
        )
      }
    >
      {query.isError && images.length === 0 ? (
        <Failure
          title={t("errors.loadTitle")}
          detail={errorSentence(query.error, t("errors.unreachable"))}
          action={
            <Button variant="default" onClick={() => void query.refetch()}>
              {t("actions.retry")}
            </Button>
          }
        />
      ) : query.data === undefined ? (
        <Loading label={t("state.loading")} />
      ) : total === 0 ? (
        <NoImages filtered={filtered} onClear={() => setFilters({})} onUpload={mayChange ? picker.open : null} />
      ) : (
        <ImageGrid
          key={search.toString()}
          images={images}
          total={total}
          width={size}
          search={filtersToSearch(filters).toString()}
          classes={project?.classes ?? []}
          selection={selection}
          onReach={() => {
            if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
          }}
        />
      )}
    </Page>
  );
}

function Count({ total, filtered }: { readonly total: number; readonly filtered: boolean }) {
  const { t } = useTranslation();
  const project = useProject();
  return filtered && project !== undefined
    ? t("images.countOf", { value: formatCount(total), total: formatCount(project.counts.images) })
    : t("images.count", { count: total, value: formatCount(total) });
}

function NoImages(props: {
  readonly filtered: boolean;
  readonly onClear: () => void;
  readonly onUpload: (() => void) | null;
}) {
  const { t } = useTranslation();
  if (props.filtered) {
    return (
      <Empty
        icon={<IconFilterOff size={22} />}
        title={t("images.noMatchTitle")}
        action={
          <Button variant="default" onClick={props.onClear}>
            {t("images.clearFilters")}
          </Button>
        }
      >
        {t("images.noMatch")}
      </Empty>
    );
  }
  return (
    <Empty
      icon={<IconPhotoPlus size={22} />}
      title={t("images.emptyTitle")}
      action={
        props.onUpload !== null && (
          <Button leftSection={<IconUpload size={15} />} onClick={props.onUpload}>
            {t("upload.choose")}
          </Button>
        )
      }
    >
      {props.onUpload === null ? t("images.emptyViewer") : t("images.empty")}
    </Empty>
  );
}

/** The hidden file input behind the upload buttons. */
function useUploadPicker() {
  const { t } = useTranslation();
  const queue = useUploadQueue();
  const input = useRef<HTMLInputElement>(null);
  useCommands(
    useMemo(
      () => [
        {
          id: "upload",
          title: t("upload.choose"),
          group: t("palette.commands"),
          run: () => input.current?.click(),
        },
      ],
      [t],
    ),
  );
  return {
    open: () => input.current?.click(),
    input: (
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t("upload.choose")}
        onChange={(event) => {
          queue.add(filesOfInput(event.currentTarget.files));
          event.currentTarget.value = "";
        }}
      />
    ),
  };
}
