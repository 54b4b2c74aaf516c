/** The editor's part of the bar at the top: the image, its state, undo, what is saved, help. */
import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconHistory } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { withFilter } from "../../api/imageFilters";
import type { ImageState } from "../../api/types";
import { RuleMenu } from "../../parts/rules/RuleMenu";
import { STATES, StateIcon } from "../../parts/StateBadge";
import { useProjectId } from "../../parts/useProjectId";
import { BarContent } from "../../ui/BarSlot";
import { IconButton } from "../../ui/IconButton";
import { HelpButton, ImageName, ImageSteps, type ImageStepsProps, Steps } from "./barParts";
import { useEditor } from "./EditorContext";
import { People } from "./presence/People";
import { SavedBadge } from "./saving/SavedBadge";
import { useImageFilters } from "./useCarriedSearch";
import { useSignal } from "./useSignal";
import classes from "./Annotate.module.css";

export function EditorBar(steps: ImageStepsProps) {
  const { t } = useTranslation();
  const editor = useEditor();
  const image = useSignal(editor.image);
  const [filters, setFilters] = useImageFilters();
  const navigate = useNavigate();
  const project = useProjectId();
  return (
    <BarContent>
      <span className={classes.barDivider} />
      <ImageSteps {...steps} />
      <RuleMenu
        scope="images"
        text={filters.rules}
        onChange={(rules) => setFilters(withFilter(filters, "rules", rules))}
        label={t("rules.imagesTitle")}
        compact
      />
      <ImageName />
      {image !== null && <StateMenu state={image.state as ImageState} />}
      <span className={classes.barSpace} />
      <Steps />
      <People />
      <SavedBadge />
      {image !== null && (
        <IconButton
          label={t("editor.history")}
          onClick={() => void navigate(`/projects/${project}/activity?image=${image.imageId}`)}
        >
          <IconHistory size={17} />
        </IconButton>
      )}
      <HelpButton />
    </BarContent>
  );
}

function StateMenu({ state }: { readonly state: ImageState }) {
  const { t } = useTranslation();
  const editor = useEditor();
  const { readOnly } = useSignal(editor.session);
  const label = t(`imageState.${state}`);
  return (
    <Menu width={190} position="bottom-start" disabled={readOnly}>
      <Menu.Target>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<StateIcon state={state} />}
          rightSection={<IconChevronDown size={12} />}
          aria-label={t("editor.state", { state: label })}
        >
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {STATES.map((value) => (
          <Menu.Item key={value} leftSection={<StateIcon state={value} />} onClick={() => editor.setImageState(value)}>
            {t(`imageState.${value}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
