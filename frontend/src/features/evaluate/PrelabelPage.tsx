/** Pre-labelling: a model looks at the images without labels; its predictions are taken or left by score. */
import { Button, Stack } from "@mantine/core";
import { IconSparkles } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { batchesQuery } from "../../api/queries/evaluation";
import { modelsQuery } from "../../api/queries/training";
import { Loaded } from "../../parts/Loaded";
import { useProjectId } from "../../parts/useProjectId";
import { Empty } from "../../ui/Empty";
import { Page } from "../../ui/Page";
import { BatchCard } from "./BatchCard";
import { PrelabelForm } from "./prelabel/PrelabelForm";

export function Component() {
  const { t } = useTranslation();
  const project = useProjectId();
  const models = useQuery(modelsQuery(project));
  const batches = useQuery(batchesQuery(project));
  return (
    <Page title={t("prelabel.title")} note={t("prelabel.note")}>
      <Loaded query={models}>
        {(all) =>
          all.length === 0 ? (
            <Empty
              icon={<IconSparkles size={22} />}
              title={t("prelabel.noModelTitle")}
              action={
                <Button component={Link} to="../train">
                  {t("models.toTrain")}
                </Button>
              }
            >
              {t("prelabel.noModel")}
            </Empty>
          ) : (
            <Stack gap="md" maw={1080}>
              <PrelabelForm models={all} />
              <Loaded query={batches} rows={2}>
                {(rows) => (
                  <>
                    {rows.map((batch) => (
                      <BatchCard key={batch.id} batch={batch} />
                    ))}
                  </>
                )}
              </Loaded>
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}
