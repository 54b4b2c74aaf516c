/** Unfolds what most people leave as it is; stands flush with the fields above it. */
import { Button } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface MoreButtonProps {
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
  readonly children: ReactNode;
}

export function MoreButton({ isOpen, onToggle, children }: MoreButtonProps) {
  return (
    <Button
      ms={-8}
      variant="subtle"
      size="compact-xs"
      leftSection={isOpen ? <IconChevronDown size={13} /> : <IconChevronRight size={13} />}
      aria-expanded={isOpen}
      onClick={() => onToggle(!isOpen)}
    >
      {children}
    </Button>
  );
}
