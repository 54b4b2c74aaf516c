/** Lets a screen put its own controls into the one bar at the top of the window. */
import { createContext, type ReactNode, use } from "react";
import { createPortal } from "react-dom";

export const BarSlotContext = createContext<HTMLElement | null>(null);

export function BarContent({ children }: { readonly children: ReactNode }) {
  const slot = use(BarSlotContext);
  return slot === null ? null : createPortal(children, slot);
}
