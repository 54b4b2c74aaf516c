/** Which writers of a journal are alive, so that a tab takes over the work of dead tabs only. */

export interface Writers {
  /** Shows the others that this writer lives; answers how to stop. */
  hold(writer: string): Promise<() => void>;
  /** Those of `writers` that live. */
  living(writers: readonly string[]): Promise<ReadonlySet<string>>;
}

/** A lock lives exactly as long as its page: the browser gives it back when the page is closed or killed. */
export class LockedWriters implements Writers {
  constructor(
    private readonly locks: LockManager,
    private readonly prefix: string,
  ) {}

  hold(writer: string): Promise<() => void> {
    return new Promise((resolve, reject) => {
      this.locks.request(this.prefix + writer, () => new Promise<void>((release) => resolve(release))).catch(reject);
    });
  }

  async living(writers: readonly string[]): Promise<ReadonlySet<string>> {
    const { held = [], pending = [] } = await this.locks.query();
    const names = new Set([...held, ...pending].map(({ name }) => name));
    return new Set(writers.filter((writer) => names.has(this.prefix + writer)));
  }
}

const ANSWER_MS = 400;

type Call = { readonly kind: "who" } | { readonly kind: "here"; readonly writer: string };

/**
 * Browsers have locks on secure pages only, and a server in a laboratory is often reached by plain http: there the tabs
 * call each other. A tab that the browser has frozen does not answer; what it and its heir both send is taken once.
 */
export class CallingWriters implements Writers {
  constructor(private readonly channel: string) {}

  hold(writer: string): Promise<() => void> {
    const channel = new BroadcastChannel(this.channel);
    channel.onmessage = ({ data }: MessageEvent<Call>) => {
      if (data.kind === "who") channel.postMessage({ kind: "here", writer } satisfies Call);
    };
    return Promise.resolve(() => channel.close());
  }

  async living(writers: readonly string[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    if (writers.length === 0) return found;
    const channel = new BroadcastChannel(this.channel);
    channel.onmessage = ({ data }: MessageEvent<Call>) => {
      if (data.kind === "here" && writers.includes(data.writer)) found.add(data.writer);
    };
    channel.postMessage({ kind: "who" } satisfies Call);
    await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
    channel.close();
    return found;
  }
}

export function writersOf(journal: string): Writers {
  const { locks } = navigator as { readonly locks?: LockManager };
  return locks === undefined ? new CallingWriters(journal) : new LockedWriters(locks, `${journal}/`);
}
