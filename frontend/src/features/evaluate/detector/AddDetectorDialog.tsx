/** Brings an ONNX detector: upload, what was found out about it, what its classes stand for. */
import { Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { uploadModel } from "../../../api/queries/detectors";
import type { InspectedModel, Job } from "../../../api/types";
import { JobLine } from "../../../parts/JobLine";
import { useAction } from "../../../parts/useAction";
import { useJob } from "../../../parts/useJob";
import { useProjectId } from "../../../parts/useProjectId";
import { FileDrop } from "../../../ui/FileDrop";
import { DetectorForm } from "./DetectorForm";

interface AddDetectorDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function AddDetectorDialog({ opened, onClose }: AddDetectorDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("detector.title")}
      size={620}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      {opened && <Steps onClose={onClose} />}
    </Modal>
  );
}

function Steps({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const project = useProjectId();
  const [file, setFile] = useState<File | null>(null);
  const [jobId, setJobId] = useState<string | null>(null);
  const job: Job<InspectedModel> | null = useJob<InspectedModel>(jobId);
  const upload = useAction((chosen: File) => uploadModel(project, chosen), {
    failure: t("detector.uploadFailed"),
    invalidate: [["jobs"]],
    onSuccess: (started) => setJobId(started.id),
  });
  const take = (chosen: File) => {
    setFile(chosen);
    setJobId(null);
    upload.mutate(chosen);
  };
  const found = job?.state === "succeeded" ? job.result : null;
  if (job !== null && found !== null && file !== null) {
    return <DetectorForm upload={job.id} filename={file.name} found={found} onClose={onClose} />;
  }
  const isBusy = upload.isPending || (job !== null && job.state !== "failed" && job.state !== "cancelled");
  return (
    <Stack gap="md">
      {isBusy ? (
        <Group>
          <Text size="sm">{t("detector.looking")}</Text>
        </Group>
      ) : (
        <FileDrop label={t("detector.drop")} hint={t("detector.hint")} onFile={take} />
      )}
      {job !== null && <JobLine job={job} />}
    </Stack>
  );
}
