/** Where short messages appear; their closing button has a name in the person's language. */
import { MantineThemeProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

export function Messages() {
  const { t } = useTranslation();
  const theme = useMemo(
    () => ({
      components: { Notification: { defaultProps: { closeButtonProps: { "aria-label": t("actions.close") } } } },
    }),
    [t],
  );
  return (
    <MantineThemeProvider theme={theme} inherit>
      <Notifications position="bottom-center" limit={4} />
    </MantineThemeProvider>
  );
}
