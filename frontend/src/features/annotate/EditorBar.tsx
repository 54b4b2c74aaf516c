/** The editor's part of the bar at the top: the image, its state, undo, what is saved, help. */
import { Badge, Button, Menu, Text } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChevronDown,
  IconChevronLeft,
  IconChevronRight,
  IconHistory,
  IconKeyboard,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { withFilter } from "../../api/imageFilters";
import type { ImageState } from "../../api/types";
import { openHelp } from "../../parts/keys/dialog";
import { useActionKeys } from "../../parts/keys/useActionKeys";
import { RuleMenu } from "../../parts/rules/RuleMenu";
import { STATES, StateIcon } from "../../parts/StateBadge";
import { useProjectId } from "../../parts/useProjectId";
import { BarContent } from "../../ui/BarSlot";
import { formatCount } from "../../ui/format";
import { IconButton } from "../../ui/IconButton";
import { useEditor } from "./EditorContext";
import type { Place } from "./neighbours";
import { People } from "./presence/People";
import { SavedBadge } from "./saving/SavedBadge";
import { useImageFilters } from "./useCarriedSearch";
import { useSignal } from "./useSignal";
import classes from "./Annotate.module.css";

interface EditorBarProps {
  readonly place: Place;
  readonly total: number;
  readonly onGo: (id: number | null) => void;
}

export function EditorBar({ place, total, onGo }: EditorBarProps) {
  const { t } = useTranslation();
  const editor = useEditor();
  const image = useSignal(editor.image);
  const history = useSignal(editor.history.state);
  const { readOnly } = useSignal(editor.session);
  const [filters, setFilters] = useImageFilters();
  const navigate = useNavigate();
  const keysOf = useActionKeys();
  const project = useProjectId();
  return (
    <BarContent>
      <span className={classes.barDivider} />
      <IconButton
        label={t("editor.previous")}
        keys={keysOf("previous-image")}
        reason={place.previous === null ? t("editor.first") : undefined}
        onClick={() => onGo(place.previous)}
      >
        <IconChevronLeft size={17} />
      </IconButton>
      <Text size="xs" c="dimmed" className="num" miw={52} ta="center">
        {place.index < 0 ? "–" : formatCount(place.index + 1)} / {formatCount(total)}
      </Text>
      <IconButton
        label={t("editor.next")}
        keys={keysOf("next-image")}
        reason={place.next === null ? t("editor.last") : undefined}
        onClick={() => onGo(place.next)}
      >
        <IconChevronRight size={17} />
      </IconButton>
      <RuleMenu
        scope="images"
        text={filters.rules}
        onChange={(rules) => setFilters(withFilter(filters, "rules", rules))}
        label={t("rules.imagesTitle")}
        compact
      />
      <Text
        component="h1"
        size="sm"
        fw={570}
        m={0}
        truncate
        maw={240}
        title={image?.name}
        data-testid="image-name"
        dir="auto"
      >
        {image?.name ?? ""}
      </Text>
      {image !== null && <StateMenu state={image.state as ImageState} />}
      <span className={classes.barSpace} />
      <IconButton
        label={t("editor.undo")}
        keys={keysOf("undo")}
        reason={history.canUndo ? undefined : t("editor.nothingToUndo")}
        onClick={() => editor.run("undo")}
      >
        <IconArrowBackUp size={17} />
      </IconButton>
      <IconButton
        label={t("editor.redo")}
        keys={keysOf("redo")}
        reason={history.canRedo ? undefined : t("editor.nothingToRedo")}
        onClick={() => editor.run("redo")}
      >
        <IconArrowForwardUp size={17} />
      </IconButton>
      {readOnly ? <Badge color="gray">{t("editor.readOnly")}</Badge> : null}
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
      <IconButton label={t("keys.title")} keys={keysOf("help")} onClick={openHelp}>
        <IconKeyboard size={17} />
      </IconButton>
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
