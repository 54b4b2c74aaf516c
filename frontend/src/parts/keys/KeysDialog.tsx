/** Every key and what it does, from the table that the product acts on; and the place where a person changes them. */
import { Button, Modal, TextInput } from "@mantine/core";
import { IconKeyboard, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ChangeKeys } from "./ChangeKeys";
import { returnFocus, showKeys, useKeysView } from "./dialog";
import { KeyTable } from "./KeyTable";
import classes from "./Keys.module.css";

export function KeysDialog() {
  const { t } = useTranslation();
  const view = useKeysView();
  const [recording, setRecording] = useState(false);
  return (
    <Modal
      opened={view !== null}
      onClose={() => showKeys(null)}
      title={t(view === "change" ? "keys.change" : "keys.title")}
      size={view === "change" ? 720 : 920}
      // While new keys are pressed Esc is one of them.
      closeOnEscape={!recording}
      returnFocus={false}
      onExitTransitionEnd={returnFocus}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <Found view={view === "change" ? "change" : "help"} recording={recording} onRecording={setRecording} />
    </Modal>
  );
}

interface FoundProps {
  readonly view: "help" | "change";
  readonly recording: boolean;
  readonly onRecording: (recording: boolean) => void;
}

function Found({ view, onRecording }: FoundProps) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  return (
    <>
      <div className={classes.search}>
        <TextInput
          aria-label={t("keys.search")}
          placeholder={t("keys.search")}
          leftSection={<IconSearch size={14} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
        />
        <Button
          variant="default"
          leftSection={view === "help" ? <IconKeyboard size={14} /> : undefined}
          onClick={() => showKeys(view === "help" ? "change" : "help")}
        >
          {t(view === "help" ? "keys.change" : "keys.done")}
        </Button>
      </div>
      {view === "help" ? <KeyTable text={text} /> : <ChangeKeys text={text} onRecording={onRecording} />}
    </>
  );
}
