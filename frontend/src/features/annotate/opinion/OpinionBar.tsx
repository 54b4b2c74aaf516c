/** The bar above a person's own labels: the round, the images that they were given, undo, and what is saved. */
import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ConsensusRound } from "../../../api/types";
import { BarContent } from "../../../ui/BarSlot";
import { HelpButton, ImageName, ImageSteps, type ImageStepsProps, Steps } from "../barParts";
import { SavedBadge } from "../saving/SavedBadge";
import classes from "../Annotate.module.css";

interface OpinionBarProps extends ImageStepsProps {
  readonly round: ConsensusRound;
}

export function OpinionBar({ round, ...steps }: OpinionBarProps) {
  const { t } = useTranslation();
  return (
    <BarContent>
      <span className={classes.barDivider} />
      <ImageSteps {...steps} />
      <ImageName />
      <Badge variant="light" maw={260}>
        {t("consensus.badge", { name: round.name })}
      </Badge>
      <span className={classes.barSpace} />
      <Steps />
      <SavedBadge />
      <HelpButton />
    </BarContent>
  );
}
