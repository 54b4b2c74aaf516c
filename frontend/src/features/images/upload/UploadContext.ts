/** The upload queue of the project in view, for the button that opens the file dialog. */
import { createContext, use } from "react";
import type { UploadQueue } from "./queue";

export const UploadContext = createContext<UploadQueue | null>(null);

export function useUploadQueue(): UploadQueue {
  const queue = use(UploadContext);
  if (queue === null) throw new Error("useUploadQueue needs an UploadArea around it.");
  return queue;
}
