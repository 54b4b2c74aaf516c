/** What is said of an uploaded detector before it is a model; nearly all of it is filled in. */
import { Alert, Button, Collapse, Group, SimpleGrid, Stack, Text, TextInput, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { addModel } from "../../../api/queries/detectors";
import { isActive } from "../../../api/queries/jobs";
import type { Declaration, InspectedModel } from "../../../api/types";
import { JobLine } from "../../../parts/JobLine";
import { useAction } from "../../../parts/useAction";
import { useJob } from "../../../parts/useJob";
import { useProjectId } from "../../../parts/useProjectId";
import { MoreButton } from "../../../ui/MoreButton";
import { notifyDone } from "../../../ui/notify";
import { DetectorFields } from "./DetectorFields";
import { DetectorMapping } from "./DetectorMapping";
import { asDeclaration, blank, nameOfFile, namesIn } from "./declaration";

interface DetectorFormProps {
  readonly upload: string;
  readonly filename: string;
  readonly found: InspectedModel;
  readonly onClose: () => void;
}

export function DetectorForm({ upload, filename, found, onClose }: DetectorFormProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const project = useProjectId();
  const [name, setName] = useState(nameOfFile(filename));
  const [licence, setLicence] = useState("");
  const [text, setText] = useState(JSON.stringify(found.declaration ?? blank(found), null, 1));
  const [isOpen, setOpen] = useState(found.declaration === null);
  const [chosen, setChosen] = useState<Readonly<Record<string, number | null>>>({});
  const [jobId, setJobId] = useState<string | null>(null);
  const job = useJob<{ model: number }>(jobId, (ended) => {
    if (ended.state !== "succeeded") return;
    void client.invalidateQueries({ queryKey: ["project", project, "models"] });
    notifyDone(t("detector.added", { name }));
    onClose();
  });
  const declaration = asDeclaration(text);
  const mapping = Object.fromEntries([
    ...found.classes.map((row) => [row.name, row.class] as const),
    ...Object.entries(chosen),
  ]);
  const names = declaration === null ? [] : namesIn(declaration);
  const add = useAction(
    () => {
      const wanted = Object.fromEntries(names.map((one) => [one, mapping[one] ?? null]));
      return addModel(project, { upload, name, licence, declaration: declaration ?? {}, mapping: wanted });
    },
    { failure: t("detector.submitFailed"), invalidate: [["jobs"]], onSuccess: (started) => setJobId(started.id) },
  );
  const change = (values: Declaration) => setText(JSON.stringify({ ...declaration, ...values }, null, 1));
  return (
    <Stack gap="md">
      {found.declaration === null && (
        <Alert color="yellow">
          {t("detector.unknown", { outputs: found.facts.outputs.map((shape) => shape.join("×")).join(", ") })}
        </Alert>
      )}
      <SimpleGrid cols={2} spacing="md">
        <TextInput label={t("detector.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput
          label={t("detector.licence")}
          placeholder={t("detector.licenceHint")}
          value={licence}
          onChange={(event) => setLicence(event.currentTarget.value)}
        />
        <DetectorFields found={found} declaration={declaration} onChange={change} />
      </SimpleGrid>
      <div>
        <MoreButton isOpen={isOpen} onToggle={setOpen}>
          {t("detector.declaration")}
        </MoreButton>
        <Collapse expanded={isOpen}>
          <Textarea
            mt={4}
            aria-label={t("detector.declaration")}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            error={declaration === null ? t("detector.declarationBad") : undefined}
            autosize
            minRows={6}
            maxRows={12}
            dir="ltr"
            ff="monospace"
          />
        </Collapse>
      </div>
      <DetectorMapping names={names} mapping={mapping} onChange={setChosen} chosen={chosen} />
      {job !== null && <JobLine job={job} />}
      <Group justify="space-between">
        <Text size="xs" c="dimmed" className="num">
          {found.facts.input.join("×")} → {found.facts.outputs.map((shape) => shape.join("×")).join(", ")}
        </Text>
        <Button
          disabled={declaration === null || name.trim() === ""}
          loading={add.isPending || (job !== null && isActive(job.state))}
          onClick={() => add.mutate(undefined)}
        >
          {t("detector.submit")}
        </Button>
      </Group>
    </Stack>
  );
}
