/** Pieces of the bar above the canvas, whoever's labels are on it. */
import { Badge, Text } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChevronLeft,
  IconChevronRight,
  IconKeyboard,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { openHelp } from "../../parts/keys/dialog";
import { useActionKeys } from "../../parts/keys/useActionKeys";
import { formatCount } from "../../ui/format";
import { IconButton } from "../../ui/IconButton";
import { useEditor } from "./EditorContext";
import type { Place } from "./neighbours";
import { useSignal } from "./useSignal";

export interface ImageStepsProps {
  readonly place: Place;
  readonly total: number;
  readonly onGo: (image: number | null) => void;
}

/** Previous, where one is, next. */
export function ImageSteps({ place, total, onGo }: ImageStepsProps) {
  const { t } = useTranslation();
  const keysOf = useActionKeys();
  return (
    <>
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
    </>
  );
}

export function ImageName() {
  const name = useSignal(useEditor().image)?.name;
  return (
    <Text component="h1" size="sm" fw={570} m={0} truncate maw={240} title={name} data-testid="image-name" dir="auto">
      {name ?? ""}
    </Text>
  );
}

/** Undo and redo, and a word where nothing may be changed. */
export function Steps() {
  const { t } = useTranslation();
  const editor = useEditor();
  const history = useSignal(editor.history.state);
  const { readOnly } = useSignal(editor.session);
  const keysOf = useActionKeys();
  return (
    <>
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
    </>
  );
}

export function HelpButton() {
  const { t } = useTranslation();
  const keysOf = useActionKeys();
  return (
    <IconButton label={t("keys.title")} keys={keysOf("help")} onClick={openHelp}>
      <IconKeyboard size={17} />
    </IconButton>
  );
}
