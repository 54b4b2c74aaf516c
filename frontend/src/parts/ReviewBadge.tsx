/** Where an image stands in review, as word and sign; never colour alone. */
import { IconArrowBackUp, IconCircleCheck, IconHourglass, IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ReviewStatus } from "../api/types";

const SIGNS = {
  submitted: { Icon: IconHourglass, color: "var(--accent)" },
  returned: { Icon: IconArrowBackUp, color: "var(--bad)" },
  fixed: { Icon: IconRefresh, color: "var(--accent)" },
  accepted: { Icon: IconCircleCheck, color: "var(--good)" },
} as const;

export function ReviewIcon({ status, size = 14 }: { readonly status: ReviewStatus; readonly size?: number }) {
  const { t } = useTranslation();
  const { Icon, color } = SIGNS[status];
  return <Icon size={size} color={color} aria-label={t(`review.status.${status}`)} role="img" />;
}
