/**
 * Parts that nobody sees when a screen opens. They come after it, all of them, so that they are there when the network
 * is not; whoever asks for one earlier waits for that one.
 */
import i18next from "i18next";
import { type ComponentType, lazy, type ReactNode, Suspense, useState } from "react";
import { notifyFailure } from "./notify";

type Load = () => Promise<unknown>;

const RETRY_MS = 5000;

const waiting: Load[] = [];
let isFetching = false;

/** A component whose file is fetched when it is first shown, or once the screen stands. */
export function deferred<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let found: ComponentType<Props> | null = null;
  const fetch = async (): Promise<ComponentType<Props>> => (found ??= await load());
  later(fetch);
  const Waiting = lazy(async () => ({ default: await patiently(fetch) }));
  return function Deferred(props: Props) {
    // What is here already is shown without a moment of nothing, and what was waited for stays as it is.
    const [Shown] = useState<ComponentType<Props>>(() => found ?? Waiting);
    return <Shown {...props} />;
  };
}

/** Fetches what `load` imports once the screen stands. */
export function later(load: Load): void {
  if (isFetching) void attempt(load);
  else waiting.push(load);
}

/** The screen stands: everything that was put off is fetched. */
export async function fetchDeferred(): Promise<void> {
  isFetching = true;
  await Promise.all(waiting.splice(0).map(attempt));
}

/** What cannot be fetched now is asked for again, and complained about, when it is shown. */
async function attempt(load: Load): Promise<void> {
  await load().catch(() => undefined);
}

/** A part that cannot be had leaves its place empty until it can: it must not take the screen and its work with it. */
async function patiently<T>(load: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await load();
    } catch {
      if (tries === 0) notifyFailure(i18next.t("errors.partTitle"), i18next.t("errors.part"));
      await reachable();
    }
  }
}

/** The network came back, or some time has passed. */
async function reachable(): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, RETRY_MS);
    addEventListener("online", done);
  });
}

interface OnceProps {
  readonly when: boolean;
  readonly children: ReactNode;
}

/** Not there before it was wanted for the first time; from then on it stays, so that it can close as it opened. */
export function Once({ when, children }: OnceProps) {
  const [wasWanted, setWasWanted] = useState(when);
  if (when && !wasWanted) setWasWanted(true);
  return wasWanted && <Suspense>{children}</Suspense>;
}
