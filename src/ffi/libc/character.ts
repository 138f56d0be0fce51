/**
 * `<ctype.h>` in the C locale: C11 7.4. The tests give glibc's bits, for scripts that look at more than zero or not.
 * @module
 */
import type { CFunctions } from '../clibrary.ts';

export const isUpper = (c: number): boolean => c >= 0x41 && c <= 0x5a;
const isLower = (c: number): boolean => c >= 0x61 && c <= 0x7a;
export const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39;
const isAlpha = (c: number): boolean => isUpper(c) || isLower(c);
const isHexDigit = (c: number): boolean => isDigit(c) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66);
const isGraph = (c: number): boolean => c > 0x20 && c < 0x7f;
const isAlnum = (c: number): boolean => isAlpha(c) || isDigit(c);
/** Space, and what `\t\n\v\f\r` stand for. */
export const isSpace = (c: number): boolean => c === 0x20 || (c >= 0x09 && c <= 0x0d);

/** The value of a digit in bases up to 36; 36 for other bytes. */
export function digitValue(c: number): number {
  if (isDigit(c)) return c - 0x30;
  return isAlpha(c) ? (c | 0x20) - 0x61 + 10 : 36;
}

// Bits of glibc's table on little-endian machines (<ctype.h>, _ISbit).
const test =
  (bit: number, is: (c: number) => boolean) =>
  (c: number): number =>
    is(c) ? bit : 0;

export const characterFunctions: CFunctions = {
  'int isupper(int)': test(0x100, isUpper),
  'int islower(int)': test(0x200, isLower),
  'int isalpha(int)': test(0x400, isAlpha),
  'int isdigit(int)': test(0x800, isDigit),
  'int isxdigit(int)': test(0x1000, isHexDigit),
  'int isspace(int)': test(0x2000, isSpace),
  'int isprint(int)': test(0x4000, (c) => c === 0x20 || isGraph(c)),
  'int isgraph(int)': test(0x8000, isGraph),
  'int isblank(int)': test(1, (c) => c === 0x20 || c === 0x09),
  'int iscntrl(int)': test(2, (c) => (c >= 0 && c < 0x20) || c === 0x7f),
  'int ispunct(int)': test(4, (c) => isGraph(c) && !isAlnum(c)),
  'int isalnum(int)': test(8, isAlnum),
  'int toupper(int)': (c: number) => (isLower(c) ? c - 32 : c),
  'int tolower(int)': (c: number) => (isUpper(c) ? c + 32 : c),
};
