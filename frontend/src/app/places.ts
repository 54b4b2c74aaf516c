/** The screens of a project, in the order of the loop; the left navigation and the palette read this list. */
import {
  IconChecklist,
  IconArrowsExchange,
  IconChartHistogram,
  IconHistory,
  IconPhoto,
  IconSettings,
  IconSparkles,
  IconStack2,
  IconStethoscope,
  IconTimeline,
} from "@tabler/icons-react";

export const PROJECT_PLACES = [
  { path: "images", label: "nav.images", Icon: IconPhoto },
  { path: "work", label: "nav.work", Icon: IconChecklist },
  { path: "versions", label: "nav.versions", Icon: IconStack2 },
  { path: "health", label: "nav.health", Icon: IconStethoscope },
  { path: "exchange", label: "nav.exchange", Icon: IconArrowsExchange },
  { path: "train", label: "nav.train", Icon: IconTimeline },
  { path: "models", label: "nav.models", Icon: IconChartHistogram },
  { path: "prelabel", label: "nav.prelabel", Icon: IconSparkles },
  { path: "activity", label: "nav.activity", Icon: IconHistory },
  { path: "settings", label: "nav.settings", Icon: IconSettings },
] as const;
