/** Owns the list of commands: a new command is its definition and its line here. */

import { copy, cut, duplicate, paste } from "./clipboard";
import type { CommandDefinition } from "./Command";
import { deleteSelected } from "./delete";
import { hide, hideAll, lock, occluded } from "./flags";
import { redo, undo } from "./history";
import { nudges } from "./nudge";
import { back, front } from "./order";
import { acceptAllPredictions, acceptPrediction, rejectPrediction } from "./predictions";
import { deselect, nextObject, previousObject, selectAll } from "./selection";
import { brushLarger, brushSmaller, repeatTool } from "./tool";
import { actualSize, fit, toggleLabels, zoomIn, zoomOut, zoomSelection } from "./view";

export const COMMANDS: readonly CommandDefinition[] = [
  undo,
  redo,
  deleteSelected,
  copy,
  cut,
  paste,
  duplicate,
  selectAll,
  deselect,
  nextObject,
  previousObject,
  hide,
  hideAll,
  lock,
  occluded,
  back,
  front,
  ...nudges,
  acceptPrediction,
  rejectPrediction,
  acceptAllPredictions,
  fit,
  actualSize,
  zoomIn,
  zoomOut,
  zoomSelection,
  toggleLabels,
  repeatTool,
  brushSmaller,
  brushLarger,
];
