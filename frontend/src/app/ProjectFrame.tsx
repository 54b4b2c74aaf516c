/** A project's screens: loads the project once, takes dropped files anywhere, and shows the way around on the left. */
import { UnstyledButton } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet } from "react-router";
import { projectQuery } from "../api/queries/projects";
import { UploadArea } from "../features/images/upload/UploadArea";
import { Loaded } from "../parts/Loaded";
import { useProject, useProjectId } from "../parts/useProjectId";
import { Loading } from "../ui/Empty";
import { formatCompact } from "../ui/format";
import { PROJECT_PLACES } from "./places";
import classes from "./ProjectFrame.module.css";

export function ProjectGate() {
  const id = useProjectId();
  const project = useQuery(projectQuery(id));
  return (
    <Loaded query={project}>
      {() => (
        <UploadArea project={id}>
          <Outlet />
        </UploadArea>
      )}
    </Loaded>
  );
}

export function ProjectFrame() {
  const { t } = useTranslation();
  const project = useProject();
  const [narrow, setNarrow] = useLocalStorage({ key: "nav-narrow", defaultValue: false });
  return (
    <div className={classes.frame} data-narrow={narrow || undefined}>
      <nav className={classes.nav} data-region aria-label={t("nav.project")}>
        {PROJECT_PLACES.map((place) => (
          <div key={place.path} className={classes.place}>
            <NavLink
              to={place.path}
              className={classes.item ?? ""}
              title={narrow ? t(place.label) : undefined}
              aria-label={t(place.label)}
            >
              <place.Icon size={17} stroke={1.7} />
              <span>{t(place.label)}</span>
            </NavLink>
            {place.path === "images" && project !== undefined && (
              <em className="num">{formatCompact(project.counts.images)}</em>
            )}
          </div>
        ))}
        <UnstyledButton
          className={classes.toggle ?? ""}
          aria-label={narrow ? t("nav.expand") : t("nav.collapse")}
          onClick={() => setNarrow(!narrow)}
        >
          {narrow ? <IconLayoutSidebarLeftExpand size={16} /> : <IconLayoutSidebarLeftCollapse size={16} />}
          <span>{t("nav.collapse")}</span>
        </UnstyledButton>
      </nav>
      <div className={classes.screen}>
        <Suspense fallback={<Loading label={t("state.loading")} />}>
          <Outlet />
        </Suspense>
      </div>
    </div>
  );
}
