/** Owns looking: fit, 1:1, zoom, labels on and off. */

import { recordsToBounds } from "../store/Clipboard";
import { always, needsImage, needsSelection, selectedAnnotations, type CommandDefinition } from "./Command";

const STEP = 1.5;

export const fit: CommandDefinition = {
  id: "fit",
  title: "Fit the image",
  group: "View",
  keys: ["0"],
  scope: "global",
  isEnabled: needsImage,
  run: (editor) => editor.camera.fit(),
};

export const actualSize: CommandDefinition = {
  id: "actual-size",
  title: "Actual size (1:1)",
  group: "View",
  keys: ["Shift+0"],
  scope: "global",
  isEnabled: needsImage,
  run: (editor) => editor.camera.actualSize(),
};

export const zoomIn: CommandDefinition = {
  id: "zoom-in",
  title: "Zoom in",
  group: "View",
  keys: ["Ctrl+=", "Ctrl++"],
  scope: "global",
  isEnabled: needsImage,
  run: (editor) => editor.camera.zoomBy(STEP),
};

export const zoomOut: CommandDefinition = {
  id: "zoom-out",
  title: "Zoom out",
  group: "View",
  keys: ["Ctrl+-"],
  scope: "global",
  isEnabled: needsImage,
  run: (editor) => editor.camera.zoomBy(1 / STEP),
};

export const zoomSelection: CommandDefinition = {
  id: "zoom-selection",
  title: "Zoom to the selection",
  group: "View",
  keys: ["Z"],
  scope: "selection",
  isEnabled: needsSelection,
  run: (editor) => {
    const bounds = recordsToBounds(selectedAnnotations(editor));
    if (bounds) editor.camera.show(bounds);
  },
};

export const toggleLabels: CommandDefinition = {
  id: "toggle-labels",
  title: "Labels on or off",
  group: "View",
  keys: ["Shift+V"],
  scope: "global",
  isEnabled: always,
  run: (editor) => editor.settings.update((settings) => ({ ...settings, labels: !settings.labels })),
};
