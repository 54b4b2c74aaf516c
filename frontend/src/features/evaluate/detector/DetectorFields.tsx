/** The head of a detector and how its pictures go in. */
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { detectorHeadsQuery } from "../../../api/queries/detectors";
import type { Declaration, InspectedModel } from "../../../api/types";
import { blank, inputOf } from "./declaration";

interface DetectorFieldsProps {
  readonly found: InspectedModel;
  /** Null while its text is no JSON object. */
  readonly declaration: Declaration | null;
  readonly onChange: (values: Declaration) => void;
}

export function DetectorFields({ found, declaration, onChange: change }: DetectorFieldsProps) {
  const { t } = useTranslation();
  const { data: heads = [] } = useQuery(detectorHeadsQuery);
  const head = heads.find((item) => item.key === declaration?.head);
  const input = head === undefined || declaration === null ? -1 : inputOf(head, declaration);
  return (
    <>
      <Select
        label={t("detector.head")}
        value={head?.key ?? null}
        onChange={(value) => change({ head: value, ...heads.find((item) => item.key === value)?.inputs[0]?.values })}
        data={heads.map((item) => ({ value: item.key, label: item.title }))}
        allowDeselect={false}
      />
      <Select
        label={t("detector.input")}
        description={head !== undefined && head.inputs.length > 1 ? t("detector.inputHint") : undefined}
        inputWrapperOrder={["label", "input", "description"]}
        value={String(input)}
        onChange={(value) => change({ ...blank(found, declaration), ...head?.inputs[Number(value)]?.values })}
        data={[
          ...(head?.inputs ?? []).map((way, index) => ({ value: String(index), label: way.title })),
          ...(input < 0 ? [{ value: "-1", label: t("detector.otherInput") }] : []),
        ]}
        allowDeselect={false}
      />
    </>
  );
}
