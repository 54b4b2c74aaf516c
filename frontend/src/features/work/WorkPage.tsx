/** What is to be done and by whom: my work, what was given out, consensus, what each person did, ground truth. */
import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { roleAtLeast, useProject } from "../../parts/useProjectId";
import { Page } from "../../ui/Page";
import { AgreementTab } from "./AgreementTab";
import { AssignmentsTab } from "./AssignmentsTab";
import { ConsensusTab } from "./consensus/ConsensusTab";
import { MyWorkTab } from "./MyWorkTab";
import { PeopleTab } from "./PeopleTab";

const TABS = {
  mine: MyWorkTab,
  assignments: AssignmentsTab,
  consensus: ConsensusTab,
  people: PeopleTab,
  agreement: AgreementTab,
} as const;
type Tab = keyof typeof TABS;

export function Component() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const isReviewer = roleAtLeast(useProject(), "reviewer");
  const offered: readonly Tab[] = isReviewer
    ? ["mine", "assignments", "consensus", "people", "agreement"]
    : ["mine", "assignments", "people"];
  const tab = offered.find((name) => name === search.get("tab")) ?? "mine";
  const Body = TABS[tab];
  return (
    <Page
      title={t("work.title")}
      bar={
        <SegmentedControl
          size="xs"
          aria-label={t("work.title")}
          value={tab}
          data={offered.map((value) => ({ value, label: t(`work.tabs.${value}`) }))}
          onChange={(value) => setSearch(value === "mine" ? {} : { tab: value }, { replace: true })}
        />
      }
    >
      <Body />
    </Page>
  );
}
