/** The editor on a person's own labels of an image in a round of consensus: nobody else's are shown, nothing is shared. */
import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { meQuery } from "../../../api/queries/account";
import { ownOpinionsQuery, roundQuery } from "../../../api/queries/consensus";
import type { ConsensusRound, Me, OwnOpinion, Project } from "../../../api/types";
import { Loaded } from "../../../parts/Loaded";
import { useScreenActions } from "../../../parts/keys/useScreenActions";
import { roleAtLeast, useProject } from "../../../parts/useProjectId";
import { Announcer } from "../announce/Announcer";
import { AttributePanel } from "../attributes/AttributePanel";
import { ClassPanel } from "../ClassPanel";
import { EditorCanvas } from "../EditorCanvas";
import { EditorContext } from "../EditorContext";
import { ImagePanel } from "../imageLabels/ImagePanel";
import { LoadingVeil } from "../LoadingVeil";
import { Minimap } from "../minimap/Minimap";
import { ModeBar } from "../modes/ModeBar";
import { placeOf } from "../neighbours";
import { ObjectPanel } from "../objects/ObjectPanel";
import { SelectionPanel } from "../SelectionPanel";
import { Toolbar } from "../Toolbar";
import { ToolOptions } from "../toolOptions/ToolOptions";
import { useImageLoader } from "../useImageLoader";
import { useProjectEditor } from "../useProjectEditor";
import { ViewControls } from "../ViewControls";
import { OpinionBar } from "./OpinionBar";
import { OpinionPanel } from "./OpinionPanel";
import { useOpinionDesk } from "./useOpinionDesk";
import classes from "../Annotate.module.css";

export function Component() {
  const project = useProject();
  const me = useQuery(meQuery).data;
  const id = Number(useParams().roundId);
  const round = useQuery(roundQuery(id));
  const opinions = useQuery({ ...ownOpinionsQuery(id), refetchOnWindowFocus: false });
  if (project === undefined || me === undefined || me === null) return null;
  return (
    <Loaded query={round}>
      {(found) => (
        <Loaded query={opinions}>
          {(own) => <OpinionScreen key={found.id} project={project} me={me} round={found} opinions={own} />}
        </Loaded>
      )}
    </Loaded>
  );
}

interface OpinionScreenProps {
  readonly project: Project;
  readonly me: Me;
  readonly round: ConsensusRound;
  readonly opinions: readonly OwnOpinion[];
}

function OpinionScreen({ project, me, round, opinions }: OpinionScreenProps) {
  const navigate = useNavigate();
  const current = Number(useParams().imageId);
  const { desk, read } = useOpinionDesk(round.id);
  const editor = useProjectEditor(project, me, desk);
  const ids = useMemo(() => opinions.map(({ image }) => image), [opinions]);
  const place = useMemo(() => placeOf(ids, current), [ids, current]);
  const loading = useImageLoader(editor, current, place, read);
  const opinion = opinions.find(({ image }) => image === current);
  const mayChange = opinion?.is_open === true && roleAtLeast(project, "annotator");
  const onGo = useCallback(
    (image: number | null) => {
      if (image !== null) void navigate(`/projects/${project.id}/consensus/${round.id}/${image}`);
    },
    [navigate, project.id, round.id],
  );
  const { previous, next } = place;
  const onNext = useCallback(() => onGo(next), [onGo, next]);
  const actions = useMemo(
    () =>
      [
        { id: "previous-image", run: () => onGo(previous) },
        { id: "next-image", run: () => onGo(next) },
        { id: "search-class", run: () => document.querySelector<HTMLInputElement>("[data-class-search]")?.focus() },
      ] as const,
    [onGo, previous, next],
  );
  useScreenActions(editor, actions);
  useEffect(() => editor?.setReadOnly(!mayChange), [editor, mayChange, project]);

  if (editor === null) {
    return (
      <div className={classes.starting}>
        <Loader size={22} />
      </div>
    );
  }
  return (
    <EditorContext value={editor}>
      <main className={classes.editor} data-without-film>
        <OpinionBar round={round} place={place} total={ids.length} onGo={onGo} />
        <Toolbar />
        <div className={classes.stage}>
          <EditorCanvas />
          <Announcer />
          <LoadingVeil loading={loading} project={project.id} />
          <ToolOptions />
          <Minimap image={current} />
          <ViewControls />
          <ModeBar onNext={onNext} />
        </div>
        <OpinionPanels>
          {opinion !== undefined && <OpinionPanel round={round} opinion={opinion} onGo={onGo} />}
        </OpinionPanels>
      </main>
    </EditorContext>
  );
}

function OpinionPanels({ children }: { readonly children: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <aside className={classes.side} data-region aria-label={t("editor.panels")}>
      <div className={classes.upper}>
        <ClassPanel />
      </div>
      <div className={classes.details}>
        <SelectionPanel />
        <AttributePanel />
        <ImagePanel />
      </div>
      <ObjectPanel empty={t("consensus.noObjects")} />
      <div className={classes.judge}>{children}</div>
    </aside>
  );
}
