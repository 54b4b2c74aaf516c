/** Sends files with progress, which fetch cannot report; knows no queue. */
import { ApiError, apiErrorFrom, csrfToken, noteSignedOut } from "./client";
import type { UploadAnswer } from "./types";

/** `onProgress` tells bytes of the request body sent so far; rejects with ApiError, or TypeError without an answer. */
export function uploadImages(
  project: number,
  files: readonly File[],
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<UploadAnswer> {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    for (const file of files) form.append("files", file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/projects/${project}/images/`);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => {
      try {
        if (request.status < 200 || request.status >= 300) throw apiErrorFrom(request.status, request.responseText);
        resolve(JSON.parse(request.responseText) as UploadAnswer);
      } catch (error) {
        if (error instanceof ApiError) noteSignedOut(error);
        reject(error instanceof Error ? error : new TypeError(String(error)));
      }
    };
    request.onerror = () => reject(new TypeError("network"));
    request.onabort = () => reject(new DOMException("aborted", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}
