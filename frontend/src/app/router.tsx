/** Every address of the product; each screen is fetched when it is first opened. */
import { createBrowserRouter, Navigate, useRouteError } from "react-router";
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
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
      { path: "projects", lazy: () => import("../features/projects/ProjectsPage") },
      { path: "weights", lazy: () => import("../features/weights/WeightsPage") },
      {
        path: "projects/:id",
        Component: ProjectGate,
        children: [
          { index: true, element: <Navigate to="images" replace /> },
          { path: "images/:imageId", lazy: () => import("../features/annotate/EditorPage") },
          { path: "consensus/:roundId/:imageId", lazy: () => import("../features/annotate/opinion/OpinionPage") },
          {
            Component: ProjectFrame,
            children: [
              { path: "images", lazy: () => import("../features/images/ImagesPage") },
              { path: "work/consensus/:roundId", lazy: () => import("../features/work/consensus/RoundPage") },
              { path: "work", lazy: () => import("../features/work/WorkPage") },
              { path: "versions", lazy: () => import("../features/versions/VersionsPage") },
              { path: "health", lazy: () => import("../features/health/HealthPage") },
              { path: "exchange", lazy: () => import("../features/exchange/ExchangePage") },
              { path: "train", lazy: () => import("../features/train/RunsPage") },
              { path: "train/:runId", lazy: () => import("../features/train/RunPage") },
              { path: "models", lazy: () => import("../features/evaluate/ModelsPage") },
              { path: "evaluations/:evaluationId", lazy: () => import("../features/evaluate/EvaluationPage") },
              { path: "prelabel", lazy: () => import("../features/evaluate/PrelabelPage") },
              { path: "activity", lazy: () => import("../features/activity/ActivityPage") },
              { path: "compare", lazy: () => import("../features/compare/ComparePage") },
              { path: "revisit", lazy: () => import("../features/revisit/RevisitPage") },
              { path: "settings", lazy: () => import("../features/settings/SettingsPage") },
            ],
          },
        ],
      },
      { path: "*", Component: NotFound },
    ],
  },
]);
