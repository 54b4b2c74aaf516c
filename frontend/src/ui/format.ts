/** Numbers, sizes, durations and dates as people read them, in the locale of the chosen language: the one home of Intl. */

interface Formats {
  readonly integer: Intl.NumberFormat;
  readonly compact: Intl.NumberFormat;
  readonly dateTime: Intl.DateTimeFormat;
  readonly day: Intl.DateTimeFormat;
  readonly time: Intl.DateTimeFormat;
  readonly relative: Intl.RelativeTimeFormat;
  readonly collator: Intl.Collator;
}

const DAY = { day: "numeric", month: "short", year: "numeric" } as const;
const TIME = { hour: "2-digit", minute: "2-digit" } as const;

const formatsOf = (locale: string): Formats => ({
  integer: new Intl.NumberFormat(locale),
  compact: new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 }),
  dateTime: new Intl.DateTimeFormat(locale, { ...DAY, ...TIME }),
  day: new Intl.DateTimeFormat(locale, { ...DAY, timeZone: "UTC" }),
  time: new Intl.DateTimeFormat(locale, TIME),
  relative: new Intl.RelativeTimeFormat(locale, { numeric: "auto" }),
  collator: new Intl.Collator(locale, { numeric: true }),
});

let locale = "en-GB";
let formats = formatsOf(locale);
/** By their options; making one is slow, and grids format thousands of numbers. */
const numbers = new Map<string, Intl.NumberFormat>();

/** Called when the language changes; what is on the screen is rendered anew by the change of its words. */
export function setLocale(chosen: string): void {
  locale = chosen;
  formats = formatsOf(chosen);
  numbers.clear();
}

function numberBy(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(locale, options);
  numbers.set(key, made);
  return made;
}

export const formatCount = (value: number): string => formats.integer.format(value);

export const formatCompact = (value: number): string =>
  value < 10_000 ? formats.integer.format(value) : formats.compact.format(value);

/** A score, an overlap, a mean: always as many digits. */
export const formatDecimal = (value: number, digits = 2): string =>
  numberBy({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

export function formatBytes(bytes: number): string {
  let value = bytes;
  let at = 0;
  while (value >= 1000 && at < UNITS.length - 1) {
    value /= 1000;
    at += 1;
  }
  const digits = at === 0 || value >= 100 ? 0 : 1;
  return numberBy({
    style: "unit",
    unit: UNITS[at] ?? "byte",
    unitDisplay: "short",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

const inUnit = (value: number, unit: "hour" | "minute" | "second"): string =>
  numberBy({ style: "unit", unit, unitDisplay: "short" }).format(value);

export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  if (hours > 0) return `${inUnit(hours, "hour")} ${inUnit(minutes, "minute")}`;
  if (minutes > 0) return `${inUnit(minutes, "minute")} ${inUnit(whole % 60, "second")}`;
  return inUnit(whole, "second");
}

/** `fraction` of 0 to 1; the dash is for a figure that does not exist. */
export const formatPercent = (fraction: number | null | undefined, digits = 1): string =>
  fraction === null || fraction === undefined || Number.isNaN(fraction)
    ? "–"
    : numberBy({ style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits }).format(fraction);

export const formatDateTime = (iso: string): string => formats.dateTime.format(new Date(iso));

/** The hour and minute of milliseconds since 1970. */
export const formatTime = (at: number): string => formats.time.format(at);

/** A calendar day, whatever the zone: milliseconds since 1970 at its midnight in UTC. */
export const formatDay = (at: number): string => formats.day.format(at);

/** Orders names as people of the language do, numbers in them by their value. */
export const compareNames = (one: string, two: string): number => formats.collator.compare(one, two);

const AGO: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

export function formatAgo(iso: string, now = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  for (const [unit, size] of AGO) {
    if (Math.abs(seconds) >= size) return formats.relative.format(Math.trunc(seconds / size), unit);
  }
  return formats.relative.format(0, "second");
}

const scientific = (value: number): string =>
  numberBy({ notation: "scientific", minimumFractionDigits: 1, maximumFractionDigits: 1 })
    .format(value)
    .replace("E", "e");

/** At most four figures, without trailing zeros: a tick of an axis, a value that explains itself. */
export const formatFigure = (value: number): string =>
  value !== 0 && Math.abs(value) < 0.001
    ? scientific(value)
    : numberBy({ maximumSignificantDigits: 4, useGrouping: false }).format(value);

/** A metric: four figures that mean something, without a tail of digits. */
export function formatMetric(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return scientific(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 2 : 4;
  return numberBy({
    minimumFractionDigits: digits === 2 ? 2 : 0,
    maximumFractionDigits: digits,
    useGrouping: false,
  }).format(value);
}

/** A share at an axis: whole per cents. */
export const formatShare = (fraction: number): string => formatPercent(fraction, 0);
