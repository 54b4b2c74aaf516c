/** Runs a call for a button: busy while it runs, a sentence when it fails, the queries it changed read again. */
import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { errorSentence } from "../api/errors";
import { notifyDone, notifyFailure } from "../ui/notify";

interface ActionOptions<Result> {
  /** What could not be done, as the title of the failure. */
  readonly failure: string;
  readonly done?: (result: Result) => string | undefined;
  readonly invalidate?: readonly QueryKey[];
  readonly onSuccess?: (result: Result) => void;
}

export function useAction<Input, Result>(call: (input: Input) => Promise<Result>, options: ActionOptions<Result>) {
  const client = useQueryClient();
  const { t } = useTranslation();
  return useMutation({
    mutationFn: call,
    onSuccess: (result) => {
      for (const queryKey of options.invalidate ?? []) void client.invalidateQueries({ queryKey });
      const message = options.done?.(result);
      if (message !== undefined) notifyDone(message);
      options.onSuccess?.(result);
    },
    onError: (error) => notifyFailure(options.failure, errorSentence(error, t("errors.unreachable"))),
  });
}
