/** Data in and out: import on the left, export on the right. */
import { SimpleGrid } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Page } from "../../ui/Page";
import { ExportSection } from "./ExportSection";
import { ImportSection } from "./ImportSection";

export function Component() {
  const { t } = useTranslation();
  return (
    <Page title={t("exchange.title")} note={t("exchange.note")}>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md" maw={1240} style={{ alignItems: "start" }}>
        <ImportSection />
        <ExportSection />
      </SimpleGrid>
    </Page>
  );
}
