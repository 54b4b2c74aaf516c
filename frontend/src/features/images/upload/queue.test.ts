import { expect, test } from "vitest";
import type { UploadAnswer } from "../../../api/types";
import { type FailureKind, fates, nextBatch, UploadQueue, type UploadTransport } from "./queue";

const file = (name: string, size = 10): File => new File([new Uint8Array(size)], name);
const answer = (patch: Partial<UploadAnswer> = {}): UploadAnswer => ({
  created: [],
  refused: [],
  duplicates: [],
  jobs: [],
  ...patch,
});
const created = (names: readonly string[]): UploadAnswer =>
  answer({ created: names.map((name) => ({ name })) as unknown as UploadAnswer["created"] });

class Failure extends Error {
  constructor(readonly kind: FailureKind) {
    super(kind);
  }
}

function fake(send: UploadTransport["send"]): UploadTransport {
  return {
    send,
    classify: (error) => ({
      kind: error instanceof Failure ? error.kind : "network",
      detail: error instanceof Error ? error.message : "",
    }),
    wait: () => Promise.resolve(),
  };
}

const waiting = (files: readonly File[]) =>
  files.map((item, id) => ({ id, file: item, state: "waiting" as const, sent: 0, detail: "" }));

const settled = (queue: UploadQueue): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (!queue.snapshot().busy) resolve();
    };
    queue.subscribe(look);
    look();
  });

test("a batch holds eight files, and no more bytes than a request should carry", () => {
  expect(nextBatch(waiting(Array.from({ length: 20 }, (_, index) => file(`${index}.jpg`))))).toHaveLength(8);
  const large = ["a.tif", "b.tif"].map((name) => Object.defineProperty(file(name), "size", { value: 20_000_000 }));
  expect(nextBatch(waiting(large))).toEqual([0]);
});

test("an archive travels alone, and equal names travel apart", () => {
  expect(nextBatch(waiting([file("a.jpg"), file("set.zip"), file("b.jpg")]))).toEqual([0]);
  expect(nextBatch(waiting([file("set.tar.gz"), file("b.jpg")]))).toEqual([0]);
  expect(nextBatch(waiting([file("a.jpg"), file("a.jpg"), file("b.jpg")]))).toEqual([0, 2]);
});

test("each file learns its fate, the refused with their sentence", () => {
  const files = ["good.jpg", "bad.jpg", "twice.jpg", "set.zip", "träger.png"].map((name) => file(name));
  const result = fates(
    files,
    answer({
      ...created(["good.jpg", "traeger.png"]),
      refused: [{ name: "bad.jpg", code: "unreadable", detail: "Not a picture." }],
      duplicates: [{ name: "twice.jpg", image: 4 }],
      jobs: [{}] as unknown as UploadAnswer["jobs"],
    }),
  );
  expect(result.map((fate) => fate.state)).toEqual(["created", "refused", "duplicate", "unpacking", "created"]);
  expect(result[1]?.detail).toBe("Not a picture.");
});

test("a file that the answer does not mention is not called uploaded", () => {
  expect(fates([file("a.jpg")], answer())[0]?.state).toBe("failed");
});

test("twenty files go in three requests and all end as created", async () => {
  const sizes: number[] = [];
  const queue = new UploadQueue(
    fake((files) => {
      sizes.push(files.length);
      return Promise.resolve(created(files.map((item) => item.name)));
    }),
  );
  queue.add(Array.from({ length: 20 }, (_, index) => file(`${index}.jpg`)));
  await settled(queue);
  expect(sizes).toEqual([8, 8, 4]);
  expect(queue.snapshot().counts.created).toBe(20);
});

test("bytes of the request are laid over its files in order", async () => {
  let seen: readonly number[] = [];
  const queue = new UploadQueue(
    fake((files, onProgress) => {
      onProgress(15);
      seen = queue.snapshot().items.map((item) => item.sent);
      return Promise.resolve(created(files.map((item) => item.name)));
    }),
  );
  queue.add([file("a.jpg"), file("b.jpg")]);
  await settled(queue);
  expect(seen).toEqual([10, 5]);
});

test("a lost connection is tried again, and told only after the last attempt", async () => {
  let calls = 0;
  const queue = new UploadQueue(
    fake((files) => {
      calls += 1;
      return calls < 3
        ? Promise.reject(new Failure("network"))
        : Promise.resolve(created(files.map((item) => item.name)));
    }),
  );
  queue.add([file("a.jpg")]);
  await settled(queue);
  expect([calls, queue.snapshot().counts.created]).toEqual([3, 1]);
});

test("files that failed for good can be sent again", async () => {
  let online = false;
  const queue = new UploadQueue(
    fake((files) =>
      online ? Promise.resolve(created(files.map((item) => item.name))) : Promise.reject(new Failure("network")),
    ),
  );
  queue.add([file("a.jpg")]);
  await settled(queue);
  expect(queue.snapshot().counts.failed).toBe(1);
  online = true;
  queue.retryFailed();
  await settled(queue);
  expect(queue.snapshot().counts.created).toBe(1);
});

test("an ended session pauses the queue, nothing is refused, signing in goes on", async () => {
  let signedIn = false;
  const queue = new UploadQueue(
    fake((files) =>
      signedIn ? Promise.resolve(created(files.map((item) => item.name))) : Promise.reject(new Failure("signedOut")),
    ),
  );
  queue.add([file("a.jpg"), file("b.jpg")]);
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
  expect(queue.snapshot().counts.waiting).toBe(2);
  signedIn = true;
  queue.resume();
  await settled(queue);
  expect(queue.snapshot().counts.created).toBe(2);
});

test("a request that is too large is cut into single files, and only the large one is refused", async () => {
  const queue = new UploadQueue(
    fake((files) =>
      files.length > 1 || files[0]?.name === "huge.tif"
        ? Promise.reject(new Failure("tooLarge"))
        : Promise.resolve(created(files.map((item) => item.name))),
    ),
  );
  queue.add([file("a.jpg"), file("huge.tif"), file("b.jpg")]);
  await settled(queue);
  const { counts } = queue.snapshot();
  expect([counts.created, counts.refused]).toEqual([2, 1]);
});
