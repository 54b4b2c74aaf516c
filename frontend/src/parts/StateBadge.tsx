/** The state of an image as word and sign; never colour alone. */
import {
  IconCircle,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleHalf2,
  IconPlayerSkipForward,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ImageState } from "../api/types";

export const STATES: readonly ImageState[] = ["unlabelled", "in_progress", "annotated", "verified_empty", "skipped"];

export const STATE_COLORS: Readonly<Record<ImageState, string>> = {
  unlabelled: "var(--border-strong)",
  in_progress: "var(--warn)",
  annotated: "var(--good)",
  verified_empty: "var(--accent)",
  skipped: "var(--faint)",
};

const ICONS = {
  unlabelled: IconCircleDashed,
  in_progress: IconCircleHalf2,
  annotated: IconCircleCheckFilled,
  verified_empty: IconCircle,
  skipped: IconPlayerSkipForward,
} as const;

export function StateIcon({ state, size = 14 }: { readonly state: ImageState; readonly size?: number }) {
  const { t } = useTranslation();
  const Icon = ICONS[state];
  return <Icon size={size} color={STATE_COLORS[state]} aria-label={t(`imageState.${state}`)} role="img" />;
}
