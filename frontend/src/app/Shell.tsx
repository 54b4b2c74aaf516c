/** The window around every screen: one 40 px bar with breadcrumb, the screen's own controls, palette, jobs and account. */
import { Menu, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import { IconDatabase, IconLogout, IconMoon, IconSearch, IconSettings, IconSun, IconUser } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, Outlet, useLocation, useNavigate, useParams } from "react-router";
import { logout, meQuery } from "../api/queries/account";
import { projectQuery } from "../api/queries/projects";
import type { Me } from "../api/types";
import { SessionDialog } from "../features/account/SessionDialog";
import { JobsButton } from "../features/jobs/JobsDrawer";
import { Loaded } from "../parts/Loaded";
import { BarSlotContext } from "../ui/BarSlot";
import { Loading } from "../ui/Empty";
import { IconButton } from "../ui/IconButton";
import { KeyHint } from "../ui/KeyHint";
import { Mark } from "../ui/Mark";
import { Palette } from "./Palette";
import classes from "./Shell.module.css";

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
  return (
    <BarSlotContext value={slot}>
      <div className={classes.window}>
        <header className={classes.bar}>
          <Link to="/projects" className={classes.home} aria-label={t("nav.projects")}>
            <Mark size={20} />
          </Link>
          <Breadcrumb />
          <div className={classes.slot} ref={setSlot} />
          <UnstyledButton className={classes.search} onClick={() => spotlight.open()} aria-label={t("palette.open")}>
            <IconSearch size={14} />
            <span>{t("palette.search")}</span>
            <KeyHint chord="Ctrl+K" />
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
      <Palette />
      <SessionDialog />
    </BarSlotContext>
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
            {project.data?.name ?? "…"}
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
  return (
    <Menu position="bottom-end" width={190}>
      <Menu.Target>
        <UnstyledButton className={classes.account} aria-label={t("account.menu", { name: me.username })}>
          {me.username.slice(0, 2).toUpperCase()}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <IconUser size={12} /> {me.username}
        </Menu.Label>
        <Menu.Item leftSection={<IconDatabase size={15} />} onClick={() => void navigate("/weights")}>
          {t("nav.weights")}
        </Menu.Item>
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
