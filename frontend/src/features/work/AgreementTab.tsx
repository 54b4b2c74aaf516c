/** How far what people submitted agrees with ground truth; every number opens the images behind it. */
import { NumberInput } from "@mantine/core";
import { IconTargetArrow } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { truthAgreementQuery } from "../../api/queries/consensus";
import { Loaded } from "../../parts/Loaded";
import { useProjectId } from "../../parts/useProjectId";
import { Empty } from "../../ui/Empty";
import { Section } from "../../ui/Page";
import { AgreementTable } from "./AgreementTable";
import { CompareDialog } from "./consensus/CompareDialog";
import { IOU } from "./consensus/rules";
import classes from "./Work.module.css";

export function AgreementTab() {
  const { t } = useTranslation();
  const project = useProjectId();
  const [iou, setIou] = useState(IOU);
  const truth = useQuery({ ...truthAgreementQuery(project, iou), placeholderData: keepPreviousData });
  const [shown, setShown] = useState<{ readonly image: number; readonly annotator: string } | null>(null);
  return (
    <div className={classes.tab}>
      <div className={classes.tools}>
        <NumberInput
          size="xs"
          w={190}
          aria-label={t("work.iou")}
          prefix={`${t("work.iou")} `}
          value={iou}
          min={0.05}
          max={1}
          step={0.05}
          decimalScale={2}
          onChange={(value) => setIou(Math.min(Math.max(Number(value) || IOU, 0.05), 1))}
        />
      </div>
      <Loaded query={truth}>
        {(agreement) =>
          agreement.rows.length === 0 ? (
            <Empty icon={<IconTargetArrow size={22} />} title={t("work.noAgreement")}>
              {t("work.noAgreementHint")}
            </Empty>
          ) : (
            <Section title={t("work.truth")} note={t("work.truthNote")}>
              <AgreementTable agreement={agreement} onShow={(image, annotator) => setShown({ image, annotator })} />
            </Section>
          )
        }
      </Loaded>
      {shown !== null && (
        <CompareDialog
          source={{ kind: "truth", project, annotator: shown.annotator }}
          image={shown.image}
          images={[shown.image]}
          iou={iou}
          onGo={(image) => setShown({ ...shown, image })}
          onClose={() => setShown(null)}
        />
      )}
    </div>
  );
}
