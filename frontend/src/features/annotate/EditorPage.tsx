/** The editor's screen: canvas in the middle, tools left, panels right, film strip below. */
import { Loader } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { createPath, useNavigate, useParams, useSearchParams } from "react-router";
import { meQuery } from "../../api/queries/account";
import { imageIdsQuery } from "../../api/queries/images";
import type { Me, Project } from "../../api/types";
import type { Editor } from "../../editor";
import { useProject } from "../../parts/useProjectId";
import { deferred, fetchDeferred, Once } from "../../ui/deferred";
import { Announcer } from "./announce/Announcer";
import { EditorBar } from "./EditorBar";
import { EditorCanvas } from "./EditorCanvas";
import { EditorContext } from "./EditorContext";
import { FilmStrip } from "./FilmStrip";
import { LoadingVeil } from "./LoadingVeil";
import { Minimap } from "./minimap/Minimap";
import { ModeBar } from "./modes/ModeBar";
import { placeOf } from "./neighbours";
import { useCopying } from "./propagate/useCopying";
import { EarlierLayer } from "./review/EarlierLayer";
import { PinLayer } from "./review/PinLayer";
import { ReviewProvider } from "./review/ReviewProvider";
import { useQueueStep } from "./review/useQueueStep";
import { SidePanel } from "./SidePanel";
import { Toolbar } from "./Toolbar";
import { ToolOptions } from "./toolOptions/ToolOptions";
import { carriedSearch, useImageFilters } from "./useCarriedSearch";
import { useEditorActions } from "./useEditorActions";
import { type Loading, useImageLoader } from "./useImageLoader";
import { useLinkActions } from "./useLinkActions";
import { useProjectEditor } from "./useProjectEditor";
import { ViewControls } from "./ViewControls";
import classes from "./Annotate.module.css";

const PropagateDialog = deferred(async () => (await import("./propagate/PropagateDialog")).PropagateDialog);

const NO_IDS: readonly number[] = [];

export function Component() {
  const project = useProject();
  const me = useQuery(meQuery).data;
  if (project === undefined || me === undefined || me === null) return null;
  return <EditorScreen key={project.id} project={project} me={me} />;
}

function EditorScreen({ project, me }: { readonly project: Project; readonly me: Me }) {
  const navigate = useNavigate();
  const current = Number(useParams().imageId);
  const [search] = useSearchParams();
  const text = carriedSearch(search);
  const [filters] = useImageFilters();
  const [propagating, setPropagating] = useState(false);
  const editor = useProjectEditor(project, me);

  // The list stays as it was when the editor was opened: an image does not vanish because its state changed.
  const ids = useQuery({ ...imageIdsQuery(project.id, filters), staleTime: Infinity }).data ?? NO_IDS;
  const place = useMemo(() => placeOf(ids, current, filters.order), [ids, current, filters.order]);

  const loading = useImageLoader(editor, current, place);
  const addressOf = useCallback(
    (id: number) => createPath({ pathname: `/projects/${project.id}/images/${id}`, search: text }),
    [project.id, text],
  );
  const onGo = useCallback(
    (id: number | null) => {
      if (id !== null) void navigate(addressOf(id));
    },
    [navigate, addressOf],
  );
  const { next } = place;
  const onNext = useCallback(() => onGo(next), [onGo, next]);
  const onDone = useQueueStep(project.id, search.get("assignment"));
  const onPropagate = useCallback(() => setPropagating(true), []);
  const { copy, onTakeBack } = useCopying(editor, {
    project: project.id,
    image: current,
    person: me.id,
    ready: loading.state === "ready",
    onOutdated: loading.onOutdated,
  });
  useEditorActions(editor, { project: project.id, current, filters, place, onGo, onPropagate, onTakeBack });
  useLinkActions(editor, project.id, current);
  useLinkedObject(editor, loading, search.get("object"));
  useRefreshOnSave(editor, project.id, current);
  useEffect(() => {
    if (loading.state === "ready") void fetchDeferred();
  }, [loading.state]);

  if (editor === null) {
    return (
      <div className={classes.starting}>
        <Loader size={22} />
      </div>
    );
  }
  return (
    <EditorContext value={editor}>
      <ReviewProvider image={current} onGo={onGo}>
        <main className={classes.editor}>
          <EditorBar place={place} total={ids.length} onGo={onGo} />
          <Toolbar />
          <div className={classes.stage}>
            <EditorCanvas />
            <Announcer />
            <EarlierLayer />
            <PinLayer />
            <LoadingVeil loading={loading} project={project.id} />
            <ToolOptions ahead={place.ahead} />
            <Minimap image={current} />
            <ViewControls />
            <ModeBar onNext={onNext} />
          </div>
          <SidePanel predicted={loading.predicted} onDone={onDone} />
          <FilmStrip ids={ids} current={current} addressOf={addressOf} onGo={onGo} />
          <Once when={propagating}>
            <PropagateDialog
              opened={propagating}
              onClose={() => setPropagating(false)}
              following={place.index === -1 ? NO_IDS : ids.slice(place.index + 1)}
              onCopy={copy}
            />
          </Once>
        </main>
      </ReviewProvider>
    </EditorContext>
  );
}

/** A link to an object selects it and brings it into view. */
function useLinkedObject(editor: Editor | null, loading: Loading, object: string | null): void {
  useEffect(() => {
    if (editor === null || object === null || loading.state !== "ready") return;
    editor.select([object], { reveal: true });
  }, [editor, object, loading.state]);
}

/** What the grid and the strip show of an image follows its saves. */
function useRefreshOnSave(editor: Editor | null, project: number, image: number): void {
  const client = useQueryClient();
  useEffect(() => {
    if (editor === null) return;
    let saved = editor.sync.status.get().savedAt;
    return editor.sync.status.subscribe(() => {
      const { savedAt } = editor.sync.status.get();
      if (savedAt === saved) return;
      saved = savedAt;
      void client.invalidateQueries({ queryKey: ["image", image] });
      void client.invalidateQueries({ queryKey: ["project", project, "images"], refetchType: "none" });
    });
  }, [editor, client, project, image]);
}
