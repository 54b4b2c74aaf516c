/** One class of a project, edited in place; a change is sent when the field is left. */
import { ColorInput, Kbd, Table, Text, TextInput } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { updateClass } from "../../api/queries/classes";
import type { LabelClass, Project } from "../../api/types";
import { useAction } from "../../parts/useAction";
import { PALETTE } from "../../ui/palette";
import { Swatch } from "../../ui/Swatch";
import { ClassMenu } from "./ClassMenu";

interface ClassRowProps {
  readonly item: LabelClass;
  readonly project: Project;
  readonly mayManage: boolean;
}

export function ClassRow({ item, project, mayManage }: ClassRowProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(item.name);
  const [color, setColor] = useState(item.color);
  const invalidate = [["project", project.id], ["projects"]];
  const update = useAction((patch: Parameters<typeof updateClass>[1]) => updateClass(item.id, patch), {
    failure: t("settings.updateFailed", { name: item.name }),
    invalidate,
  });

  const saveName = () => {
    const wanted = name.trim();
    if (wanted === "" || wanted === item.name) setName(item.name);
    else update.mutate({ name: wanted });
  };
  if (!mayManage) {
    return (
      <Table.Tr>
        <Table.Td c="dimmed">{item.number}</Table.Td>
        <Table.Td>
          <Swatch color={item.color} />
        </Table.Td>
        <Table.Td dir="auto">{item.name}</Table.Td>
        <Table.Td>{item.hotkey !== "" && <Kbd size="xs">{item.hotkey}</Kbd>}</Table.Td>
        <Table.Td />
      </Table.Tr>
    );
  }
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="xs" c="dimmed" className="num">
          {item.number}
        </Text>
      </Table.Td>
      <Table.Td>
        <ColorInput
          aria-label={t("settings.colorOf", { name: item.name })}
          value={color}
          onChange={setColor}
          onChangeEnd={(value) => {
            if (value !== item.color) update.mutate({ color: value });
          }}
          format="hex"
          withEyeDropper={false}
          swatches={[...PALETTE]}
          swatchesPerRow={10}
          size="xs"
          w={116}
        />
      </Table.Td>
      <Table.Td>
        <TextInput
          aria-label={t("settings.nameOf", { name: item.name })}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          onBlur={saveName}
          onKeyDown={(event) => {
            if (event.key === "Enter") event.currentTarget.blur();
          }}
        />
      </Table.Td>
      <Table.Td>
        <HotkeyInput item={item} onSave={(hotkey) => update.mutate({ hotkey })} />
      </Table.Td>
      <Table.Td>
        <ClassMenu item={item} project={project} />
      </Table.Td>
    </Table.Tr>
  );
}

/** Takes the next key pressed; Backspace clears it. */
function HotkeyInput({ item, onSave }: { readonly item: LabelClass; readonly onSave: (hotkey: string) => void }) {
  const { t } = useTranslation();
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Tab" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (event.key === "Backspace" || event.key === "Delete") onSave("");
    else if (event.key.length === 1) onSave(event.key.toLowerCase());
  };
  return (
    <TextInput
      aria-label={t("settings.hotkeyOf", { name: item.name })}
      placeholder={t("settings.pressKey")}
      value={item.hotkey}
      onChange={() => undefined}
      onKeyDown={onKeyDown}
    />
  );
}
