/** Gives the selected images to people, to one each or to several for consensus, or says that their labels are right. */
import { Button, Menu } from "@mantine/core";
import {
  IconRosetteDiscountCheck,
  IconRosetteDiscountCheckOff,
  IconUserPlus,
  IconUsersGroup,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { filtersToQuery, type ImageFilters } from "../../api/imageFilters";
import { markGroundTruth } from "../../api/queries/consensus";
import { AssignDialog } from "../../parts/AssignDialog";
import { ConsensusDialog } from "../../parts/ConsensusDialog";
import { useAction } from "../../parts/useAction";
import type { Selection } from "./useSelection";

interface PeopleMenuProps {
  readonly project: number;
  readonly filters: ImageFilters;
  readonly selection: Selection;
}

export function PeopleMenu({ project, filters, selection }: PeopleMenuProps) {
  const { t } = useTranslation();
  const [assigning, setAssigning] = useState(false);
  const [rounding, setRounding] = useState(false);
  const mark = useAction((marked: boolean) => markGroundTruth(project, [...selection.ids], marked), {
    failure: t("bulk.truthFailed"),
    done: ({ count }) => t("bulk.truthDone", { count }),
    invalidate: [["project", project], ["image"]],
    onSuccess: selection.clear,
  });
  return (
    <>
      <Menu width={210} position="bottom-start">
        <Menu.Target>
          <Button variant="default" leftSection={<IconUserPlus size={14} />} loading={mark.isPending}>
            {t("bulk.assign")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconUserPlus size={14} />} onClick={() => setAssigning(true)}>
            {t("work.newTitle")}
          </Menu.Item>
          <Menu.Item leftSection={<IconUsersGroup size={14} />} onClick={() => setRounding(true)}>
            {t("consensus.new")}
          </Menu.Item>
          <Menu.Item leftSection={<IconRosetteDiscountCheck size={14} />} onClick={() => mark.mutate(true)}>
            {t("bulk.markTruth")}
          </Menu.Item>
          <Menu.Item leftSection={<IconRosetteDiscountCheckOff size={14} />} onClick={() => mark.mutate(false)}>
            {t("bulk.unmarkTruth")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {assigning && (
        <AssignDialog
          project={project}
          // All of a filter's images are the filter, so that those that come later join.
          target={selection.whole ? { filter: filtersToQuery(filters) } : { ids: [...selection.ids] }}
          onClose={() => setAssigning(false)}
        />
      )}
      {rounding && (
        <ConsensusDialog
          project={project}
          target={selection.whole ? { filters } : { ids: [...selection.ids] }}
          onClose={() => setRounding(false)}
        />
      )}
    </>
  );
}
