/** Walks between the parts of the screen by key: in the editor Tab belongs to the objects, so another key leads out. */

const FOCUSABLE =
  "a[href], button:not([disabled]), input:not([disabled]), textarea, select, [tabindex]:not([tabindex='-1'])";

export function focusRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter(
    (region) => region.checkVisibility() && targetOf(region) !== null,
  );
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next =
    regions[at === -1 ? (step === 1 ? 0 : regions.length - 1) : (at + step + regions.length) % regions.length];
  if (next !== undefined) targetOf(next)?.focus();
}

const targetOf = (region: HTMLElement): HTMLElement | null =>
  region.matches(FOCUSABLE) ? region : region.querySelector<HTMLElement>(FOCUSABLE);
