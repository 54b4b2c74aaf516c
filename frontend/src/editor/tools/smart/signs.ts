/** Owns the colours of what belongs to the object and what does not. */

export const POSITIVE = "#2f9e44";
export const NEGATIVE = "#e03131";
