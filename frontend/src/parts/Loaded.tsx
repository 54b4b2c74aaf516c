/** Shows what a query brought, or that it is on its way, or why it did not come and how to try again. */
import { Button } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/client";
import { errorSentence } from "../api/errors";
import { Failure, Loading } from "../ui/Empty";

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>;
  readonly rows?: number;
  readonly children: (data: T) => ReactNode;
}

export function Loaded<T>({ query, rows = 5, children }: LoadedProps<T>) {
  const { t } = useTranslation();
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) {
    const missing = query.error instanceof ApiError && query.error.status === 404;
    return (
      <Failure
        title={missing ? t("errors.missingTitle") : t("errors.loadTitle")}
        detail={missing ? t("errors.missing") : errorSentence(query.error, t("errors.unreachable"))}
        action={
          <Button variant="default" onClick={() => void query.refetch()}>
            {t("actions.retry")}
          </Button>
        }
      />
    );
  }
  return <Loading rows={rows} label={t("state.loading")} />;
}
