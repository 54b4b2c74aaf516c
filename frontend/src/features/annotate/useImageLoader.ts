/** Brings an image with picture, annotations and predictions into the editor, and its neighbours into memory. */
import { type QueryClient, queryOptions, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorSentence } from "../../api/errors";
import { fetchAnnotations, fetchPredictions, imageQuery } from "../../api/queries/images";
import type { Editor } from "../../editor";
import { notifyFailure } from "../../ui/notify";
import { ImageCache, loadPicture } from "./imageCache";

/** Read ahead for the neighbours; what the editor saved since makes it stale (see `forgetAnnotations`). */
const annotationsQuery = (image: number) =>
  queryOptions({
    queryKey: ["annotations", image],
    queryFn: async ({ signal }) => {
      const [annotations, predictions] = await Promise.all([
        fetchAnnotations(image, signal),
        // A server without models has no predictions; the labels must open all the same.
        fetchPredictions(image, signal).catch(() => []),
      ]);
      return { annotations, predictions };
    },
    staleTime: 15_000,
  });

/** What cannot be fetched ahead is asked for again, and complained about, when it is opened. */
const ignore = (): void => undefined;

/** What was read before a save is older than the save. */
export const forgetAnnotations = (client: QueryClient, image: number): void =>
  client.removeQueries({ queryKey: ["annotations", image] });

export interface Loading {
  readonly state: "loading" | "ready" | "failed";
  readonly detail: string;
  /** How many predictions came with the image, whatever their score. */
  readonly predicted: number;
}

const START: Loading = { state: "loading", detail: "", predicted: 0 };

export function useImageLoader(editor: Editor | null, id: number, ahead: readonly number[]): Loading {
  const client = useQueryClient();
  const { t } = useTranslation();
  const cache = useMemo(() => new ImageCache(loadPicture), []);
  const [loading, setLoading] = useState<Loading & { readonly id: number }>({ ...START, id });
  useEffect(() => () => cache.clear(), [cache]);

  useEffect(() => {
    if (editor === null) return;
    const aborter = new AbortController();
    const left = (): boolean => aborter.signal.aborted;
    const open = async () => {
      setLoading({ ...START, id });
      try {
        const image = await client.query({ ...imageQuery(id), staleTime: "static" });
        const picture = cache.get(image);
        const { annotations, predictions } = await client.query(annotationsQuery(id));
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
      forgetAnnotations(client, id);
    };
  }, [editor, id, client, cache, t]);

  const ready = loading.state === "ready" && loading.id === id;
  const wanted = ahead.join();
  useEffect(() => {
    if (!ready) return;
    for (const neighbour of wanted
      .split(",")
      .filter((text) => text !== "")
      .map(Number)) {
      client.query(annotationsQuery(neighbour)).catch(ignore);
      client
        .query({ ...imageQuery(neighbour), staleTime: "static" })
        .then((image) => cache.get(image))
        .catch(ignore);
    }
  }, [ready, wanted, client, cache]);
  return loading.id === id ? loading : START;
}
