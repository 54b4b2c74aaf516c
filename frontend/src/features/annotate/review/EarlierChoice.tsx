/** Chooses an earlier state of the image to lay over the picture or show beside it: as submitted, as returned … */
import { SegmentedControl, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Review } from "../../../api/types";
import { formatAgo } from "../../../ui/format";
import { useReviewView } from "./ReviewView";

export function EarlierChoice({ steps }: { readonly steps: Review["history"] }) {
  const { t } = useTranslation();
  const { earlier, onEarlier } = useReviewView();
  // Two steps at one revision show the same.
  const choices = [...new Map(steps.map((step) => [step.revision, step])).values()].reverse();
  return (
    <>
      <Select
        size="xs"
        aria-label={t("review.earlier")}
        placeholder={t("review.earlier")}
        clearable
        value={earlier === null ? null : String(earlier.revision)}
        data={choices.map((step) => ({
          value: String(step.revision),
          label: t(`review.as.${step.status}`, { who: step.author, when: formatAgo(step.created_at) }),
        }))}
        onChange={(value) =>
          onEarlier(value === null ? null : { revision: Number(value), mode: earlier?.mode ?? "over" })
        }
      />
      {earlier !== null && (
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={t("review.earlier")}
          value={earlier.mode}
          data={[
            { value: "over", label: t("review.over") },
            { value: "beside", label: t("review.beside") },
          ]}
          onChange={(mode) => onEarlier({ ...earlier, mode })}
        />
      )}
    </>
  );
}
