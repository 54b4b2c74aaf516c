/** A titled part of the side panel that can be folded. */
import { UnstyledButton } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
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
  const [open, setOpen] = useLocalStorage({ key: `panel-${name}`, defaultValue: true });
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
