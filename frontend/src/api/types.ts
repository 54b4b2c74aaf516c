/**
 * The records on the wire by the names of docs/glossary.md, taken from the generated schema. Where the schema says
 * "string" or "object" on purpose (keys of registries, shapes), the values that the interface knows are named here.
 */
import type { components } from "./schema";

type Schemas = components["schemas"];
/** What is sent is never changed on its way, though the generated types would allow it. */
export type Frozen<T> = T extends (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;
type Narrow<Wide, Fields> = Omit<Wide, keyof Fields> & Readonly<Fields>;

export type Role = Schemas["RoleEnum"];
export type ImageState = "unlabelled" | "in_progress" | "annotated" | "verified_empty" | "skipped";
export type Split = Schemas["SplitEnum"];
export type JobState = Schemas["JobOutputStateEnum"];
export type Task = "detection" | "classification" | "segmentation";

export type Me = Schemas["MeOutput"];
export type LabelClass = Schemas["ClassOutput"];
export type ClassUsage = Schemas["ClassUsageOutput"];
type RevisitItem = Omit<Schemas["RevisitItemOutput"], "annotation"> & { readonly annotation: DiffAnnotation };
export type RevisitPage = Omit<Schemas["RevisitPageOutput"], "results"> & { readonly results: readonly RevisitItem[] };
export type NewClass = Schemas["ClassInputRequest"];
export type NewProject = Schemas["ProjectInputRequest"];
export type Project = Narrow<Schemas["ProjectOutput"], { role: Role }>;
export type Member = Narrow<Schemas["MemberOutput"], { role: Role }>;

export type Box = readonly [x: number, y: number, width: number, height: number];
export type ReviewStatus = "submitted" | "returned" | "fixed" | "accepted";
export type ImageRecord = Narrow<Schemas["ImageOutput"], { state: ImageState; review: ReviewStatus | null }>;
export type Comment = Schemas["CommentOutput"];
export type Review = Schemas["ReviewOutput"];
export type Assignment = Schemas["AssignmentOutput"];
export type AssignmentInput = Schemas["AssignmentInputRequest"];
export type ConsensusRound = Schemas["ConsensusOutput"];
export type Agreement = Schemas["AgreementOutput"];
export type AgreementRow = Schemas["AgreementRow"];
export type RoundReport = Schemas["RoundAgreementOutput"];
export type AgreementPair = Schemas["AgreementPairOutput"];
export type RoundImage = Schemas["RoundImageOutput"];
export type ConsensusInput = Schemas["ConsensusInputRequest"];
export type Decision = Schemas["DecisionInputRequest"];
export type OwnOpinion = Schemas["OwnOpinionOutput"];
export type ComparedObject = Omit<Schemas["ComparedObject"], "shape"> & {
  readonly shape: Readonly<Record<string, unknown>>;
};
export type ComparedGroup = Omit<Schemas["ComparedGroupOutput"], "objects"> & {
  readonly objects: readonly ComparedObject[];
};
/** What people made of one image; the empty name is ground truth. */
export type Comparison = Omit<Schemas["ComparisonOutput"], "groups"> & { readonly groups: readonly ComparedGroup[] };
export type PersonWork = Schemas["PersonWorkOutput"];
export type Tiles = Schemas["TilesOutput"];
export type ImagePage = Narrow<Schemas["ImagePageOutput"], { results: readonly ImageRecord[] }>;
export type ImageAnnotations = Narrow<Schemas["Annotations"], { state: ImageState }>;
export type Prediction = Schemas["Prediction"];
export type BulkInput = Schemas["BulkInputRequest"];
export type BulkAction = Schemas["ActionEnum"];
export type Revision = Schemas["RevisionOutput"];
export type RevisionPage = Schemas["RevisionPageOutput"];
export type NounCounts = Schemas["NounCountsOutput"];
/** What a revert or a restore did. */
export type Rewrite = Schemas["RewriteOutput"] & { readonly conflict_count?: number };
type RevertConflict = Omit<Schemas["RevertConflict"], "now" | "then"> & {
  readonly now: DiffAnnotation | null;
  readonly then: DiffAnnotation | null;
};
export type RevertPreview = Omit<Schemas["RevertPreviewOutput"], "conflicts"> & {
  readonly conflicts: readonly RevertConflict[];
};
/** Of a project: all of it, or one image or one class of it. */
export interface RestorePart {
  readonly revision: number;
  readonly image?: number;
  readonly class?: number;
}
export type RestorePreview = Schemas["RestorePreview"];
export type ObjectEvent = Omit<Schemas["ObjectEventOutput"], "object"> & { readonly object: DiffAnnotation | null };

/** A state of the project: a version, or a plain revision. */
export interface DiffEnd {
  readonly revision: number;
  readonly version: number | null;
}
/** `to` null: now. */
export interface DiffEnds {
  readonly from: DiffEnd;
  readonly to: DiffEnd | null;
}
export type DiffKind = keyof Schemas["DiffImageObjects"];
type DiffImageSide = Narrow<Schemas["DiffImageSide"], { state: ImageState }>;
type DiffSides = Readonly<Record<"from" | "to", DiffImageSide | null>>;
export type DiffImage = Narrow<Schemas["DiffImageLine"], DiffSides>;
export type DiffPage = Narrow<Schemas["DiffImagePage"], { results: readonly DiffImage[] }>;
export type Diff = Schemas["Diff"];
export interface DiffAnnotation {
  readonly uuid: string;
  readonly class: number;
  readonly shape: Readonly<Record<string, unknown>>;
  readonly created_by: string | null;
}
export type DiffObject = Omit<Schemas["DiffObject"], "from" | "to" | "kinds"> & {
  readonly kinds: readonly DiffKind[];
  readonly from: DiffAnnotation | null;
  readonly to: DiffAnnotation | null;
};
export type ImageDiff = DiffSides & {
  readonly objects: readonly DiffObject[];
  readonly unchanged: readonly DiffAnnotation[];
};

export type VersionStatistics = Schemas["StatisticsOutput"];
export type NewVersion = Schemas["VersionInputRequest"];

export type RecipeStage = Schemas["StageEnum"];
/** Lists are names of classes, maps what each named class becomes. */
export type RecipeValue = number | boolean | string | null | readonly string[] | Readonly<Record<string, string>>;
export type RecipeParameter = Omit<Schemas["RecipeParameterOutput"], "default"> & { readonly default: RecipeValue };
export type RecipeOperation = Omit<Schemas["RecipeOperationOutput"], "parameters"> & {
  readonly parameters: readonly RecipeParameter[];
};
export interface RecipeStep {
  readonly op: string;
  readonly parameters?: Readonly<Record<string, RecipeValue>>;
}
export interface Recipe {
  readonly operations?: readonly RecipeStep[];
  readonly copies?: number;
  readonly seed?: number;
}
export interface RecipeShape {
  readonly class: number;
  readonly name: string;
  readonly color: string;
  readonly shape: Readonly<Record<string, unknown>>;
}
export type RecipeSample = Omit<Schemas["RecipeSampleOutput"], "annotations"> & {
  readonly annotations: readonly RecipeShape[];
};

/** The recipe is {} where there is none. */
export type Version = Omit<Schemas["VersionOutput"], "recipe"> & { readonly recipe: Recipe };
export type Leaks = Schemas["LeakListOutput"];

export interface Job<Result = unknown> extends Required<Omit<Schemas["JobOutput"], "result" | "error">> {
  readonly result: Result | null;
  readonly error: Schemas["JobErrorOutput"] | null;
}
export type UploadAnswer = Schemas["UploadOutput"];

export interface Problem {
  readonly where: string;
  readonly detail: string;
}

/** What becomes of a class of the file: the id of a class, the name of one (made if need be), or null to leave it out. */
export type ClassTargets = Readonly<Record<string, number | string | null>>;
export interface ClassMapping {
  readonly name: string;
  readonly action: "matched" | "mapped" | "created" | "skipped";
  readonly class: number | null;
  readonly class_name: string;
  readonly annotations: number;
  readonly suggestions: readonly { readonly id: number; readonly name: string }[];
}
export interface ImportPreviewImage {
  readonly name: string;
  readonly image: number | null;
  readonly width: number;
  readonly height: number;
  readonly annotation_count: number;
  readonly annotations: readonly { readonly class: string; readonly box: Box; readonly shape: string | null }[];
}
export type ImportMode = "merge" | "add" | "replace";

/** The result of an import's job. */
export interface ImportResult {
  readonly format: string;
  readonly confidence: number;
  readonly revision: number | null;
  readonly images: {
    readonly created: number;
    readonly matched: number;
    readonly unmatched: readonly string[];
    readonly unmatched_count: number;
    readonly suggestions?: Readonly<Record<string, readonly string[]>>;
  };
  readonly annotations: Readonly<Record<"created" | "repeated" | "removed" | "skipped" | "fixed" | "refused", number>>;
  readonly classes: {
    readonly created: readonly string[];
    readonly matched: readonly string[];
    readonly mapping: readonly ClassMapping[];
  };
  readonly problems: readonly Problem[];
  readonly problem_count: number;
  readonly problems_url?: string;
  readonly notes: readonly string[];
  readonly preview?: readonly ImportPreviewImage[];
}

/** The result of an export's job. */
export interface ExportResult {
  readonly download_url: string;
  readonly filename: string;
  readonly size: number;
  readonly problems: readonly Problem[];
}

type FormatOption = Narrow<Schemas["FormatOptionOutput"], { default: ParameterValue }>;
type FormatProfile = Narrow<Schemas["FormatProfileOutput"], { options: ParameterValues }>;
export type Format = Narrow<
  Schemas["FormatOutput"],
  { options: readonly FormatOption[]; read_options: readonly FormatOption[]; profiles: readonly FormatProfile[] }
>;
/** What an export is made of. */
export interface ExportInput {
  readonly format: string;
  readonly version?: number;
  readonly images: boolean;
  readonly links: boolean;
  readonly profile?: string;
  readonly options?: ParameterValues;
  readonly filter?: Readonly<Record<string, string>>;
}
export type Losses = Schemas["LossesOutput"];

export type ParameterValue = number | boolean | string | null;
export type ParameterValues = Readonly<Record<string, ParameterValue>>;
type Parameter = Narrow<Schemas["SmartParameterOutput"], { default: ParameterValue }>;
export type Setting = Narrow<Schemas["SettingOutput"], { default: ParameterValue }>;
export type SmartMethod = Narrow<Schemas["SmartMethodOutput"], { parameters: readonly Parameter[] }>;
export type SmartPrompt = Schemas["SmartPromptInputRequest"];
export type SmartAnswer = Schemas["SmartPredictOutput"];
export type Weights = Omit<Schemas["WeightsOutput"], "job"> & { readonly job: Job | null };

export type Preset = Narrow<Schemas["PresetOutput"], { config: ParameterValues }>;
export type Architecture = Narrow<
  Schemas["ArchitectureOutput"],
  { presets: readonly Preset[]; config: readonly Setting[] }
>;
export type NewRun = Pick<Schemas["RunInputRequest"], "version" | "architecture"> &
  Partial<Pick<Schemas["RunInputRequest"], "name" | "preset">> & { readonly config: ParameterValues };
type Checkpoint = Narrow<Schemas["CheckpointOutput"], { kind: "best" | "last" }>;
export type Run = Omit<Schemas["RunOutput"], "job" | "best" | "config" | "checkpoints"> & {
  readonly job: Job | null;
  readonly best: Schemas["BestOutput"] | null;
  readonly config: ParameterValues;
  readonly checkpoints: readonly Checkpoint[];
};
export type MetricPoint = Schemas["MetricPointOutput"];
export type Model = Schemas["ModelOutput"];
export type ModelExport = Omit<Schemas["ModelExportOutput"], "job"> & { readonly job: Job | null };

export type ClassMetrics = Schemas["ClassFigures"];
interface Curves {
  readonly pr: readonly {
    readonly class: number;
    readonly points: readonly (readonly [recall: number, precision: number, threshold: number])[];
  }[];
  readonly f1: readonly (readonly [threshold: number, precision: number, recall: number, f1: number])[];
}
export type Evaluation = Omit<Schemas["EvaluationOutput"], "job" | "curves" | "split"> & {
  readonly job: Job | null;
  readonly curves: Curves;
  readonly split: Split;
};
export type EvaluationCell = Narrow<Schemas["CellObjectOutput"], { box: Box | null }>;
export type PredictionBatch = Schemas["PredictionBatchOutput"];

export type PrelabelRules = Pick<
  Schemas["AutoLabelInputRequest"],
  "mapping" | "thresholds" | "max_overlap" | "region" | "inside_class"
>;
/** Why finds of a model are no proposals, by reason, and how many. */
export type LeftOut = Readonly<Partial<Record<"unmapped" | "below" | "overlapping" | "outside", number>>>;
/** The result of pre-labelling's job. */
export interface AutoLabelResult {
  readonly batch: number;
  readonly images: number;
  readonly predictions: number;
  readonly left_out: LeftOut;
}
/** The result of trying a pre-labelling. */
export interface AutoLabelTrial {
  readonly images: number;
  readonly total: number;
  readonly predictions: number;
  readonly left_out: LeftOut;
  readonly estimate: { readonly seconds: number; readonly predictions: number };
  readonly samples: readonly {
    readonly image: number;
    readonly name: string;
    readonly width: number;
    readonly height: number;
    readonly predictions: readonly { readonly class: number; readonly score: number; readonly box: Box }[];
  }[];
}

export type Severity = Schemas["SeverityEnum"];
export type HealthThreshold = Schemas["ThresholdOutput"];
export type HealthRule = Schemas["HealthRuleOutput"];
export type HealthFix = Narrow<Schemas["HealthFixOutput"], { role: Role }>;
export type HealthCheck = Omit<Schemas["HealthCheckOutput"], "fixes" | "severity"> & {
  readonly severity: Severity | null;
  readonly fixes: readonly HealthFix[];
};
/** `missing`: never computed; `behind`: more changed since than a request may wait for. */
export type HealthState = "missing" | "behind" | "current";
interface HealthStamp {
  readonly state: HealthState;
  readonly job: Job | null;
}
export type Health = Omit<Schemas["HealthOutput"], "checks" | keyof HealthStamp> &
  HealthStamp & { readonly checks: readonly HealthCheck[] };
export type Finding = Schemas["Finding"];
export type FindingPage = Schemas["FindingPageOutput"];
/** Findings by id, or all of a check, or of one of its rules. */
export type FindingTarget = { readonly findings: readonly number[] } | { readonly all: true; readonly code?: string };
export type HealthFixResult = Schemas["FixOutput"];

export type StatisticsBar = Schemas["StatisticsBar"];
export type StatisticsClass = Schemas["StatisticsClass"];
export type StatisticsSize = Schemas["StatisticsSize"];
export type StatisticsPair = Schemas["StatisticsPair"];
export type HeatMapCells = Schemas["StatisticsHeatMap"];
export type Statistics = Omit<Schemas["ProjectStatisticsOutput"], keyof HealthStamp> & HealthStamp;

export type DetectorHead = Omit<Schemas["DetectorHeadOutput"], "inputs"> & {
  readonly inputs: readonly { readonly title: string; readonly values: Declaration }[];
};
/** How an ONNX detector is used: what its file does not say. */
export type Declaration = Readonly<Record<string, unknown>>;
/** The result of the job that looks at an uploaded detector; a declaration of null could not be guessed. */
export interface InspectedModel {
  readonly facts: { readonly input: readonly number[]; readonly outputs: readonly (readonly number[])[] };
  readonly declaration: Declaration | null;
  readonly classes: readonly { readonly name: string; readonly class: number | null }[];
}

/** Of one class, or of all together (null). */
export type ClassPrecision = Schemas["ClassPrecisionOutput"] & { readonly class: number | null };
