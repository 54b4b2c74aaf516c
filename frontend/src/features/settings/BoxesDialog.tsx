/** Turning the boxes of a class into masks or polygons by a method: how many first, then a job. */
import { Input, SegmentedControl, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { boxCountQuery, type BoxesToMasks, smartMethodsQuery, startBoxesToMasks } from "../../api/queries/smart";
import { Loaded } from "../../parts/Loaded";
import { useAction } from "../../parts/useAction";
import { formatCount } from "../../ui/format";
import { type ClassDialogProps, Frame, staleAfter } from "./ClassDialogs";

const REMEMBERED = "boxes-method";

export function BoxesDialog({ item, project, onClose }: ClassDialogProps) {
  const { t } = useTranslation();
  const methods = useQuery(smartMethodsQuery);
  const [chosen, setChosen] = useState(() => localStorage.getItem(REMEMBERED));
  const [output, setOutput] = useState<BoxesToMasks["output"]>("mask");
  const usable = (methods.data ?? []).filter((each) => each.available && each.prompts.box);
  const method = usable.find((each) => each.key === chosen) ?? usable.find((each) => each.embeds) ?? usable[0];
  const wanted = { project: project.id, method: method?.key ?? "", labelClass: item.id, output };
  const count = useQuery({ ...boxCountQuery(wanted), enabled: method !== undefined });
  const start = useAction(startBoxesToMasks, {
    failure: t("settings.boxesFailed", { name: item.name }),
    done: () => t("activity.startedJob"),
    invalidate: staleAfter(project),
    onSuccess: onClose,
  });
  return (
    <Frame
      title={t("settings.boxesTitle", { name: item.name })}
      text={t("settings.boxesText")}
      submit={t("settings.boxesSubmit")}
      busy={start.isPending}
      disabled={(count.data?.objects ?? 0) === 0}
      onClose={onClose}
      onSubmit={() => {
        localStorage.setItem(REMEMBERED, wanted.method);
        start.mutate(wanted);
      }}
    >
      <Select
        label={t("settings.boxesMethod")}
        description={method?.description}
        inputWrapperOrder={["label", "input", "description"]}
        data={usable.map((each) => ({ value: each.key, label: each.title }))}
        value={method?.key ?? null}
        onChange={setChosen}
        allowDeselect={false}
        data-autofocus
      />
      <Input.Wrapper size="xs" label={t("settings.boxesOutput")} labelElement="div">
        <SegmentedControl
          fullWidth
          aria-label={t("settings.boxesOutput")}
          value={output}
          onChange={(value) => setOutput(value)}
          data={[
            { value: "mask", label: t("settings.boxesMask") },
            { value: "polygon", label: t("settings.boxesPolygon") },
          ]}
        />
      </Input.Wrapper>
      <Loaded query={count} rows={1}>
        {({ objects, images }) => (
          <Text size="sm">
            {objects === 0
              ? t("settings.boxesNone")
              : t("settings.boxesCount", { count: objects, value: formatCount(objects), images: formatCount(images) })}
          </Text>
        )}
      </Loaded>
    </Frame>
  );
}
