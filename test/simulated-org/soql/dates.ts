/** Date literals (`TODAY`, `LAST_N_DAYS:5`, `THIS_MONTH`) as half-open ranges of local days. */

/** Days as `YYYY-MM-DD`; `end` is the first day after the range. */
export type DayRange = { readonly start: string; readonly end: string };

type Unit = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR';

const fixed: Readonly<Record<string, readonly [Unit, number]>> = {
  YESTERDAY: ['DAY', -1],
  TODAY: ['DAY', 0],
  TOMORROW: ['DAY', 1],
};

const span = /^(LAST|THIS|NEXT)_(?:FISCAL_)?(WEEK|MONTH|QUARTER|YEAR)$/;
const counted = /^(LAST|NEXT)_N_(?:FISCAL_)?(DAY|WEEK|MONTH|QUARTER|YEAR)S:(\d+)$/;
const ago = /^N_(?:FISCAL_)?(DAY|WEEK|MONTH|QUARTER|YEAR)S_AGO:(\d+)$/;
const ninety = /^(LAST|NEXT)_90_DAYS$/;

/** The fiscal year is the calendar year here. `today` is the user's local day. Undefined for an unknown literal. */
export function dayRange(literal: string, today: string): DayRange | undefined {
  const name = literal.toUpperCase();
  const plain = fixed[name];
  if (plain) return units(today, plain[0], plain[1], 1);
  const spanned = span.exec(name);
  if (spanned) return units(today, spanned[2] as Unit, { LAST: -1, THIS: 0, NEXT: 1 }[spanned[1] as 'LAST'], 1);
  const past = ago.exec(name);
  if (past) return units(today, past[1] as Unit, -Number(past[2]), 1);
  const many = counted.exec(name);
  if (many) return manyUnits(today, many[1] as 'LAST' | 'NEXT', many[2] as Unit, Number(many[3]));
  const days = ninety.exec(name);
  return days ? manyUnits(today, days[1] as 'LAST' | 'NEXT', 'DAY', 90) : undefined;
}

/** LAST_N_DAYS includes today, NEXT_N_DAYS begins tomorrow; the longer units don't include the current one. */
function manyUnits(today: string, direction: 'LAST' | 'NEXT', unit: Unit, count: number): DayRange {
  if (direction === 'NEXT') return units(today, unit, 1, count);
  const range = units(today, unit, -count, count);
  return unit === 'DAY' ? { start: range.start, end: addDays(today, 1) } : range;
}

function units(today: string, unit: Unit, offset: number, count: number): DayRange {
  const start = startOf(today, unit);
  return { start: addUnits(start, unit, offset), end: addUnits(start, unit, offset + count) };
}

function startOf(day: string, unit: Unit): string {
  const date = new Date(`${day}T00:00:00Z`);
  const month = date.getUTCMonth();
  switch (unit) {
    case 'DAY':
      return day;
    case 'WEEK':
      // Weeks start on Sunday, as in the locale en_US.
      return addDays(day, -date.getUTCDay());
    case 'MONTH':
      return isoDay(date.getUTCFullYear(), month, 1);
    case 'QUARTER':
      return isoDay(date.getUTCFullYear(), month - (month % 3), 1);
    case 'YEAR':
      return isoDay(date.getUTCFullYear(), 0, 1);
  }
}

function addUnits(start: string, unit: Unit, count: number): string {
  if (unit === 'DAY') return addDays(start, count);
  if (unit === 'WEEK') return addDays(start, 7 * count);
  const date = new Date(`${start}T00:00:00Z`);
  const months = { MONTH: 1, QUARTER: 3, YEAR: 12 }[unit];
  return isoDay(date.getUTCFullYear(), date.getUTCMonth() + months * count, 1);
}

function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}

function isoDay(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);
}

/** The local day at this instant. */
export function localDay(milliseconds: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    milliseconds,
  );
}

/** The instant at which a local day begins, as date-times are stored. */
export function dayStart(day: string, timeZone: string): string {
  const utc = Date.parse(`${day}T00:00:00Z`);
  // Twice, because the offset at the guess may differ from that at the answer when the clocks change.
  const guess = utc - offsetAt(utc, timeZone);
  return new Date(utc - offsetAt(guess, timeZone)).toISOString();
}

function offsetAt(milliseconds: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(milliseconds);
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(name);
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000;
}
