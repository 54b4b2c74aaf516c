/** Health of a project: what the checks found and how to mend it, and the statistics behind it. */
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { healthQuery } from "../../api/queries/health";
import { Loaded } from "../../parts/Loaded";
import { useProjectId } from "../../parts/useProjectId";
import { Page } from "../../ui/Page";
import { ChecksTab } from "./ChecksTab";
import { CheckNow, HealthLine, HealthNote, NeverChecked } from "./HealthState";
import classes from "./Health.module.css";
import { ReportMenu } from "./ReportMenu";
import { StatisticsTab } from "./StatisticsTab";

const VIEWS = ["checks", "statistics"] as const;

export function Component() {
  const { t } = useTranslation();
  const project = useProjectId();
  const query = useQuery(healthQuery(project));
  const [search, setSearch] = useSearchParams();
  const view = search.get("view") === "statistics" ? "statistics" : "checks";
  const health = query.data;
  return (
    <Page
      fixed
      title={t("health.title")}
      note={health === undefined ? undefined : <HealthNote health={health} />}
      actions={
        <>
          <SegmentedControl
            aria-label={t("health.view")}
            value={view}
            onChange={(next) => setSearch(next === "checks" ? {} : { view: next })}
            data={VIEWS.map((value) => ({ value, label: t(`health.${value}`) }))}
          />
          <ReportMenu ready={health !== undefined && health.revision !== null} />
          {health !== undefined && health.state !== "missing" && <CheckNow health={health} />}
        </>
      }
    >
      <Loaded query={query} rows={8}>
        {(found) =>
          found.state === "missing" ? (
            <NeverChecked health={found} />
          ) : (
            <div className={classes.screen}>
              {found.job !== null && <HealthLine job={found.job} />}
              {view === "checks" ? <ChecksTab health={found} /> : <StatisticsTab />}
            </div>
          )
        }
      </Loaded>
    </Page>
  );
}
