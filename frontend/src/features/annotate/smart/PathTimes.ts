/** How long this browser and the server take to answer a click, by method; kept in the browser. Knows no React. */

export type Path = "browser" | "server";
type Times = Partial<Record<Path, number>>;

const KEPT_AS = "smart-path-times";
/** Of the newest answer, so that one slow answer decides nothing. */
const NEWEST = 0.3;
/** Both are asked now and then: the slower one may have become the faster one. */
const BOTH_EVERY = 20;

export class PathTimes {
  private readonly times: Record<string, Times>;
  private asked = 0;

  constructor(private readonly storage: Pick<Storage, "getItem" | "setItem">) {
    this.times = readTimes(storage.getItem(KEPT_AS));
  }

  /** Milliseconds; undefined while nothing is known. */
  of(method: string, path: Path): number | undefined {
    return this.times[method]?.[path];
  }

  note(method: string, path: Path, milliseconds: number): void {
    const before = this.of(method, path) ?? milliseconds;
    const now = (1 - NEWEST) * before + NEWEST * milliseconds;
    this.times[method] = { ...this.times[method], [path]: now };
    this.storage.setItem(KEPT_AS, JSON.stringify(this.times));
  }

  /** Whom to ask: both until both are known, then the faster one. */
  choose(method: string): Path | "both" {
    const [browser, server] = [this.of(method, "browser"), this.of(method, "server")];
    this.asked += 1;
    if (browser === undefined || server === undefined || this.asked % BOTH_EVERY === 0) return "both";
    return browser <= server ? "browser" : "server";
  }
}

function readTimes(text: string | null): Record<string, Times> {
  try {
    const found: unknown = JSON.parse(text ?? "{}");
    return typeof found === "object" && found !== null ? { ...found } : {};
  } catch {
    return {};
  }
}
