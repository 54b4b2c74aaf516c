import { at, body, http } from "../client";
import type { components } from "../schema";

export type Presence = components["schemas"]["PresenceOutput"];
export type PresentPerson = components["schemas"]["PresentPerson"];

type Note = components["schemas"]["PresenceInputRequest"];

export const notePresence = (image: number, note: Note, signal?: AbortSignal): Promise<Presence> =>
  body(http.POST("/api/v1/images/{id}/presence/", { params: at(image), body: note, signal: signal ?? null }));

/** May be sent by a page that goes away. */
export const endPresence = (image: number, seat: string): Promise<Presence> =>
  body(
    http.POST("/api/v1/images/{id}/presence/", {
      params: at(image),
      body: { seat, revision: 0, leaving: true },
      keepalive: true,
    }),
  );
