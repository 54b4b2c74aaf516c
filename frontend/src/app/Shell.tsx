/** The window around every screen: one 40 px bar with breadcrumb, the screen's own controls, palette, jobs and account. */
import { Menu, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import {
  IconDatabase,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSettings,
  IconSun,
  IconUser,
} from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Suspense, useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, Outlet, useLocation, useNavigate, useParams } from "react-router";
import { logout, meQuery } from "../api/queries/account";
import { projectQuery } from "../api/queries/projects";
import type { Me } from "../api/types";
import { session } from "../api/session";
import { JobsButton } from "../features/jobs/JobsButton";
import { boundKeys } from "../editor/keys";
import { openHelp, showKeys, useKeysView } from "../parts/keys/dialog";
import { APP_ACTIONS, type AppActionId } from "../parts/keys/screenActions";
import { followPerson, useKeyBindings } from "../parts/keys/store";
import { LanguageItems } from "../parts/LanguageMenu";
import { Loaded } from "../parts/Loaded";
import { BarSlotContext } from "../ui/BarSlot";
import { deferred, Once } from "../ui/deferred";
import { Loading } from "../ui/Empty";
import { IconButton } from "../ui/IconButton";
import { KeyHint } from "../ui/KeyHint";
import { Mark } from "../ui/Mark";
import { focusRegion } from "./regions";
import { useAppKeys } from "./useAppKeys";
import classes from "./Shell.module.css";

const KeysDialog = deferred(async () => (await import("../parts/keys/KeysDialog")).KeysDialog);
const Palette = deferred(async () => (await import("./Palette")).Palette);
const SessionDialog = deferred(async () => (await import("../features/account/SessionDialog")).SessionDialog);

export function Shell() {
  const me = useQuery(meQuery);
  const location = useLocation();
  return (
    <Loaded query={me}>
      {(data) =>
        data === null ? (
          <Navigate to="/login" state={{ from: location.pathname + location.search }} replace />
        ) : (
          <Window me={data} />
        )
      }
    </Loaded>
  );
}

function Window({ me }: { readonly me: Me }) {
  const { t } = useTranslation();
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const scheme = useComputedColorScheme("light");
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => followPerson(me.id), [me.id]);
  const [paletteAsked, setPaletteAsked] = useState(0);
  const onPalette = useCallback(() => setPaletteAsked((count) => count + 1), []);
  usePressedAppKeys(onPalette);
  return (
    <BarSlotContext value={slot}>
      <div className={classes.window}>
        <header className={classes.bar} data-region>
          <Link to="/projects" className={classes.home} aria-label={t("nav.projects")}>
            <Mark size={20} />
          </Link>
          <Breadcrumb />
          <div className={classes.slot} ref={setSlot} />
          <UnstyledButton className={classes.search} onClick={onPalette} title={t("palette.open")}>
            <IconSearch size={14} />
            <span>{t("palette.search")}</span>
            <PaletteKey />
          </UnstyledButton>
          <JobsButton />
          <IconButton
            label={scheme === "dark" ? t("theme.toLight") : t("theme.toDark")}
            onClick={() => setColorScheme(scheme === "dark" ? "light" : "dark")}
          >
            {scheme === "dark" ? <IconSun size={17} /> : <IconMoon size={17} />}
          </IconButton>
          <AccountMenu me={me} />
        </header>
        <div className={classes.content}>
          <Suspense fallback={<Loading label={t("state.loading")} />}>
            <Outlet />
          </Suspense>
        </div>
      </div>
      <Once when={paletteAsked > 0}>
        <Palette asked={paletteAsked} />
      </Once>
      <Keys />
      <EndedSession />
    </BarSlotContext>
  );
}

function usePressedAppKeys(onPalette: () => void): void {
  const navigate = useNavigate();
  const project = useLocation().pathname.split("/projects/")[1]?.split("/")[0];
  const run = useCallback(
    (action: AppActionId) => {
      if (action === "palette") onPalette();
      else if (action === "help") openHelp();
      else if (action === "change-keys") showKeys("change");
      else if (action === "next-region") focusRegion(1);
      else if (action === "previous-region") focusRegion(-1);
      else if (project !== undefined) void navigate(`/projects/${project}/settings`);
    },
    [navigate, project, onPalette],
  );
  useAppKeys(run);
}

function PaletteKey() {
  const bindings = useKeyBindings();
  const [chord] = boundKeys(APP_ACTIONS[0], bindings);
  return chord === undefined ? null : <KeyHint chord={chord} />;
}

function Keys() {
  return (
    <Once when={useKeysView() !== null}>
      <KeysDialog />
    </Once>
  );
}

function EndedSession() {
  const ended = useSyncExternalStore(session.subscribe, session.ended);
  return (
    <Once when={ended !== null}>
      <SessionDialog />
    </Once>
  );
}

function Breadcrumb() {
  const { t } = useTranslation();
  const id = useParams().id;
  const inProject = useLocation().pathname.startsWith("/projects/") && id !== undefined;
  const project = useQuery({ ...projectQuery(Number(id)), enabled: inProject });
  return (
    <nav className={classes.crumbs} aria-label={t("nav.breadcrumb")}>
      <Link to="/projects">{t("nav.projects")}</Link>
      {inProject && (
        <>
          <span aria-hidden>/</span>
          <Link to={`/projects/${id}/images`} className={classes.current}>
            <bdi>{project.data?.name ?? "…"}</bdi>
          </Link>
        </>
      )}
    </nav>
  );
}

function AccountMenu({ me }: { readonly me: Me }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const signOut = async () => {
    await logout();
    client.clear();
    client.setQueryData(meQuery.queryKey, null);
    await navigate("/login");
  };
  const initials = me.username.slice(0, 2).toUpperCase();
  return (
    <Menu position="bottom-end" width={190}>
      <Menu.Target>
        <UnstyledButton
          className={classes.account}
          // What is seen of a name is said first, so that it can be called by it.
          aria-label={`${initials}: ${t("account.menu", { name: me.username })}`}
        >
          {initials}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <IconUser size={12} /> {me.username}
        </Menu.Label>
        <Menu.Item leftSection={<IconDatabase size={15} />} onClick={() => void navigate("/weights")}>
          {t("nav.weights")}
        </Menu.Item>
        <Menu.Sub>
          <Menu.Sub.Target>
            <Menu.Sub.Item leftSection={<IconLanguage size={15} />}>{t("language.title")}</Menu.Sub.Item>
          </Menu.Sub.Target>
          <Menu.Sub.Dropdown>
            <LanguageItems />
          </Menu.Sub.Dropdown>
        </Menu.Sub>
        {me.is_staff && (
          <Menu.Item leftSection={<IconSettings size={15} />} component="a" href="/admin/">
            {t("nav.admin")}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={() => void signOut()}>
          {t("account.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
