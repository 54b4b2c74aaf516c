/** The one door to the HTTP API: typed by the generated schema, with session, CSRF and the error shape. */
import createClient from "openapi-fetch";
import type { paths } from "./schema";
import { session } from "./session";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly fields: Readonly<Record<string, unknown>>,
    readonly body: unknown,
  ) {
    super(detail);
    this.name = "ApiError";
  }
}

const SAFE = new Set(["GET", "HEAD"]);

export function csrfToken(): string {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

/** The error of an answer that is not 2xx; `text` is its body. */
export function apiErrorFrom(status: number, text: string): ApiError {
  let body: unknown = null;
  try {
    body = JSON.parse(text) as unknown;
  } catch {
    // A proxy's error page is no JSON: the status has to do.
  }
  const shape = (typeof body === "object" && body !== null ? body : {}) as {
    code?: unknown;
    detail?: unknown;
    fields?: unknown;
  };
  return new ApiError(
    status,
    typeof shape.code === "string" ? shape.code : `http_${status}`,
    typeof shape.detail === "string" ? shape.detail : `The server answered with status ${status}.`,
    typeof shape.fields === "object" && shape.fields !== null ? (shape.fields as Record<string, unknown>) : {},
    body,
  );
}

export const meansSignedOut = (error: ApiError): boolean => error.status === 401 || error.code === "not_authenticated";

/** Work of one person was sent while another one is signed in at this browser. */
export const meansOtherPerson = (error: ApiError): boolean => error.code === "other_person";

/** For an answer outside `auth/`: the screen asks for the password in place. */
export function noteSignedOut(error: ApiError): void {
  if (meansOtherPerson(error)) session.markExpired("stranger");
  else if (meansSignedOut(error)) session.markExpired("expired");
}

export const http = createClient<paths>({
  // Outside a browser (tests) a request needs a whole address.
  baseUrl: typeof location === "undefined" ? "http://localhost" : location.origin,
  credentials: "same-origin",
  // Looked up at each call, so that tests can put theirs in its place.
  fetch: (request) => fetch(request),
});

http.use({
  onRequest({ request }) {
    if (!SAFE.has(request.method)) request.headers.set("X-CSRFToken", csrfToken());
    return request;
  },
  async onResponse({ request, response }) {
    if (response.ok) return;
    const error = apiErrorFrom(response.status, await response.text());
    if (!request.url.includes("/api/v1/auth/")) noteSignedOut(error);
    throw error;
  },
});

/** The body of an answer; whatever is not 2xx has been thrown by then. */
export async function body<Body>(call: Promise<{ data?: Body }>): Promise<Body> {
  return (await call).data as Body;
}

/** The path parameter of most calls. */
export const at = (id: number): { readonly path: { readonly id: number } } => ({ path: { id } });
