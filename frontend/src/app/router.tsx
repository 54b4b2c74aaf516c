/** Every address of the product; each screen is fetched when it is first opened. */
import { createBrowserRouter, Navigate, useRouteError } from "react-router";
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { loadScreenWords } from "../i18n";
import { later } from "../ui/deferred";
import { Failure } from "../ui/Empty";
import { ProjectFrame, ProjectGate } from "./ProjectFrame";
import { Shell } from "./Shell";

function Broken() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <Failure
      title={t("errors.brokenTitle")}
      detail={error instanceof Error ? error.message : t("errors.broken")}
      action={
        <Button variant="default" onClick={() => location.reload()}>
          {t("actions.reload")}
        </Button>
      }
    />
  );
}

function Starting() {
  return null;
}

function NotFound() {
  const { t } = useTranslation();
  return <Failure title={t("errors.missingTitle")} detail={t("errors.noPage")} />;
}

/** A screen with its words. */
function screen<Module>(load: () => Promise<Module>): () => Promise<Module> {
  return async () => (await Promise.all([load(), loadScreenWords()]))[0];
}

// From the editor to another screen goes without the words being waited for.
later(loadScreenWords);

export const router = createBrowserRouter([
  {
    path: "/login",
    lazy: () => import("../features/account/LoginPage"),
    ErrorBoundary: Broken,
    HydrateFallback: Starting,
  },
  {
    path: "/",
    Component: Shell,
    ErrorBoundary: Broken,
    HydrateFallback: Starting,
    children: [
      { index: true, element: <Navigate to="/projects" replace /> },
      { path: "projects", lazy: screen(() => import("../features/projects/ProjectsPage")) },
      { path: "weights", lazy: screen(() => import("../features/weights/WeightsPage")) },
      {
        path: "projects/:id",
        Component: ProjectGate,
        children: [
          { index: true, element: <Navigate to="images" replace /> },
          { path: "images/:imageId", lazy: () => import("../features/annotate/EditorPage") },
          {
            path: "consensus/:roundId/:imageId",
            lazy: screen(() => import("../features/annotate/opinion/OpinionPage")),
          },
          {
            Component: ProjectFrame,
            children: [
              { path: "images", lazy: screen(() => import("../features/images/ImagesPage")) },
              { path: "work/consensus/:roundId", lazy: screen(() => import("../features/work/consensus/RoundPage")) },
              { path: "work", lazy: screen(() => import("../features/work/WorkPage")) },
              { path: "versions", lazy: screen(() => import("../features/versions/VersionsPage")) },
              { path: "health", lazy: screen(() => import("../features/health/HealthPage")) },
              { path: "exchange", lazy: screen(() => import("../features/exchange/ExchangePage")) },
              { path: "train", lazy: screen(() => import("../features/train/RunsPage")) },
              { path: "train/:runId", lazy: screen(() => import("../features/train/RunPage")) },
              { path: "models", lazy: screen(() => import("../features/evaluate/ModelsPage")) },
              { path: "evaluations/:evaluationId", lazy: screen(() => import("../features/evaluate/EvaluationPage")) },
              { path: "prelabel", lazy: screen(() => import("../features/evaluate/PrelabelPage")) },
              { path: "activity", lazy: screen(() => import("../features/activity/ActivityPage")) },
              { path: "compare", lazy: screen(() => import("../features/compare/ComparePage")) },
              { path: "revisit", lazy: screen(() => import("../features/revisit/RevisitPage")) },
              { path: "settings", lazy: screen(() => import("../features/settings/SettingsPage")) },
            ],
          },
        ],
      },
      { path: "*", Component: NotFound },
    ],
  },
]);
