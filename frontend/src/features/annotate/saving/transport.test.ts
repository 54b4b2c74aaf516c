import { afterEach, expect, test, vi } from "vitest";
import { saveChanges } from "../../../api/queries/annotations";
import { TransportError } from "../../../editor";
import { makeTransport } from "./transport";

const transport = (onDecided: (imageId: number) => void = () => undefined) =>
  makeTransport({ person: 3, unreachable: "The server did not answer.", save: saveChanges, onDecided });
const batch = { base_revision: 3, batch_id: "b", create: [], update: [], delete: [] };

function answer(status: number, body: unknown): void {
  vi.stubGlobal("document", { cookie: "csrftoken=abc" });
  vi.stubGlobal(
    "fetch",
    vi.fn(() => Promise.resolve(new Response(body === null ? null : JSON.stringify(body), { status }))),
  );
}

const failure = async (call: Promise<unknown>): Promise<TransportError> => {
  const error: unknown = await call.then(
    () => new Error("resolved"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof TransportError)) throw new Error("no TransportError");
  return error;
};

afterEach(() => vi.unstubAllGlobals());

test("a save sends the batch with the CSRF token and gives the answer back", async () => {
  answer(200, { revision: 4, state: "annotated" });
  const result = await transport().saveChanges(7, batch, { keepalive: true });
  expect(result).toEqual({ revision: 4, state: "annotated" });
  const request = vi.mocked(fetch).mock.calls[0]?.[0] as Request;
  expect([request.url, request.method, request.keepalive]).toEqual([
    "http://localhost/api/v1/images/7/changes/",
    "POST",
    true,
  ]);
  expect([request.headers.get("X-CSRFToken"), request.headers.get("X-Annotator-Person")]).toEqual(["abc", "3"]);
  expect(await request.json()).toEqual(batch);
});

test("a conflict is an answer, for the rest of the batch was applied", async () => {
  const body = { code: "conflict", detail: "d", fields: {}, revision: 5, conflicts: [{ uuid: "u" }] };
  answer(409, body);
  expect(await transport().saveChanges(7, batch, { keepalive: false })).toEqual(body);
});

test("an ended session, an overloaded server and a refused batch are told apart", async () => {
  const send = () => transport().saveChanges(7, batch, { keepalive: false });
  answer(401, { code: "not_authenticated", detail: "Sign in." });
  expect((await failure(send())).kind).toBe("unauthenticated");
  answer(503, { code: "unavailable", detail: "Later." });
  expect((await failure(send())).kind).toBe("network");
  answer(429, { code: "throttled", detail: "Slower." });
  expect((await failure(send())).kind).toBe("network");
  answer(400, { code: "bad_shape", detail: "shape: a box needs a width." });
  const refused = await failure(send());
  expect([refused.kind, refused.message]).toEqual(["refused", "shape: a box needs a width."]);
});

test("work of a person who is no longer signed in, and images that take nothing, are told apart as well", async () => {
  const kindOf = async (status: number, code: string) => {
    answer(status, { code, detail: "d" });
    return (await failure(transport().saveChanges(7, batch, { keepalive: false }))).kind;
  };
  expect(await kindOf(403, "other_person")).toBe("stranger");
  expect(await kindOf(403, "role_too_low")).toBe("barred");
  expect(await kindOf(404, "not_found")).toBe("barred");
  expect(await kindOf(400, "image_deleted")).toBe("barred");
  expect(await kindOf(409, "opinion_closed")).toBe("barred");
  expect(await kindOf(413, "http_413")).toBe("refused");
});

test("no answer at all is the network's fault, in our own sentence", async () => {
  vi.stubGlobal("document", { cookie: "" });
  vi.stubGlobal(
    "fetch",
    vi.fn(() => Promise.reject(new TypeError("fetch failed"))),
  );
  const error = await failure(transport().decide(7, { batch_id: "b", accept: [], reject: [] }, { keepalive: false }));
  expect([error.kind, error.message]).toEqual(["network", "The server did not answer."]);
});

test("the images whose predictions were decided are told", async () => {
  answer(200, { revision: 9, accepted: 1, rejected: 0, skipped: 0 });
  const decided: number[] = [];
  const sent = transport((imageId) => decided.push(imageId));
  await sent.decide(7, { batch_id: "b", accept: ["u"], reject: [] }, { keepalive: false });
  expect(decided).toEqual([7]);
});
