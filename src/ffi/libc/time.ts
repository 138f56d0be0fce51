/**
 * The host's clocks and environment: `<time.h>`, `getenv`, and of `<unistd.h>` sleeping and `getpid`. Clocks are the host's, so that programs can stop them.
 * @module
 */
import type { Place } from '../../memory/index.ts';
import type { CFunctions, Machine } from '../clibrary.ts';
import { advance, isNull, latin1Text, storeInteger, storeString, stringAt } from './bytes.ts';
import { EINTR, EINVAL } from './errors.ts';
import { decodeUtf8, encodeUtf8 } from '../../util/utf8.ts';

/** What the library asks its host for. */
export interface HostClocks {
  /** Milliseconds since 1970, perhaps with a fraction. */
  now(): number;
  /** Milliseconds of a clock that never goes back. */
  monotonic(): number;
  /** Milliseconds of processor time that the program has used. */
  processor(): number;
  /** Does nothing for so many milliseconds; where it is missing, sleeping fails with `EINTR`. */
  sleep?(milliseconds: number): void;
  /** The number of the process; 1 where it is missing. */
  readonly processId?: number;
}

/** POSIX: of `clock`, whatever the system's resolution. */
const CLOCKS_PER_SECOND = 1_000_000;
// Of Linux.
const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;
const CLOCK_PROCESS_CPUTIME_ID = 2;

export function timeFunctions({ errno, abi }: Machine, clocks: HostClocks): CFunctions {
  const word = abi.longSize;
  // `struct timeval` and `struct timespec`: two longs, seconds and a fraction.
  function store(to: Place, milliseconds: number, perSecond: number, what: string): number {
    const seconds = Math.floor(milliseconds / 1000);
    storeInteger(to, word, seconds, what);
    storeInteger(advance(to, word), word, Math.floor(((milliseconds - seconds * 1000) * perSecond) / 1000), what);
    return 0;
  }
  function sleep(milliseconds: number): boolean {
    if (clocks.sleep === undefined) errno.value = EINTR;
    else if (milliseconds > 0) clocks.sleep(milliseconds);
    return clocks.sleep !== undefined;
  }
  return {
    'unsigned sleep(unsigned)': (seconds: number) => (sleep(seconds * 1000) ? 0 : seconds),
    'int usleep(unsigned)': (microseconds: number) => (sleep(microseconds / 1000) ? 0 : -1),
    'int getpid(void)': () => clocks.processId ?? 1,
    'long time(long *)': (to: Place) => {
      const seconds = Math.floor(clocks.now() / 1000);
      if (!isNull(to)) storeInteger(to, word, seconds, 'time');
      return seconds;
    },
    'long clock(void)': () => Math.floor((clocks.processor() * CLOCKS_PER_SECOND) / 1000),
    'double difftime(long, long)': (end: number | bigint, start: number | bigint) => Number(end) - Number(start),
    'int gettimeofday(void *, void *)': (to: Place) => (isNull(to) ? 0 : store(to, clocks.now(), 1e6, 'gettimeofday')),
    'int clock_gettime(int, void *)': (id: number, to: Place) => {
      if (id === CLOCK_REALTIME) return store(to, clocks.now(), 1e9, 'clock_gettime');
      if (id === CLOCK_MONOTONIC) return store(to, clocks.monotonic(), 1e9, 'clock_gettime');
      if (id === CLOCK_PROCESS_CPUTIME_ID) return store(to, clocks.processor(), 1e9, 'clock_gettime');
      errno.value = EINVAL;
      return -1;
    },
  };
}

/** `environment` answers the value of a variable; undefined for one that is not set. */
export function environmentFunctions({ memory }: Machine, environment: (name: string) => string | undefined): CFunctions {
  // A value stays where it is for as long as it is the same.
  const known = new Map<string, { readonly value: string; readonly place: Place }>();
  return {
    'char *getenv(const char *)': (name: Place) => {
      const bytes = stringAt(name, 'getenv');
      const value = environment(decodeUtf8(bytes));
      if (value === undefined) return null;
      const key = latin1Text(bytes);
      let entry = known.get(key);
      if (entry?.value !== value) {
        const text = encodeUtf8(value);
        entry = { value, place: { region: storeString(memory.allocate(text.length + 1), text), offset: 0 } };
        known.set(key, entry);
      }
      return entry.place;
    },
  };
}
