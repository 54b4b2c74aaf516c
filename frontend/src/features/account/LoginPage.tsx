/** The sign-in page; goes on to the address that was asked for. */
import { Button } from "@mantine/core";
import { IconLanguage } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Navigate, useLocation, useNavigate } from "react-router";
import { meQuery } from "../../api/queries/account";
import { LANGUAGES } from "../../i18n";
import { LanguageMenu } from "../../parts/LanguageMenu";
import { Mark } from "../../ui/Mark";
import { LoginForm } from "./LoginForm";
import classes from "./LoginPage.module.css";

export function Component() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const me = useQuery(meQuery);
  const state = useLocation().state as { from?: string } | null;
  const target = state?.from ?? "/projects";
  if (me.data) return <Navigate to={target} replace />;
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <Mark size={30} />
          <h1>{t("app.name")}</h1>
        </div>
        <p className={classes.claim}>{t("account.claim")}</p>
        <LoginForm onDone={() => void navigate(target, { replace: true })} />
        <p className={classes.hint}>{t("account.hint")}</p>
        <LanguageMenu>
          <Button variant="subtle" color="gray" size="compact-xs" mt="sm" leftSection={<IconLanguage size={14} />}>
            {LANGUAGES.find(({ code }) => code === i18n.language)?.name}
          </Button>
        </LanguageMenu>
      </div>
    </main>
  );
}
