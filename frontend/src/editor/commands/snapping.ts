/** Owns the switches of snapping, and of what happens to vertices that several objects have in common. */

import { always, type CommandDefinition } from "./Command";

export const snapping: CommandDefinition = {
  id: "snapping",
  title: "Snap to vertices and borders",
  group: "Tool",
  keys: ["Y"],
  scope: "global",
  isEnabled: always,
  run: (editor) => {
    editor.session.update((session) => ({ ...session, snapping: !session.snapping }));
    editor.snapping.clear();
    editor.requestOverlay();
  },
};

export const sharedVertices: CommandDefinition = {
  id: "shared-vertices",
  title: "Drag shared vertices in all objects",
  group: "Tool",
  keys: ["U"],
  scope: "global",
  isEnabled: always,
  run: (editor) => editor.session.update((session) => ({ ...session, sharedVertices: !session.sharedVertices })),
};
