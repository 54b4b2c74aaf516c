/** Says every ten seconds that this image is open here, hears who else has it, and takes in what they changed. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { endPresence, notePresence, type PresentPerson } from "../../../api/queries/presence";
import { type Editor, uuid4 } from "../../../editor";
import { reread } from "../saving/reread";

const INTERVAL_MS = 10_000;
const MAX_EDITING = 100;
const NOBODY: readonly PresentPerson[] = [];

/** `image` is the one that is shown; null while none is. Nothing is asked while the page is hidden. */
export function usePresence(editor: Editor, image: number | null): readonly PresentPerson[] {
  const [seat] = useState(uuid4);
  const presence = useQuery({
    queryKey: ["presence", image, seat],
    queryFn: async ({ signal }) => {
      if (image === null) return null;
      const editing = [...editor.selection.get()].filter((id) => !id.includes(":")).slice(0, MAX_EDITING);
      const answer = await notePresence(image, { seat, editing, revision: editor.sync.readAt() ?? 0 }, signal);
      if (answer.changed && editor.sync.status.get().state === "saved") await reread(editor, image);
      return answer;
    },
    enabled: image !== null,
    refetchInterval: INTERVAL_MS,
    staleTime: INTERVAL_MS,
    gcTime: 0,
    retry: false,
  });

  useEffect(() => {
    if (image === null) return;
    const leave = () => void endPresence(image, seat).catch(() => undefined);
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [image, seat]);
  return presence.data?.people ?? NOBODY;
}
