/** Name and password; used by the sign-in page and, over any screen, when the session has ended. */
import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import { errorSentence } from "../../api/errors";
import { login, meQuery } from "../../api/queries/account";
import { session } from "../../api/session";
import type { Me } from "../../api/types";

export function LoginForm({
  username = "",
  onDone,
}: {
  readonly username?: string;
  readonly onDone: (me: Me) => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState(username);
  const [password, setPassword] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError("");
    try {
      const me = await login(name, password);
      client.setQueryData(meQuery.queryKey, me);
      session.markActive();
      onDone(me);
    } catch (reason) {
      const known = reason instanceof ApiError && reason.status < 500;
      setError(known ? reason.message : errorSentence(reason, t("errors.unreachable")));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          size="sm"
          label={t("account.username")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="username"
          required
          withAsterisk={false}
          data-autofocus={username === "" || undefined}
          autoFocus={username === ""}
        />
        <PasswordInput
          size="sm"
          label={t("account.password")}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus={username !== "" || undefined}
          autoFocus={username !== ""}
          visibilityToggleButtonProps={{ "aria-label": t("account.showPassword") }}
        />
        {error !== "" && (
          <Alert color="red" variant="light" p="xs" role="alert">
            {error}
          </Alert>
        )}
        <Button size="sm" type="submit" loading={busy} fullWidth mt={4}>
          {t("account.signIn")}
        </Button>
      </Stack>
    </form>
  );
}
