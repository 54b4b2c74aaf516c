/** While a method with a decoder is in hand, clicks are answered by the browser or the server, whichever is faster. */
import { useEffect, useMemo } from "react";
import { fetchDecoder, fetchEmbedding, prepareSmartMethod } from "../../../api/queries/smart";
import type { SmartMethod } from "../../../api/types";
import { openDecoderPort } from "../../../editor";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { FasterProvider } from "./FasterProvider";
import { LocalDecoder } from "./LocalDecoder";
import { PathTimes } from "./PathTimes";

const SOURCES = { decoder: fetchDecoder, embedding: fetchEmbedding, prepare: prepareSmartMethod };

/** `ahead`: images that will be opened next, nearest first. */
export function useLocalDecoding({ key, decoder }: SmartMethod, ahead: readonly number[]): void {
  const editor = useEditor();
  const image = useSignal(editor.image)?.imageId;
  const local = useMemo(() => (decoder ? new LocalDecoder(openDecoderPort, SOURCES) : null), [decoder]);
  const next = ahead.join();

  useEffect(() => {
    if (local === null) return;
    const giveBack = editor.answering.replace(
      (server) => new FasterProvider(server, local, new PathTimes(localStorage)),
    );
    return () => {
      giveBack();
      local.close();
    };
  }, [editor, local]);

  useEffect(() => {
    if (local === null || image === undefined) return;
    void local.bring(key, [image, ...next.split(",").filter(Boolean).map(Number)]);
  }, [local, key, image, next]);
}
