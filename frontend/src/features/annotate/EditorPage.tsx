/** The editor's screen: canvas in the middle, tools left, panels right, film strip below. */
import { Button, Loader } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { filtersFromSearch, filtersToSearch } from "../../api/imageFilters";
import { meQuery } from "../../api/queries/account";
import { imageIdsQuery } from "../../api/queries/images";
import type { Me, Project } from "../../api/types";
import type { Editor } from "../../editor";
import { useProject } from "../../parts/useProjectId";
import { Failure } from "../../ui/Empty";
import { EditorBar } from "./EditorBar";
import { EditorCanvas } from "./EditorCanvas";
import { EditorContext } from "./EditorContext";
import { FilmStrip } from "./FilmStrip";
import { HelpDialog } from "./HelpDialog";
import { placeOf } from "./neighbours";
import { SidePanel } from "./SidePanel";
import { Toolbar } from "./Toolbar";
import { ToolOptions } from "./ToolOptions";
import { useEditorActions } from "./useEditorActions";
import { type Loading, useImageLoader } from "./useImageLoader";
import { useProjectEditor } from "./useProjectEditor";
import { ViewControls } from "./ViewControls";
import classes from "./Annotate.module.css";

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
  const filters = useMemo(() => filtersFromSearch(search), [search]);
  const text = useMemo(() => filtersToSearch(filters).toString(), [filters]);
  const [help, setHelp] = useState(false);
  const editor = useProjectEditor(project, me);

  // The list stays as it was when the editor was opened: an image does not vanish because its state changed.
  const ids = useQuery({ ...imageIdsQuery(project.id, filters), staleTime: Infinity }).data ?? NO_IDS;
  const place = useMemo(() => placeOf(ids, current), [ids, current]);

  const loading = useImageLoader(editor, current, place.ahead);
  const onGo = useCallback(
    (id: number | null) => {
      if (id !== null) void navigate({ pathname: `/projects/${project.id}/images/${id}`, search: text });
    },
    [navigate, project.id, text],
  );
  const onHelp = useCallback(() => setHelp(true), []);
  useEditorActions(editor, { project: project.id, current, filters, place, onGo, onHelp });
  useLinkedObject(editor, loading, search.get("object"));
  useRefreshOnSave(editor, project.id, current);

  if (editor === null) {
    return (
      <div className={classes.starting}>
        <Loader size={22} />
      </div>
    );
  }
  return (
    <EditorContext value={editor}>
      <main className={classes.editor}>
        <EditorBar place={place} total={ids.length} onGo={onGo} onHelp={onHelp} />
        <Toolbar />
        <div className={classes.stage}>
          <EditorCanvas />
          <LoadingVeil loading={loading} project={project.id} />
          <ToolOptions />
          <ViewControls />
        </div>
        <SidePanel predicted={loading.predicted} />
        <FilmStrip ids={ids} current={current} search={text} />
        <HelpDialog opened={help} onClose={() => setHelp(false)} />
      </main>
    </EditorContext>
  );
}

function LoadingVeil({ loading, project }: { readonly loading: Loading; readonly project: number }) {
  const { t } = useTranslation();
  if (loading.state === "failed") {
    return (
      <div className={classes.veil} data-failed>
        <Failure
          title={t("errors.loadTitle")}
          detail={loading.detail}
          action={
            <Button component={Link} to={`/projects/${project}/images`} variant="default">
              {t("editor.toImages")}
            </Button>
          }
        />
      </div>
    );
  }
  return loading.state === "loading" ? (
    <div className={classes.veil} role="status" aria-label={t("state.loading")}>
      <Loader size={18} />
    </div>
  ) : null;
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
