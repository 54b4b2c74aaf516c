/** The bar above a person's own labels: the round, the images that they were given, undo, and what is saved. */
import { Badge, Text } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChevronLeft,
  IconChevronRight,
  IconKeyboard,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ConsensusRound } from "../../../api/types";
import { openHelp } from "../../../parts/keys/dialog";
import { useActionKeys } from "../../../parts/keys/useActionKeys";
import { BarContent } from "../../../ui/BarSlot";
import { formatCount } from "../../../ui/format";
import { IconButton } from "../../../ui/IconButton";
import { useEditor } from "../EditorContext";
import type { Place } from "../neighbours";
import { SavedBadge } from "../saving/SavedBadge";
import { useSignal } from "../useSignal";
import classes from "../Annotate.module.css";

interface OpinionBarProps {
  readonly round: ConsensusRound;
  readonly place: Place;
  readonly total: number;
  readonly onGo: (image: number | null) => void;
}

export function OpinionBar({ round, place, total, onGo }: OpinionBarProps) {
  const { t } = useTranslation();
  const editor = useEditor();
  const image = useSignal(editor.image);
  const history = useSignal(editor.history.state);
  const { readOnly } = useSignal(editor.session);
  const keysOf = useActionKeys();
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
      <Text component="h1" size="sm" fw={570} m={0} truncate maw={240} data-testid="image-name" dir="auto">
        {image?.name ?? ""}
      </Text>
      <Badge variant="light" maw={260}>
        {t("consensus.badge", { name: round.name })}
      </Badge>
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
      {readOnly && <Badge color="gray">{t("editor.readOnly")}</Badge>}
      <SavedBadge />
      <IconButton label={t("keys.title")} keys={keysOf("help")} onClick={openHelp}>
        <IconKeyboard size={17} />
      </IconButton>
    </BarContent>
  );
}
