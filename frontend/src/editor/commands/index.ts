/** Owns the list of commands: a new command is its definition and its line here. */

import { alignments } from "./align";
import { copy, cut, duplicate, paste } from "./clipboard";
import { intersect, join, subtract } from "./combine";
import type { CommandDefinition } from "./Command";
import { conversions } from "./convert";
import { deleteSelected } from "./delete";
import { hide, hideAll, lock, occluded, pin } from "./flags";
import { group, selectGroup } from "./group";
import { redo, undo } from "./history";
import { brushLarger, brushSmaller, brushTip, fillHoles, keepOthers } from "./masks";
import { singleClass } from "./modes";
import { nudges } from "./nudge";
import { back, front } from "./order";
import { togglePoint } from "./point";
import { acceptAllPredictions, acceptPrediction, rejectPrediction } from "./predictions";
import { deselect, nextObject, previousObject, selectAll } from "./selection";
import { sharedVertices, snapping } from "./snapping";
import { repeatTool } from "./tool";
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
  pin,
  occluded,
  togglePoint,
  group,
  selectGroup,
  back,
  front,
  ...nudges,
  join,
  subtract,
  intersect,
  ...conversions,
  ...alignments,
  acceptPrediction,
  rejectPrediction,
  acceptAllPredictions,
  fit,
  actualSize,
  zoomIn,
  zoomOut,
  zoomSelection,
  toggleLabels,
  singleClass,
  repeatTool,
  snapping,
  sharedVertices,
  brushSmaller,
  brushLarger,
  brushTip,
  keepOthers,
  fillHoles,
];
