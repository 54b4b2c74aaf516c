/** Asks for the password over whatever is on screen when the session has ended; nothing is reloaded, nothing is lost. */
import { Modal, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "../../api/queries/account";
import { session } from "../../api/session";
import { LoginForm } from "./LoginForm";

export function SessionDialog() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const ended = useSyncExternalStore(session.subscribe, session.ended);
  const me = client.getQueryData(meQuery.queryKey);
  return (
    <Modal
      opened={ended !== null}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t(`account.${ended ?? "expired"}Title`)}
      size={380}
      zIndex={400}
    >
      <Text size="sm" c="dimmed" mb="md">
        {t(`account.${ended ?? "expired"}`, { name: me?.username ?? "" })}
      </Text>
      <LoginForm username={me?.username ?? ""} onDone={() => void client.invalidateQueries()} />
    </Modal>
  );
}
