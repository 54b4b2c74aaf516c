/** Brings an image with picture, annotations and predictions into the editor, and its neighbours into memory. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import { errorSentence } from "../../api/errors";
import { fetchAnnotations, fetchPredictions, imageQuery } from "../../api/queries/images";
import type { ImageAnnotations, ImageRecord, Prediction } from "../../api/types";
import type { Editor } from "../../editor";
import { notifyFailure } from "../../ui/notify";
import { ImageCache } from "./imageCache";
import type { Place } from "./neighbours";
import { fetchAheadBytes, loadPicture } from "./pictures";
import { Readings } from "./readings";

const SERVER_FAULT = 500;

/** All that an image opens with, but its picture. */
export interface Reading {
  readonly image: ImageRecord;
  readonly annotations: ImageAnnotations;
  readonly predictions: readonly Prediction[];
}

export type ReadImage = (client: QueryClient, id: number, signal: AbortSignal) => Promise<Reading>;

async function readImage(client: QueryClient, id: number, signal: AbortSignal): Promise<Reading> {
  const [image, annotations, predictions] = await Promise.all([
    client.query({ ...imageQuery(id), staleTime: "static", networkMode: "always" }),
    fetchAnnotations(id, signal),
    // A server without models has no predictions; the labels must open all the same.
    fetchPredictions(id, signal).catch(() => []),
  ]);
  return { image, annotations, predictions };
}

/** What cannot be fetched ahead is asked for again, and complained about, when it is opened. */
const ignore = (): void => undefined;

export interface Loading {
  readonly state: "loading" | "ready" | "failed";
  readonly detail: string;
  /** How many predictions came with the image, whatever their score. */
  readonly predicted: number;
  readonly onRetry: () => void;
  /** What was read ahead of this image is older than what the server has. */
  readonly onOutdated: (image: number) => void;
}

type Neighbours = Pick<Place, "ahead" | "later">;

const START: Omit<Loading, "onRetry" | "onOutdated"> = { state: "loading", detail: "", predicted: 0 };

/** `read` has to be stable between renders. */
export function useImageLoader(
  editor: Editor | null,
  id: number,
  { ahead, later }: Neighbours,
  read: ReadImage = readImage,
): Loading {
  const client = useQueryClient();
  const { t } = useTranslation();
  const cache = useMemo(() => new ImageCache(loadPicture), []);
  const readings = useMemo(
    () =>
      new Readings({
        read: (image, signal) => read(client, image, signal),
        isUnreachable: (error) => !(error instanceof ApiError) || error.status >= SERVER_FAULT,
      }),
    [client, read],
  );
  const [loading, setLoading] = useState({ ...START, id });
  const [attempt, setAttempt] = useState(0);
  const onRetry = useCallback(() => setAttempt((count) => count + 1), []);
  const onOutdated = useCallback((image: number) => readings.outdate(image), [readings]);
  useEffect(() => () => cache.clear(), [cache]);

  useEffect(() => {
    if (editor === null) return;
    const aborter = new AbortController();
    const left = (): boolean => aborter.signal.aborted;
    const fetchPicture = async () => {
      const image = await client.query({ ...imageQuery(id), staleTime: "static", networkMode: "always" });
      if (!left()) await cache.get(image);
    };
    const open = async () => {
      setLoading({ ...START, id });
      // The picture does not wait for the objects.
      void fetchPicture().catch(ignore);
      try {
        const { image, annotations, predictions } = await readings.get(id, aborter.signal);
        const picture = cache.get(image);
        const decoded = await Promise.race([picture, Promise.resolve(null)]);
        if (left()) return;
        const { problems } = editor.open({
          image: { ...image, state: annotations.state },
          revision: annotations.revision,
          annotations: annotations.annotations,
          predictions,
          // A picture that was fetched ahead is drawn at once; any other follows when it is decoded.
          ...(decoded === null ? {} : { picture: decoded }),
        });
        const first = problems[0];
        if (first !== undefined) {
          notifyFailure(t("editor.unreadable", { count: problems.length }), first.detail);
        }
        const bitmap = await picture;
        if (left()) return;
        editor.setPicture(bitmap);
        setLoading({ id, state: "ready", detail: "", predicted: predictions.length });
      } catch (error) {
        if (!left())
          setLoading({ ...START, id, state: "failed", detail: errorSentence(error, t("errors.unreachable")) });
      }
    };
    void open();
    return () => {
      aborter.abort();
      editor.close();
      readings.outdate(id);
    };
  }, [editor, id, client, readings, cache, attempt, t]);

  const ready = loading.state === "ready" && loading.id === id;
  useFetchAhead(ready, { ahead, later }, { readings, cache });

  const hasFailed = loading.state === "failed" && loading.id === id;
  useEffect(() => {
    if (!hasFailed) return;
    window.addEventListener("online", onRetry);
    return () => window.removeEventListener("online", onRetry);
  }, [hasFailed, onRetry]);
  return { ...(loading.id === id ? loading : START), onRetry, onOutdated };
}

interface Stores {
  readonly readings: Readings<Reading>;
  readonly cache: ImageCache<Awaited<ReturnType<typeof loadPicture>>, ImageRecord>;
}

/** The nearest are decoded, so that they show at once; those after them open without the network. */
function useFetchAhead(ready: boolean, { ahead, later }: Neighbours, { readings, cache }: Stores): void {
  const [near, far] = [ahead.join(), later.join()];
  useEffect(() => {
    if (!ready) return;
    const aborter = new AbortController();
    const { signal } = aborter;
    const fetchAll = async () => {
      await Promise.all(numbers(near).map(async (id) => cache.get((await readings.fetchAhead(id, signal)).image)));
      for (const id of numbers(far)) await fetchAheadBytes((await readings.fetchAhead(id, signal)).image, signal);
    };
    fetchAll().catch(ignore);
    return () => aborter.abort();
  }, [ready, near, far, readings, cache]);
}

const numbers = (text: string): readonly number[] => (text === "" ? [] : text.split(",").map(Number));
