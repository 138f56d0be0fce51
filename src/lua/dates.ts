/**
 * Times as C's library breaks them down and writes them, in the C locale (C11 7.27.3.5), for `os.date` and `os.time`.
 * @module
 */
import { ensureStack } from '../util/stack.ts';

/** A time in parts: C's `struct tm`, but months from 1, and years as they are. */
export interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly min: number;
  readonly sec: number;
  /** From 1, which is Sunday. */
  readonly wday: number;
  /** From 1. */
  readonly yday: number;
  readonly isdst: boolean;
  /** Minutes east of Greenwich. */
  readonly offset: number;
  readonly zone: string;
  /** Seconds since 1970. */
  readonly time: number;
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAY_MS = 86_400_000;

/** The parts of a time in seconds; null for one that JavaScript has no date for (some 270,000 years from 1970). */
export function dateParts(time: number, zone: 'utc' | 'local'): DateParts | null {
  const date = new Date(time * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const offset = zone === 'utc' ? 0 : -date.getTimezoneOffset();
  // The same parts, asked of a date in UTC.
  const shifted = new Date(date.getTime() + offset * 60_000);
  const year = shifted.getUTCFullYear();
  const start = new Date(0);
  start.setUTCFullYear(year, 0, 1);
  return {
    year,
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    min: shifted.getUTCMinutes(),
    sec: shifted.getUTCSeconds(),
    wday: shifted.getUTCDay() + 1,
    yday: Math.floor((shifted.getTime() - start.getTime()) / DAY_MS) + 1,
    isdst: zone === 'local' && isSummer(date),
    offset,
    zone: zone === 'utc' ? 'GMT' : zoneName(date),
    time,
  };
}

// The offset of summer is the larger of the year's.
function isSummer(date: Date): boolean {
  const offsets = [0, 6].map((month) => new Date(date.getFullYear(), month, 1).getTimezoneOffset());
  return date.getTimezoneOffset() < Math.max(...offsets);
}

function zoneName(date: Date): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(date);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}

/** Parts of a local time, which need not be in their ranges; `isdst` undefined where it is to be found out. */
export interface LocalParts extends Pick<DateParts, 'year' | 'month' | 'day' | 'hour' | 'min' | 'sec'> {
  readonly isdst: boolean | undefined;
}

/** C's `mktime`: seconds since 1970; NaN for what JavaScript has no date for. */
export function localTime({ year, month, day, hour, min, sec, isdst }: LocalParts): number {
  const date = new Date(2000, 0, 1);
  date.setFullYear(year, month - 1, day);
  date.setHours(hour, min, sec, 0);
  const time = date.getTime() / 1000;
  if (isdst === undefined || Number.isNaN(time) || isdst === isSummer(date)) return time;
  return isdst ? time - 3600 : time + 3600;
}

/** C's `strftime`; what it does not know is left as it is. */
export function formatDate(format: string, parts: DateParts): string {
  ensureStack();
  return format.replace(/%(?:[EO]?([a-zA-Z%]))/g, (conversion, letter: string) => converted(letter, parts) ?? conversion);
}

function padded(value: number, width: number, fill = '0'): string {
  return value < 0 ? `-${String(-value).padStart(width - 1, fill)}` : String(value).padStart(width, fill);
}

function converted(letter: string, parts: DateParts): string | undefined {
  const { year, month, day, hour, min, sec, wday, yday } = parts;
  const twelve = hour % 12 === 0 ? 12 : hour % 12;
  const all = (format: string): string => formatDate(format, parts);
  switch (letter) {
    case 'a':
      return DAYS[wday - 1]?.slice(0, 3);
    case 'A':
      return DAYS[wday - 1];
    case 'b':
    case 'h':
      return MONTHS[month - 1]?.slice(0, 3);
    case 'B':
      return MONTHS[month - 1];
    case 'c':
      return all('%a %b %e %H:%M:%S %Y');
    case 'C':
      return padded(Math.floor(year / 100), 2);
    case 'd':
      return padded(day, 2);
    case 'D':
    case 'x':
      return all('%m/%d/%y');
    case 'e':
      return padded(day, 2, ' ');
    case 'F':
      return all('%Y-%m-%d');
    case 'g':
      return padded(remainder(weekOf(parts).year, 100), 2);
    case 'G':
      return String(weekOf(parts).year);
    case 'H':
      return padded(hour, 2);
    case 'I':
      return padded(twelve, 2);
    case 'j':
      return padded(yday, 3);
    case 'k':
      return padded(hour, 2, ' ');
    case 'l':
      return padded(twelve, 2, ' ');
    case 'm':
      return padded(month, 2);
    case 'M':
      return padded(min, 2);
    case 'n':
      return '\n';
    case 'p':
      return hour < 12 ? 'AM' : 'PM';
    case 'P':
      return hour < 12 ? 'am' : 'pm';
    case 'r':
      return all('%I:%M:%S %p');
    case 'R':
      return all('%H:%M');
    case 's':
      return String(Math.floor(parts.time));
    case 'S':
      return padded(sec, 2);
    case 't':
      return '\t';
    case 'T':
    case 'X':
      return all('%H:%M:%S');
    case 'u':
      return String(wday === 1 ? 7 : wday - 1);
    case 'U':
      return padded(Math.floor((yday + 7 - wday) / 7), 2);
    case 'V':
      return padded(weekOf(parts).week, 2);
    case 'w':
      return String(wday - 1);
    case 'W':
      return padded(Math.floor((yday + 6 - ((wday + 5) % 7)) / 7), 2);
    case 'y':
      return padded(remainder(year, 100), 2);
    case 'Y':
      return String(year);
    case 'z':
      return zoneOffset(parts.offset);
    case 'Z':
      return parts.zone;
    case '%':
      return '%';
    default:
      return undefined;
  }
}

function remainder(value: number, by: number): number {
  return ((value % by) + by) % by;
}

function zoneOffset(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${padded(Math.floor(size / 60), 2)}${padded(size % 60, 2)}`;
}

// ISO 8601: a week belongs to the year of its Thursday.
function weekOf({ year, yday, wday }: DateParts): { year: number; week: number } {
  const thursday = yday + 4 - (wday === 1 ? 7 : wday - 1);
  if (thursday < 1) return { year: year - 1, week: Math.floor((thursday + daysIn(year - 1) - 1) / 7) + 1 };
  if (thursday > daysIn(year)) return { year: year + 1, week: 1 };
  return { year, week: Math.floor((thursday - 1) / 7) + 1 };
}

function daysIn(year: number): number {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 366 : 365;
}
