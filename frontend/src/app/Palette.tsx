/** Ctrl+K: every place of the product and every command of the screen in view. */
import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { Spotlight, spotlight, type SpotlightActionData } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { projectsQuery } from "../api/queries/projects";
import { boundKeys } from "../editor/keys";
import { openHelp, showKeys } from "../parts/keys/dialog";
import { APP_ACTIONS, type AppActionId } from "../parts/keys/screenActions";
import { useKeyBindings } from "../parts/keys/store";
import { useRegisteredCommands } from "../ui/commands";
import { KeyHint } from "../ui/KeyHint";
import { PROJECT_PLACES } from "./places";

interface PaletteProps {
  /** How often it was asked for: it opens, and closes, at each time. */
  readonly asked: number;
}

export function Palette({ asked }: PaletteProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const projects = useQuery(projectsQuery);
  const commands = useRegisteredCommands();
  const scheme = useComputedColorScheme("light");
  const { setColorScheme } = useMantineColorScheme();
  const bindings = useKeyBindings();
  const answered = useRef(0);
  useEffect(() => {
    if (answered.current === asked) return;
    answered.current = asked;
    spotlight.toggle();
  }, [asked]);
  const appAction = (id: AppActionId, run: () => void): SpotlightActionData => {
    const entry = APP_ACTIONS.find((one) => one.id === id);
    const [chord] = entry === undefined ? [] : boundKeys(entry, bindings);
    return {
      id,
      label: t(`keys.action.${id}`),
      group: t("palette.commands"),
      onClick: run,
      rightSection: chord === undefined ? undefined : <KeyHint chord={chord} />,
    };
  };
  const current = /^\/projects\/(\d+)/.exec(useLocation().pathname)?.[1];

  const own: SpotlightActionData[] = commands.map((command) => ({
    id: command.id,
    label: command.title,
    group: command.group,
    onClick: command.run,
    rightSection: command.keys?.[0] === undefined ? undefined : <KeyHint chord={command.keys[0]} />,
  }));
  const places: SpotlightActionData[] =
    current === undefined
      ? []
      : PROJECT_PLACES.map((place) => ({
          id: `place-${place.path}`,
          label: t(place.label),
          group: t("palette.places"),
          leftSection: <place.Icon size={16} />,
          onClick: () => void navigate(`/projects/${current}/${place.path}`),
        }));
  const others: SpotlightActionData[] = (projects.data ?? []).map((project) => ({
    id: `project-${project.id}`,
    label: project.name,
    description: t("palette.openProject"),
    group: t("nav.projects"),
    onClick: () => void navigate(`/projects/${project.id}/images`),
  }));
  const general: SpotlightActionData[] = [
    {
      id: "projects",
      label: t("nav.projects"),
      group: t("palette.places"),
      onClick: () => void navigate("/projects"),
    },
    { id: "weights", label: t("nav.weights"), group: t("palette.places"), onClick: () => void navigate("/weights") },
    {
      id: "theme",
      label: scheme === "dark" ? t("theme.toLight") : t("theme.toDark"),
      group: t("palette.commands"),
      onClick: () => setColorScheme(scheme === "dark" ? "light" : "dark"),
    },
    appAction("help", openHelp),
    appAction("change-keys", () => showKeys("change")),
  ];

  return (
    <Spotlight
      actions={grouped([...own, ...places, ...general, ...others])}
      shortcut={null}
      nothingFound={t("palette.nothing")}
      highlightQuery
      scrollable
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      maxHeight={420}
      limit={40}
      transitionProps={{ duration: 90 }}
      searchProps={{
        leftSection: <IconSearch size={16} />,
        placeholder: t("palette.placeholder"),
        "aria-label": t("palette.placeholder"),
      }}
    />
  );
}

function grouped(actions: readonly SpotlightActionData[]): { group: string; actions: SpotlightActionData[] }[] {
  const groups = new Map<string, SpotlightActionData[]>();
  for (const action of actions) {
    const name = action.group ?? "";
    groups.set(name, [...(groups.get(name) ?? []), action]);
  }
  return [...groups].map(([group, list]) => ({ group, actions: list }));
}
