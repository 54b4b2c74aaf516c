/** The tools, from the editor's list; a tool that cannot be used here says why. */
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { toolAction } from "../../editor";
import { localised } from "../../i18n/localised";
import { useActionKeys } from "../../parts/keys/useActionKeys";
import { useActionTitle } from "../../parts/keys/useActionTitle";
import { IconButton } from "../../ui/IconButton";
import { useEditor } from "./EditorContext";
import { focusCanvas } from "./focusCanvas";
import { SnapToggles } from "./SnapToggles";
import { useSignal } from "./useSignal";
import classes from "./Annotate.module.css";

export const Toolbar = memo(function Toolbar() {
  const { t } = useTranslation();
  const editor = useEditor();
  const { tool: active } = useSignal(editor.session);
  const keysOf = useActionKeys();
  const title = useActionTitle();
  const groups = [...new Set(editor.tools.map((tool) => tool.group))].map(
    (group) => [group, editor.tools.filter((tool) => tool.group === group)] as const,
  );
  return (
    <div
      className={classes.tools}
      role="toolbar"
      data-region
      aria-label={t("editor.tools")}
      aria-orientation="vertical"
      onClick={focusCanvas}
    >
      {groups.map(([group, tools]) => (
        <div key={group} className={classes.toolGroup}>
          {tools.map((tool) => {
            const usable = editor.canUse(tool.id);
            return (
              <IconButton
                key={tool.id}
                label={title(toolAction(tool.id))}
                keys={keysOf(toolAction(tool.id))}
                active={active === tool.id}
                reason={usable === true ? undefined : localised(usable)}
                side="right"
                size={34}
                onClick={() => editor.setTool(tool.id)}
              >
                <svg width={20} height={20} viewBox="0 0 24 24" aria-hidden className={classes.toolIcon}>
                  <path d={tool.icon} />
                </svg>
              </IconButton>
            );
          })}
        </div>
      ))}
      <SnapToggles />
    </div>
  );
});
