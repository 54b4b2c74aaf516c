/** Keeps what was read of the images around the open one: they open without waiting, and without the network. */

/** Fewer than the images whose saves the editor remembers, as what was saved since stands over an older reading. */
const KEPT = 16;
const FRESH_MS = 15_000;
/** With an older reading at hand nobody waits longer for a newer one. */
const PATIENCE_MS = 4000;

interface Kept<T> {
  readonly reading: T;
  /** Milliseconds since 1970; 0 = something was changed since. */
  readonly readAt: number;
}

interface ReadingsParts<T> {
  readonly read: (image: number, signal: AbortSignal) => Promise<T>;
  /** Whether a failure says that the server could not be reached, rather than what it thinks. */
  readonly isUnreachable: (error: unknown) => boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export class Readings<T> {
  private readonly kept = new Map<number, Kept<T>>();

  private readonly now: () => number;

  constructor(private readonly parts: ReadingsParts<T>) {
    this.now = parts.now ?? Date.now;
  }

  /** As the server has it now; as it was kept where the server cannot be reached. */
  async get(image: number, signal: AbortSignal): Promise<T> {
    const kept = this.kept.get(image);
    if (kept === undefined) return this.read(image, signal);
    this.keep(image, kept);
    if (this.now() - kept.readAt < FRESH_MS) return kept.reading;
    const patience = AbortSignal.timeout(PATIENCE_MS);
    try {
      return await this.read(image, AbortSignal.any([signal, patience]));
    } catch (error) {
      if (signal.aborted || !(patience.aborted || this.parts.isUnreachable(error))) throw error;
      return kept.reading;
    }
  }

  /** Reads it unless some reading of it is kept. */
  async fetchAhead(image: number, signal: AbortSignal): Promise<T> {
    return this.kept.get(image)?.reading ?? this.read(image, signal);
  }

  /** The image was worked on: what is kept serves only while nothing newer can be had. */
  outdate(image: number): void {
    const kept = this.kept.get(image);
    if (kept !== undefined) this.kept.set(image, { ...kept, readAt: 0 });
  }

  private async read(image: number, signal: AbortSignal): Promise<T> {
    const reading = await this.parts.read(image, signal);
    this.keep(image, { reading, readAt: this.now() });
    return reading;
  }

  private keep(image: number, kept: Kept<T>): void {
    this.kept.delete(image);
    this.kept.set(image, kept);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= KEPT) return;
      this.kept.delete(oldest);
    }
  }
}
