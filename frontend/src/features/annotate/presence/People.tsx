/** Who else has the image open, as initials; choosing one shows what they have selected. */
import { Tooltip, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { PresentPerson } from "../../../api/queries/presence";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { usePresence } from "./usePresence";
import classes from "./People.module.css";

const SHOWN = 4;

export function People() {
  const { t } = useTranslation();
  const editor = useEditor();
  const image = useSignal(editor.image);
  const people = usePresence(editor, image?.imageId ?? null);
  if (people.length === 0) return null;
  const others = people.slice(SHOWN).map(({ username }) => username);
  return (
    <ul className={classes.people} aria-label={t("presence.title")}>
      {people.slice(0, SHOWN).map((person) => (
        <li key={person.user}>
          <Person person={person} />
        </li>
      ))}
      {others.length > 0 && (
        <li>
          <Tooltip label={others.join(", ")}>
            <span className={classes.person}>+{others.length}</span>
          </Tooltip>
        </li>
      )}
    </ul>
  );
}

function Person({ person }: { readonly person: PresentPerson }) {
  const { t } = useTranslation();
  const editor = useEditor();
  const objects = useSignal(editor.objects);
  const known = useSignal(editor.classes);
  const edited = objects.filter(({ id }) => person.editing.includes(id));
  const [first] = edited;
  const names = [...new Set(edited.map(({ classId }) => known.find((one) => one.classId === classId)?.name))];
  const label =
    first === undefined
      ? t("presence.looks", { name: person.username })
      : t("presence.edits", { name: person.username, count: edited.length, classes: names.join(", ") });
  return (
    <Tooltip label={label} multiline maw={280}>
      <UnstyledButton
        className={classes.person ?? ""}
        aria-label={label}
        data-editing={first !== undefined || undefined}
        onClick={() => first && editor.zoomTo(first.id)}
      >
        {person.username.slice(0, 2).toUpperCase()}
      </UnstyledButton>
    </Tooltip>
  );
}
