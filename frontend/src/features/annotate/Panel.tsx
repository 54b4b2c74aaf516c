/** A titled part of the side panel that can be folded; each person finds it as they left it. */
import { UnstyledButton } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { meQuery } from "../../api/queries/account";
import classes from "./Annotate.module.css";

interface PanelProps {
  readonly name: string;
  readonly title: string;
  readonly note?: ReactNode;
  /** Takes the room that is left. */
  readonly grow?: boolean;
  readonly children: ReactNode;
}

export function Panel({ name, title, note, grow = false, children }: PanelProps) {
  const person = useQuery(meQuery).data?.id ?? 0;
  const key = `panel-${person}-${name}`;
  const [open, setOpen] = useLocalStorage({ key, defaultValue: true, getInitialValueInEffect: false });
  return (
    <section className={classes.panel} data-grow={(grow && open) || undefined} aria-label={title}>
      <UnstyledButton className={classes.panelHead ?? ""} aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? <IconChevronDown size={13} /> : <IconChevronRight size={13} />}
        <span>{title}</span>
        <em className="num">{note}</em>
      </UnstyledButton>
      {open && children}
    </section>
  );
}
