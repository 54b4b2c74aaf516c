/** What a screen shows when there is nothing to show: why, and what to do next. */
import { Skeleton } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./Empty.module.css";

interface EmptyProps {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className={classes.empty}>
      {icon !== undefined && <div className={classes.icon}>{icon}</div>}
      <h2 className={classes.title}>{title}</h2>
      {children !== undefined && <p className={classes.text}>{children}</p>}
      {action !== undefined && <div className={classes.action}>{action}</div>}
    </div>
  );
}

export function Failure({ title, detail, action }: { title: string; detail: string; action?: ReactNode }) {
  return (
    <div role="alert">
      <Empty icon={<IconAlertTriangle size={22} color="var(--bad)" />} title={title} action={action}>
        {detail}
      </Empty>
    </div>
  );
}

export function Loading({ rows = 4, label }: { rows?: number; label: string }) {
  return (
    <div className={classes.loading} role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={34} radius="sm" />
      ))}
    </div>
  );
}
