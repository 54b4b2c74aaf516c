import { queryOptions } from "@tanstack/react-query";
import { apiErrorFrom, body, http } from "../client";
import type { Frozen, Job, SmartAnswer, SmartMethod, SmartPrompt, Weights } from "../types";

export const smartMethodsQuery = queryOptions({
  queryKey: ["smart-methods"],
  queryFn: ({ signal }) => body(http.GET("/api/v1/smart/methods/", { signal })) as Promise<readonly SmartMethod[]>,
  staleTime: 60_000,
});

export const runSmartMethod = (
  image: number,
  method: string,
  input: { prompt: Frozen<SmartPrompt>; parameters: Readonly<Record<string, unknown>>; output: string },
  signal: AbortSignal,
): Promise<SmartAnswer> =>
  body(
    http.POST("/api/v1/images/{id}/smart/{method}/", {
      params: { path: { id: image, method } },
      body: { ...input, prompt: input.prompt as SmartPrompt },
      signal,
    }),
  );

/** Lets a method look at an image before the first click. */
export const prepareSmartMethod = (image: number, method: string): Promise<unknown> =>
  body(http.POST("/api/v1/images/{id}/smart/{method}/prepare/", { params: { path: { id: image, method } } }));

export interface BoxesToMasks {
  readonly project: number;
  readonly method: string;
  readonly labelClass: number;
  readonly output: "mask" | "polygon";
}

const boxesToMasks = ({ project, method, labelClass, output }: BoxesToMasks, dryRun: boolean, signal?: AbortSignal) =>
  body(
    http.POST("/api/v1/projects/{id}/smart/{method}/boxes-to-masks/", {
      params: { path: { id: project, method } },
      body: { class: labelClass, output, filter: {}, parameters: {}, dry_run: dryRun },
      ...(signal === undefined ? {} : { signal }),
    }),
  );

/** How many boxes a class has that a method would cut out. */
export const boxCountQuery = (wanted: BoxesToMasks) =>
  queryOptions({
    queryKey: ["box-count", wanted],
    queryFn: ({ signal }) => boxesToMasks(wanted, true, signal),
  });

/** A job that turns every box of a class into a mask or polygon. */
export const startBoxesToMasks = (wanted: BoxesToMasks) => boxesToMasks(wanted, false);

/** The decoder of a method as an ONNX model; null while a worker exports it. */
export async function fetchDecoder(method: string, signal: AbortSignal): Promise<ArrayBuffer | null> {
  const answer = await fetchBytes(`/api/v1/smart/methods/${method}/decoder/`, signal);
  return answer?.arrayBuffer() ?? null;
}

/** float16, channels x rows x columns; sizes in pixels, of the picture and of what the encoder saw of it. */
interface SmartEmbedding {
  readonly features: ArrayBuffer;
  readonly width: number;
  readonly height: number;
  readonly frameWidth: number;
  readonly frameHeight: number;
}

/** What the method's encoder read in an image; null until it was prepared. */
export async function fetchEmbedding(
  image: number,
  method: string,
  signal: AbortSignal,
): Promise<SmartEmbedding | null> {
  const answer = await fetchBytes(`/api/v1/images/${image}/smart/${method}/embedding/`, signal);
  if (answer === null) return null;
  const sizeOf = (name: string): [height: number, width: number] => {
    const [height = 0, width = 0] = (answer.headers.get(name) ?? "").split(",").map(Number);
    return [height, width];
  };
  const [[height, width], [frameHeight, frameWidth]] = [sizeOf("X-Original-Size"), sizeOf("X-Input-Size")];
  return { features: await answer.arrayBuffer(), width, height, frameWidth, frameHeight };
}

/** Null: not ready yet. */
async function fetchBytes(url: string, signal: AbortSignal): Promise<Response | null> {
  const answer = await fetch(url, { credentials: "same-origin", signal });
  if (!answer.ok) throw apiErrorFrom(answer.status, await answer.text());
  return answer.status === 202 ? null : answer;
}

export const weightsQuery = queryOptions({
  queryKey: ["weights"],
  queryFn: ({ signal }) => body(http.GET("/api/v1/weights/", { signal })) as Promise<readonly Weights[]>,
  refetchInterval: (query) => (query.state.data?.some((item) => item.state === "fetching") ? 1500 : false),
});

export const fetchWeights = (key: string): Promise<Job> =>
  body(http.POST("/api/v1/weights/{key}/fetch/", { params: { path: { key } } })) as Promise<Job>;

export const verifyWeights = (key: string): Promise<Job> =>
  body(http.POST("/api/v1/weights/{key}/verify/", { params: { path: { key } } })) as Promise<Job>;
