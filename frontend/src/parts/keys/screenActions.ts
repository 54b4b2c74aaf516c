/** Owns the keys of what belongs to a screen rather than to the canvas, and of what can be done everywhere. */
import type { Bindable } from "../../editor";

export type Section =
  | "app"
  | "tools"
  | "drawing"
  | "cursor"
  | "edit"
  | "object"
  | "class"
  | "prediction"
  | "images"
  | "review"
  | "mode"
  | "view";

interface Entry extends Bindable {
  readonly section: Section;
}

const NINE = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

export const APP_ACTIONS = [
  { id: "palette", keys: ["Ctrl+K"], scope: "app", section: "app" },
  { id: "help", keys: ["?"], scope: "app", section: "app" },
  { id: "change-keys", keys: [], scope: "app", section: "app" },
  { id: "settings", keys: ["Ctrl+,"], scope: "app", section: "app" },
  { id: "next-region", keys: ["F6"], scope: "app", section: "app" },
  { id: "previous-region", keys: ["Shift+F6"], scope: "app", section: "app" },
] as const satisfies readonly Entry[];

export const SCREEN_ACTIONS = [
  { id: "previous-image", keys: ["D"], scope: "image", section: "images" },
  { id: "next-image", keys: ["F"], scope: "image", section: "images" },
  { id: "image-left", keys: ["ArrowLeft"], scope: "image", section: "images" },
  { id: "image-right", keys: ["ArrowRight"], scope: "image", section: "images" },
  { id: "next-unlabelled", keys: ["Shift+F"], scope: "image", section: "images" },
  { id: "search-class", keys: ["/"], scope: "image", section: "class" },
  { id: "propagate", keys: ["Ctrl+B"], scope: "image", section: "images" },
  { id: "take-back-copies", keys: [], scope: "image", section: "images" },
  { id: "copy-image-link", keys: [], scope: "image", section: "images" },
  { id: "copy-object-link", keys: ["Ctrl+Shift+C"], scope: "image", section: "object" },
  { id: "caption", keys: ["T"], scope: "image", section: "images" },
  { id: "comment", keys: ["I"], scope: "image", section: "review" },
  { id: "next-comment", keys: ["Shift+I"], scope: "image", section: "review" },
  { id: "review-accept", keys: ["A"], scope: "image", section: "review" },
  { id: "review-return", keys: ["X"], scope: "image", section: "review" },
  { id: "tag-mode", keys: ["Shift+T"], scope: "image", section: "mode" },
  { id: "attribute-mode", keys: ["Shift+Q"], scope: "image", section: "mode" },
  { id: "attribute-next", keys: ["Tab"], scope: "mode", section: "mode" },
  { id: "attribute-previous", keys: ["Shift+Tab"], scope: "mode", section: "mode" },
  ...NINE.map((digit) => ({
    id: `attribute-answer-${digit}` as const,
    keys: [digit],
    scope: "mode" as const,
    section: "mode" as const,
  })),
] as const satisfies readonly Entry[];

export type AppActionId = (typeof APP_ACTIONS)[number]["id"];
export type ScreenActionId = (typeof SCREEN_ACTIONS)[number]["id"];
