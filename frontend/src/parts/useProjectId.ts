/** The project of the route in view, and what its reader may do there. */
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { projectQuery } from "../api/queries/projects";
import type { Project, Role } from "../api/types";

const RANK: Readonly<Record<Role, number>> = { viewer: 0, annotator: 1, reviewer: 2, manager: 3, owner: 4 };

export function useProjectId(): number {
  return Number(useParams().id);
}

/** The project frame has loaded the project before it shows any screen in it. */
export function useProject(): Project | undefined {
  return useQuery(projectQuery(useProjectId())).data;
}

export const roleAtLeast = (project: Project | undefined, role: Role): boolean =>
  project !== undefined && RANK[project.role] >= RANK[role];
