/** Pictures of the images around the open one, fetched and decoded before they are asked for; knows no React. */

// Each decoded 12-megapixel picture holds 48 MB: the open image, two ahead, two behind.
const KEPT = 5;

export class ImageCache<T extends { close?: () => void }, S extends { readonly id: number }> {
  private readonly entries = new Map<number, Promise<T>>();

  constructor(private readonly load: (source: S) => Promise<T>) {}

  get(source: S): Promise<T> {
    const known = this.entries.get(source.id);
    this.entries.delete(source.id);
    const entry = known ?? this.load(source);
    this.entries.set(source.id, entry);
    // A picture that failed is asked for again next time.
    if (known === undefined) entry.catch(() => this.entries.delete(source.id));
    this.drop();
    return entry;
  }

  clear(): void {
    for (const id of [...this.entries.keys()]) this.forget(id);
  }

  private drop(): void {
    for (const id of this.entries.keys()) {
      if (this.entries.size <= KEPT) return;
      this.forget(id);
    }
  }

  private forget(id: number): void {
    const entry = this.entries.get(id);
    this.entries.delete(id);
    entry?.then(
      (picture) => picture.close?.(),
      () => undefined,
    );
  }
}
