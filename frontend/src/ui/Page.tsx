/** The frame of a screen: a 40 px bar with title and actions, and a body that scrolls. */
import type { ReactNode } from "react";
import classes from "./Page.module.css";

interface PageProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  /** A second bar below the title, for filters. */
  readonly bar?: ReactNode;
  /** The body scrolls by itself (a virtualised list) instead of the page. */
  readonly fixed?: boolean;
  readonly children: ReactNode;
}

export function Page({ title, note, actions, bar, fixed = false, children }: PageProps) {
  return (
    <main className={classes.page} data-region>
      <header className={classes.head}>
        <h1 className={classes.title}>{title}</h1>
        {note !== undefined && <div className={`${classes.note ?? ""} num`}>{note}</div>}
        <div className={classes.actions}>{actions}</div>
      </header>
      {bar !== undefined && <div className={classes.bar}>{bar}</div>}
      <div className={fixed ? classes.fixed : classes.body}>{children}</div>
    </main>
  );
}

export function Section({
  title,
  note,
  actions,
  children,
}: {
  readonly title: string;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className={classes.section} aria-label={title}>
      <div className={classes.sectionHead}>
        <h2 className={classes.sectionTitle}>{title}</h2>
        {note !== undefined && <span className={`${classes.note ?? ""} num`}>{note}</span>}
        <div className={classes.actions}>{actions}</div>
      </div>
      <div className={classes.sectionBody}>{children}</div>
    </section>
  );
}

/** A table on a surface of its own, with the corners of a card. */
export function TableCard({ children }: { readonly children: ReactNode }) {
  return <div className={classes.tableCard}>{children}</div>;
}
