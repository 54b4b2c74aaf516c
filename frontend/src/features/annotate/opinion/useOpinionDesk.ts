/** Where the labels of a round are read and kept: with the person's own opinion on each image, never with the image. */
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { fetchOpinion, ownOpinionsQuery, saveOpinion } from "../../../api/queries/consensus";
import { imageQuery } from "../../../api/queries/images";
import type { ReadImage } from "../useImageLoader";
import type { Desk } from "../useProjectEditor";

export function useOpinionDesk(round: number): { readonly desk: Desk; readonly read: ReadImage } {
  const client = useQueryClient();
  const { t } = useTranslation();
  const missing = t("consensus.notGiven");
  return useMemo(() => {
    const opinionOf = async (image: number): Promise<number> => {
      const find = async (staleTime: number) =>
        (await client.query({ ...ownOpinionsQuery(round), staleTime })).find((opinion) => opinion.image === image);
      // What was given a moment ago is not in an older list.
      const found = (await find(Infinity)) ?? (await find(0));
      if (found === undefined) throw new Error(missing);
      return found.opinion;
    };
    return {
      desk: {
        // The work of one round must never be taken up as that of another, or of the project.
        key: `-round-${round}`,
        save: async (image, batch, options) => saveOpinion(await opinionOf(image), batch, options),
      },
      read: async (queries, image, signal) => {
        const opinion = await opinionOf(image);
        const [record, annotations] = await Promise.all([
          queries.query({ ...imageQuery(image), staleTime: "static", networkMode: "always" }),
          fetchOpinion(opinion, signal),
        ]);
        return { image: record, annotations, predictions: [] };
      },
    };
  }, [client, round, missing]);
}
