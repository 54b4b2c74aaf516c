/** Hiding, locking and pinning of the selected objects, for this session. */
import { IconEyeOff, IconLock, IconPin } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { AnnotationRecord } from "../../../editor";
import { useActionKeys } from "../../../parts/keys/useActionKeys";
import { IconButton } from "../../../ui/IconButton";
import { useEditor } from "../EditorContext";

const TOGGLES = [
  { flag: "pinned", command: "pin", Icon: IconPin },
  { flag: "locked", command: "lock", Icon: IconLock },
  { flag: "hidden", command: "hide", Icon: IconEyeOff },
] as const;

export function ViewToggles({ objects }: { readonly objects: readonly AnnotationRecord[] }) {
  const { t } = useTranslation();
  const editor = useEditor();
  const keysOf = useActionKeys();
  return TOGGLES.map(({ flag, command, Icon }) => (
    <IconButton
      key={flag}
      label={t(`label.${flag}`)}
      keys={keysOf(command)}
      active={objects.every((object) => object[flag])}
      onClick={() => editor.run(command)}
      size={24}
      side="left"
    >
      <Icon size={14} />
    </IconButton>
  ));
}
