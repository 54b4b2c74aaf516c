/** An icon with an accessible name, a tooltip that repeats it with its key, and a reason when it cannot be used. */
import { ActionIcon, Tooltip } from "@mantine/core";
import type { MouseEvent, ReactNode, Ref } from "react";
import { KeyHint } from "./KeyHint";

interface IconButtonProps {
  readonly label: string;
  readonly children: ReactNode;
  readonly onClick?: (event: MouseEvent<HTMLButtonElement>) => void;
  readonly keys?: readonly string[];
  readonly active?: boolean;
  /** Why it cannot be used now; the button stays reachable so that the reason can be read. */
  readonly reason?: string | undefined;
  readonly danger?: boolean;
  readonly side?: "top" | "right" | "bottom" | "left";
  readonly size?: number;
}

/** What a menu or a popover tells of the button that opens it. */
interface OpenerProps {
  readonly ref?: Ref<HTMLButtonElement>;
  readonly id?: string;
  readonly "aria-haspopup"?: "menu" | "dialog" | "listbox";
  readonly "aria-expanded"?: boolean;
  readonly "aria-controls"?: string;
}

const BLOCKED = { background: "transparent", opacity: 0.45 };

export function IconButton(props: IconButtonProps & OpenerProps) {
  const { label, children, onClick, keys = [], active, reason, danger, side = "bottom", size = 28, ...opener } = props;
  const blocked = reason !== undefined;
  return (
    <Tooltip
      position={side}
      label={
        <span>
          {label}{" "}
          {keys.slice(0, 1).map((chord) => (
            <KeyHint key={chord} chord={chord} />
          ))}
          {blocked && <span style={{ display: "block", opacity: 0.75 }}>{reason}</span>}
        </span>
      }
    >
      <ActionIcon
        {...opener}
        aria-label={label}
        aria-disabled={blocked}
        data-disabled={blocked}
        {...(active === undefined ? {} : { "aria-pressed": active })}
        variant={active ? "light" : "subtle"}
        color={danger ? "red" : active ? "accent" : "gray"}
        size={size}
        {...(blocked ? { style: BLOCKED } : {})}
        onClick={(event) => {
          if (!blocked) onClick?.(event);
        }}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
