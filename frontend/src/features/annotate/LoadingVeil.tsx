/** Over the canvas: an image that is on its way, or why it did not come. */
import { Button, Group, Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Failure } from "../../ui/Empty";
import type { Loading } from "./useImageLoader";
import classes from "./Annotate.module.css";

export function LoadingVeil({ loading, project }: { readonly loading: Loading; readonly project: number }) {
  const { t } = useTranslation();
  if (loading.state === "failed") {
    return (
      <div className={classes.veil} data-failed>
        <Failure
          title={t("errors.loadTitle")}
          detail={loading.detail}
          action={
            <Group gap="xs" justify="center">
              <Button onClick={loading.onRetry}>{t("actions.retry")}</Button>
              <Button component={Link} to={`/projects/${project}/images`} variant="default">
                {t("editor.toImages")}
              </Button>
            </Group>
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
