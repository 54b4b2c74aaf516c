/** Measures a model on a split of a version. */
import { Button, Group, Modal, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { startEvaluation } from "../../api/queries/evaluation";
import { versionsQuery } from "../../api/queries/versions";
import type { Model } from "../../api/types";
import type { Split } from "../../api/types";
import { SPLITS } from "../../parts/splits";
import { useAction } from "../../parts/useAction";
import { useProjectId } from "../../parts/useProjectId";

export function EvaluateDialog({ model, onClose }: { readonly model: Model | null; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={model !== null}
      onClose={onClose}
      title={t("evaluation.start", { name: model?.name ?? "" })}
      size={440}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      {model !== null && <EvaluateForm model={model} onClose={onClose} />}
    </Modal>
  );
}

function EvaluateForm({ model, onClose }: { readonly model: Model; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const project = useProjectId();
  const versions = useQuery(versionsQuery(project));
  const [chosen, setVersion] = useState(model.version === null ? null : String(model.version));
  // A detector that was brought belongs to no version: the newest is as good as any.
  const version = chosen ?? String(versions.data?.[0]?.id ?? "");
  const [split, setSplit] = useState<Split>("test");
  const images = versions.data?.find((item) => String(item.id) === version)?.statistics.splits[split].images;
  const start = useAction(() => startEvaluation(model.id, { version: Number(version), split }), {
    failure: t("evaluation.startFailed"),
    invalidate: [["project", project, "evaluations"], ["jobs"]],
    onSuccess: (evaluation) => {
      onClose();
      void navigate(`/projects/${project}/evaluations/${evaluation.id}`);
    },
  });
  return (
    <Stack gap="md">
      <Select
        label={t("evaluation.version")}
        value={version}
        onChange={(value) => setVersion(value ?? version)}
        data={(versions.data ?? []).map((item) => ({ value: String(item.id), label: item.name }))}
        allowDeselect={false}
      />
      <SegmentedControl
        aria-label={t("evaluation.split")}
        value={split}
        onChange={(value) => setSplit(value)}
        data={SPLITS.map((value) => ({ value, label: t(`split.${value}`) }))}
      />
      {images !== undefined && (
        <Text size="xs" c={images === 0 ? "var(--bad)" : "dimmed"}>
          {images === 0 ? t("evaluation.emptySplit") : t("evaluation.splitImages", { count: images })}
        </Text>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t("actions.cancel")}
        </Button>
        <Button disabled={images === 0} loading={start.isPending} onClick={() => start.mutate(undefined)}>
          {t("evaluation.startSubmit")}
        </Button>
      </Group>
    </Stack>
  );
}
