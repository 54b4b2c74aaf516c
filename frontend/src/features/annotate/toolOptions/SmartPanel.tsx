/** The smart tool's panel, made from what the methods say of themselves; a method that is not ready says why. */
import { Button, Group, Loader, Popover, SegmentedControl, Select, Text } from "@mantine/core";
import { IconAdjustmentsHorizontal, IconCheck, IconDownload, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { fetchWeights, prepareSmartMethod, smartMethodsQuery, weightsQuery } from "../../../api/queries/smart";
import type { SmartMethod } from "../../../api/types";
import { localised } from "../../../i18n/localised";
import { JobLine } from "../../../parts/JobLine";
import { useAction } from "../../../parts/useAction";
import { useJob } from "../../../parts/useJob";
import { useActionKeys } from "../../../parts/keys/useActionKeys";
import { IconButton } from "../../../ui/IconButton";
import { type FieldValues, ParameterFields } from "../../../ui/ParameterFields";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { useLocalDecoding } from "../smart/useLocalDecoding";
import { OptionsBar } from "./OptionsBar";
import { SmartPrompting } from "./SmartPrompting";
import type { ToolOptionsProps } from "./ToolOptions";
import { formatCount, formatDecimal } from "../../../ui/format";
import classes from "./ToolOptions.module.css";

const REMEMBERED = "smart-method";
const NONE: readonly number[] = [];

export function SmartPanel({ ahead }: ToolOptionsProps) {
  const { t } = useTranslation();
  const editor = useEditor();
  const methods = useQuery(smartMethodsQuery);
  const { smart } = useSignal(editor.session);
  const all = methods.data ?? [];
  const method = all.find((item) => item.key === smart.method?.key) ?? null;

  useEffect(() => {
    if (smart.method !== null || methods.data === undefined) return;
    const remembered = localStorage.getItem(REMEMBERED);
    const first =
      methods.data.find((item) => item.key === remembered && item.available) ??
      methods.data.find((item) => item.available) ??
      methods.data[0];
    if (first !== undefined) editor.setSmartMethod(first);
  }, [editor, methods.data, smart.method]);

  return (
    <OptionsBar label={t("smart.title")}>
      <Select
        aria-label={t("smart.method")}
        value={method?.key ?? null}
        onChange={(key) => {
          const next = all.find((item) => item.key === key);
          if (next === undefined) return;
          localStorage.setItem(REMEMBERED, next.key);
          editor.setSmartMethod(next);
        }}
        data={all.map((item) => ({
          value: item.key,
          label: item.available ? item.title : t("smart.notReady", { title: item.title }),
        }))}
        renderOption={({ option }) => (
          <div>
            {option.label}
            <Text size="xs" c="dimmed">
              {all.find((item) => item.key === option.value)?.description}
            </Text>
          </div>
        )}
        comboboxProps={{ width: 380, position: "bottom-start" }}
        maxDropdownHeight={520}
        allowDeselect={false}
        w={150}
      />
      {method !== null && !method.available && <Unavailable method={method} />}
      {method?.available === true && <Ready method={method} ahead={ahead ?? NONE} />}
    </OptionsBar>
  );
}

/** A slow look at the picture starts before the first click, and while the tool is in hand only. */
function usePreparation(method: SmartMethod): void {
  const editor = useEditor();
  const image = useSignal(editor.image)?.imageId;
  useEffect(() => {
    if (!method.embeds || image === undefined) return;
    // Should it fail, the first click tells the reason.
    prepareSmartMethod(image, method.key).catch(() => undefined);
  }, [method, image]);
}

interface ReadyProps {
  readonly method: SmartMethod;
  readonly ahead: readonly number[];
}

function Ready({ method, ahead }: ReadyProps) {
  const { t } = useTranslation();
  const editor = useEditor();
  const { smart } = useSignal(editor.session);
  usePreparation(method);
  useLocalDecoding(method, ahead);
  return (
    <>
      {method.outputs.length > 1 && (
        <SegmentedControl
          aria-label={t("smart.output")}
          value={smart.output}
          onChange={(value) => editor.setSmartOutput(value)}
          data={method.outputs.map((value) => ({ value, label: t(`shape.${value}`) }))}
        />
      )}
      {method.parameters.length > 0 && (
        <Popover width={300} position="bottom-start" shadow="md" transitionProps={{ duration: 90 }}>
          <Popover.Target>
            <IconButton label={t("smart.parameters")}>
              <IconAdjustmentsHorizontal size={17} />
            </IconButton>
          </Popover.Target>
          <Popover.Dropdown>
            <ParameterFields
              fields={method.parameters}
              values={smart.parameters as FieldValues}
              onChange={(key, value) => editor.setSmartParameters({ [key]: value })}
            />
          </Popover.Dropdown>
        </Popover>
      )}
      <SmartPrompting method={method} />
      <Progress method={method} />
    </>
  );
}

function Progress({ method }: { readonly method: SmartMethod }) {
  const { t } = useTranslation();
  const keysOf = useActionKeys();
  const editor = useEditor();
  const state = useSignal(editor.smart);
  const { drag } = useSignal(editor.session).smart;
  if (state.error !== null) {
    return (
      <Text size="xs" c="var(--bad)" role="alert" maw={360}>
        {state.error}
      </Text>
    );
  }
  const asked = state.points.length > 0 || state.box !== null || state.strokes.length > 0;
  if (state.busy) {
    return (
      <Group gap={6} wrap="nowrap" role="status">
        <Loader size={14} />
        <Text size="xs" c="dimmed">
          {t("smart.busy")}
        </Text>
      </Group>
    );
  }
  if (!asked) {
    return (
      <Text size="xs" c="dimmed">
        {t(`smart.hint.${hintOf(method, drag)}`)}
      </Text>
    );
  }
  return (
    <Group gap={4} wrap="nowrap">
      {method.several && (
        <Text size="xs" c="dimmed" className="num" px={4} role="status">
          {t("smart.found", { count: state.candidates })}
        </Text>
      )}
      {state.score !== null && !method.several && (
        <Text size="xs" c="dimmed" className="num" px={4}>
          {state.candidates > 1
            ? t("smart.candidate", {
                score: formatDecimal(state.score),
                number: state.candidate + 1,
                total: state.candidates,
              })
            : t("smart.score", { score: formatDecimal(state.score) })}
        </Text>
      )}
      {state.path !== null && state.seconds !== null && (
        <Text size="xs" c="dimmed" opacity={0.7} className="num" pe={4}>
          {t(`smart.${state.path}`, { milliseconds: formatCount(Math.round(1000 * state.seconds)) })}
        </Text>
      )}
      {state.note !== "" && (
        <Text size="xs" c="dimmed" role="status" pe={4}>
          {localised(state.note)}
        </Text>
      )}
      <IconButton label={t("smart.accept")} keys={keysOf("finish")} onClick={() => editor.finish()}>
        <IconCheck size={17} color="var(--good)" />
      </IconButton>
      <IconButton label={t("smart.discard")} keys={keysOf("cancel")} onClick={() => editor.cancel()}>
        <IconX size={17} />
      </IconButton>
    </Group>
  );
}

function hintOf({ prompts, several }: SmartMethod, drag: "box" | "stroke") {
  if (prompts.strokes && drag === "stroke") return "strokes";
  if (prompts.points) return prompts.box ? "pointOrBox" : "point";
  if (!prompts.box) return "strokes";
  return several ? "example" : "box";
}

function Unavailable({ method }: { readonly method: SmartMethod }) {
  const { t } = useTranslation();
  const weights = useQuery(weightsQuery);
  const missing = (weights.data ?? []).filter((item) => method.weights.includes(item.key) && item.state !== "present");
  const fetch = useAction(fetchWeights, {
    failure: t("weights.fetchFailed", { title: method.title }),
    invalidate: [["weights"], ["jobs"]],
  });
  const job = useJob(missing.find((item) => item.job !== null)?.job?.id ?? null);
  const busy = missing.some((item) => item.state === "fetching");
  return (
    <>
      <Text size="xs" c="var(--warn)" maw={330}>
        {method.unavailable_reason}
      </Text>
      {busy && job !== null ? (
        <div className={classes.fetching}>
          <JobLine job={job} />
        </div>
      ) : (
        missing.map((item) => (
          <Button
            key={item.key}
            size="compact-xs"
            leftSection={<IconDownload size={13} />}
            loading={fetch.isPending}
            onClick={() => fetch.mutate(item.key)}
          >
            {t("weights.fetchNamed", { title: item.title })}
          </Button>
        ))
      )}
    </>
  );
}
