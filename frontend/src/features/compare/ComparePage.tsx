/** Two states of a project beside each other: what differs in numbers, and on which pictures. */
import { IconArrowsLeftRight, IconGitCompare } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { diffQuery } from "../../api/queries/diff";
import type { DiffEnds, DiffKind } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { useProjectId } from "../../parts/useProjectId";
import { Empty } from "../../ui/Empty";
import { IconButton } from "../../ui/IconButton";
import { Page } from "../../ui/Page";
import { ChangedImages } from "./ChangedImages";
import classes from "./Compare.module.css";
import { DiffSummary, isEmptyDiff } from "./DiffSummary";
import { endsFromSearch, endToChoice, withEnd } from "./ends";
import { EndSelect } from "./EndSelect";

export function Component() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const ends = endsFromSearch(search);
  const choose = (side: "from" | "to") => (choice: string) => setSearch(withEnd(search, side, choice));
  const swap = () => {
    if (ends?.to == null) return;
    setSearch(withEnd(withEnd(search, "from", endToChoice(ends.to)), "to", endToChoice(ends.from)));
  };
  const bar = (
    <>
      <EndSelect
        label={t("compare.from")}
        value={ends === null ? null : endToChoice(ends.from)}
        onChange={choose("from")}
      />
      <IconButton label={t("compare.swap")} onClick={swap}>
        <IconArrowsLeftRight size={15} />
      </IconButton>
      <EndSelect label={t("compare.to")} value={endToChoice(ends?.to ?? null)} withNow onChange={choose("to")} />
    </>
  );
  return (
    <Page title={t("compare.title")} note={t("compare.note")} bar={bar}>
      {ends === null ? (
        <Empty icon={<IconGitCompare size={22} />} title={t("compare.pickTitle")}>
          {t("compare.pick")}
        </Empty>
      ) : (
        <Comparison key={search.toString()} ends={ends} />
      )}
    </Page>
  );
}

function Comparison({ ends }: { readonly ends: DiffEnds }) {
  const { t } = useTranslation();
  const query = useQuery(diffQuery(useProjectId(), ends));
  const [kinds, setKinds] = useState<readonly DiffKind[]>([]);
  const toggle = (kind: DiffKind) =>
    setKinds((now) => (now.includes(kind) ? now.filter((item) => item !== kind) : [...now, kind]));
  return (
    <Loaded query={query}>
      {(diff) =>
        isEmptyDiff(diff) ? (
          <Empty icon={<IconGitCompare size={22} />} title={t("compare.nothingTitle")}>
            {t("compare.nothing")}
          </Empty>
        ) : (
          <div className={classes.comparison}>
            <DiffSummary diff={diff} kinds={kinds} onToggle={toggle} />
            <ChangedImages ends={ends} kinds={kinds} />
          </div>
        )
      }
    </Loaded>
  );
}
