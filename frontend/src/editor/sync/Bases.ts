/** Owns at which revision each object of an image was read or saved: a batch says what it is based on. */

export class Bases {
  private newest: number;
  /** Objects that are not as of the newest reading. */
  private readonly own: Map<string, number>;

  constructor(readAt: number, own: Iterable<readonly [id: string, revision: number]>) {
    this.newest = readAt;
    this.own = new Map(own);
  }

  /** The revision up to which all that others changed was taken in. */
  get readAt(): number {
    return this.newest;
  }

  get entries(): readonly (readonly [id: string, revision: number])[] {
    return [...this.own];
  }

  of(id: string): number {
    return this.own.get(id) ?? this.newest;
  }

  set(id: string, revision: number): void {
    this.own.set(id, revision);
  }

  /** The image is known as of `revision`; objects of `kept` are still based on what they were. */
  read(revision: number, kept: readonly string[]): void {
    const bases = kept.map((id) => [id, this.of(id)] as const);
    this.own.clear();
    for (const [id, base] of bases) this.own.set(id, base);
    this.newest = revision;
  }

  /** When nobody else committed in between, what was true at the revision before is still true at this one. */
  advance(revision: number): void {
    if (revision !== this.newest + 1) return;
    for (const [id, own] of this.own) if (own >= this.newest) this.own.delete(id);
    this.newest = revision;
  }
}
