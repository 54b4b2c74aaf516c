/** The state of a run in a word. */
import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";

const COLORS: Readonly<Record<string, string>> = {
  queued: "gray",
  running: "accent",
  succeeded: "green",
  completed: "green",
  early_stopped: "green",
  stopped: "orange",
  failed: "red",
  cancelled: "gray",
};

interface RunStateBadgeProps {
  readonly state: string;
  /** How it ended: completed, early_stopped or stopped; empty before that. */
  readonly reason?: string;
}

export function RunStateBadge({ state: jobState, reason = "" }: RunStateBadgeProps) {
  // A run that was stopped has a job that succeeded; what the person wants to know is that it was stopped.
  const state = jobState === "succeeded" && reason !== "" ? reason : jobState;
  const { t } = useTranslation();
  return (
    <Badge color={COLORS[state] ?? "gray"}>
      {t(`runState.${state}` as "runState.running", { defaultValue: state })}
    </Badge>
  );
}
