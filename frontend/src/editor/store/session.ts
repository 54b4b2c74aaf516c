/** Owns what is in the hand (tool, class, brush, method) and how things are shown. Nothing of it is saved with the image. */

import type { BrushTip } from "../geometry/brush";

export interface SmartMethod {
  readonly key: string;
  readonly prompts: {
    readonly points: boolean;
    readonly negative_points: boolean;
    readonly box: boolean;
    readonly strokes?: boolean;
  };
  /** Its answers are objects of their own, not alternatives for one. */
  readonly several?: boolean;
  readonly outputs: readonly string[];
  readonly parameters: readonly SmartParameter[];
}

export interface SmartParameter {
  readonly key: string;
  readonly default: unknown;
  readonly min?: number | null;
  readonly max?: number | null;
  readonly step?: number | null;
}

export interface BrushSettings {
  /** Diameter in image pixels. */
  readonly size: number;
  readonly tip: BrushTip;
  /** A pen that presses less paints thinner. */
  readonly pressure: boolean;
  /** Pixels of other masks and polygons stay theirs. */
  readonly keepOthers: boolean;
  /** How unlike the place under the wand a pixel may be, in standard deviations of the surroundings. */
  readonly tolerance: number;
}

export interface WireSettings {
  /** How far it is drawn to edges: 0 goes straight on, 1 follows them at any price. */
  readonly pull: number;
  /** Pixels (of the screen or of the picture, whichever are larger) by which the outline may differ from the wire. */
  readonly tolerance: number;
}

export interface Session {
  readonly tool: string;
  readonly activeClass: number | null;
  /** Which points of an object give its box. */
  readonly boxBy: "corners" | "extremes";
  readonly brush: BrushSettings;
  readonly wire: WireSettings;
  /** Image pixels by which a simplified outline may differ. */
  readonly simplifyTolerance: number;
  /** What is drawn or dragged goes to vertices and borders nearby. */
  readonly snapping: boolean;
  /** A vertex that several objects have in common is dragged in all of them. */
  readonly sharedVertices: boolean;
  /** Pixels of the way along the border of a mask over which its stairs are evened out. */
  readonly outlineSmoothing: number;
  /** Shape types that the project uses; empty = all. */
  readonly shapes: readonly string[];
  /** "one": a tag takes the place of the other tag of the image. */
  readonly tagMode: "one" | "many";
  /** The person may look but not change anything. */
  readonly readOnly: boolean;
  readonly smart: {
    readonly method: SmartMethod | null;
    readonly parameters: Readonly<Record<string, unknown>>;
    readonly output: string;
    /** What a drag draws where the method takes both; Alt means the other one. */
    readonly drag: "box" | "stroke";
    /** Image pixels. */
    readonly strokeWidth: number;
    /** Ask before the click what it would give, where answers are quick. */
    readonly hover: boolean;
  };
}

export interface ViewSettings {
  /** 1 = as the picture is. */
  readonly brightness: number;
  readonly contrast: number;
  /** Of the fill, 0 … 1. */
  readonly opacity: number;
  readonly colorBy: "class" | "object" | "source";
  readonly outlines: boolean;
  readonly labels: boolean;
  readonly crosshair: boolean;
  readonly pixelGrid: boolean;
  readonly showPredictions: boolean;
  /** Predictions under this score are not shown. */
  readonly minScore: number;
  readonly hideAll: boolean;
  /** Objects of other classes are faint and cannot be grabbed; null: of none. */
  readonly onlyClass: number | null;
  /** Other annotations are faint and cannot be grabbed; null: none. */
  readonly onlyObjects: ReadonlySet<string> | null;
}

export const NEW_SESSION: Session = {
  tool: "select",
  activeClass: null,
  boxBy: "corners",
  brush: { size: 20, tip: "round", pressure: true, keepOthers: false, tolerance: 1 },
  wire: { pull: 0.8, tolerance: 1 },
  simplifyTolerance: 1,
  outlineSmoothing: 1,
  snapping: false,
  sharedVertices: false,
  shapes: [],
  tagMode: "one",
  readOnly: false,
  smart: { method: null, parameters: {}, output: "mask", drag: "box", strokeWidth: 8, hover: true },
};

export const DEFAULT_SETTINGS: ViewSettings = {
  brightness: 1,
  contrast: 1,
  opacity: 0.25,
  colorBy: "class",
  outlines: true,
  labels: true,
  crosshair: false,
  pixelGrid: true,
  showPredictions: true,
  minScore: 0.25,
  hideAll: false,
  onlyClass: null,
  onlyObjects: null,
};

/** For the image canvas' CSS `filter`: done by the GPU, and Safari has no filter on a 2D context. */
export function imageFilter(settings: ViewSettings): string {
  const { brightness, contrast } = settings;
  return brightness === 1 && contrast === 1 ? "none" : `brightness(${brightness}) contrast(${contrast})`;
}

export interface SmartOptions {
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly output?: string;
}

/** An output that the method cannot give becomes its first one. */
export function chooseMethod(
  before: Session["smart"],
  method: SmartMethod | null,
  options: SmartOptions,
): Session["smart"] {
  const defaults = Object.fromEntries(method?.parameters.map(({ key, default: value }) => [key, value]) ?? []);
  const wanted = options.output ?? before.output;
  const output = method && !method.outputs.includes(wanted) ? (method.outputs[0] ?? wanted) : wanted;
  return { ...before, method, parameters: { ...defaults, ...options.parameters }, output };
}
