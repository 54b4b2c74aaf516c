/** Every key and what it does, from the same table that the editor acts on. */
import { Modal, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { KeyHint } from "../../ui/KeyHint";
import { useEditor } from "./EditorContext";
import { useSignal } from "./useSignal";
import classes from "./Annotate.module.css";

export function HelpDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("help.title")}
      size={880}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <KeyTable />
    </Modal>
  );
}

function KeyTable() {
  const { t } = useTranslation();
  const editor = useEditor();
  useSignal(editor.keymap.changed);
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const rows = editor.keymap
    .rows()
    .filter((row) => row.keys.length > 0 && `${row.title} ${row.keys.join(" ")}`.toLowerCase().includes(wanted));
  const groups = [...new Set(rows.map((row) => row.group))];
  return (
    <>
      <TextInput
        aria-label={t("help.search")}
        placeholder={t("help.search")}
        leftSection={<IconSearch size={14} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        mb="sm"
        data-autofocus
      />
      <div className={classes.help}>
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl>
              {rows
                .filter((row) => row.group === group)
                .map((row) => (
                  <div key={row.id}>
                    <dt>{row.title}</dt>
                    <dd>
                      {row.keys.map((chord) => (
                        <KeyHint key={chord} chord={chord} />
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </>
  );
}
