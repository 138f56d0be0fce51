import { describe, expect, it } from 'vitest';
import { cdef } from '../../../src/view/index.ts';
import { failure } from '../../helpers/errors.ts';

const PRELUDE =
  'enum { ONE = 1, MINUS = -1, BIG = 0x80000000 }; struct s { char a; int b[4]; struct { short c[3]; } d; int bits : 3; }; static const uint8_t BYTE = 200;';

function value(expression: string): number | bigint {
  return cdef(`${PRELUDE} static const int64_t X = ${expression};`).C['X'];
}

/** Size and signedness of an expression's type. */
function typeOf(expression: string): string {
  const c = cdef(`${PRELUDE} static const int SIZE = sizeof(0 ? 0 : (${expression})), NEGATIVE = -(${expression}) * 0 - 1 < 0;`);
  return `${c.C['NEGATIVE'] === 1 ? 'int' : 'uint'}${c.C['SIZE'] * 8}`;
}

describe('values', () => {
  it.each<[string, number | bigint]>([
    ['0', 0],
    ['017', 15],
    ['0x1F', 31],
    ['0XfF', 255],
    ['0b101', 5],
    ["'a'", 97],
    ["'\\0'", 0],
    ["'\\n'", 10],
    ["'\\x41'", 65],
    ["'\\101'", 65],
    ["'\\xff'", -1],
    ["'\\\\'", 92],
    ["'\\''", 39],
    ["'ab'", 24930],
    ["L'\\xff'", 255],
    ["L'€'", 8364],
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['10 - 4 - 3', 3],
    ['100 / 7 / 2', 7],
    ['-7 / 2', -3],
    ['-7 % 3', -1],
    ['7 % -3', 1],
    ['1 << 2 + 1', 8],
    ['1 | 2 ^ 3 & 6', 1],
    ['1 < 2 == 1', 1],
    ['4 > 3 > 2', 0],
    ['5 & 3 == 3', 1],
    ['0 || 2 && 3', 1],
    ['1 ? 2 : 3 ? 4 : 5', 2],
    ['0 ? 2 : 0 ? 4 : 5', 5],
    ['!5 + !0', 1],
    ['~0', -1],
    ['- -3', 3],
    ['+-+3', -3],
    ['-1 >> 1', -1],
    ['-8 >> 1', -4],
    ['1 << 31', -(2 ** 31)],
    ['1u << 31', 2 ** 31],
    ['1L << 40', 2 ** 40],
    ['0x7fffffff + 1', -(2 ** 31)],
    ['0xffffffff + 1', 0],
    ['0xffffffffL + 1', 2 ** 32],
    ['-1 < 0u', 0],
    ['-1 < 0L', 1],
    ['-1L < 0u', 1],
    ['(unsigned char)300', 44],
    ['(signed char)200', -56],
    ['(unsigned)-1', 0xffffffff],
    ['(int)0xffffffff', -1],
    ['(_Bool)5 + (_Bool)0', 1],
    ['(unsigned char)255 + 1', 256],
    ['(char)BYTE', -56],
    ['BYTE + 100', 300],
    ['ONE + MINUS', 0],
    ['BIG > 0', 1],
    ['0 && 1 / 0', 0],
    ['1 || 1 / 0', 1],
    ['sizeof(int)', 4],
    ['sizeof(struct s)', 28],
    ['sizeof(int[3][2])', 24],
    ['sizeof(int (*)[5])', 8],
    ['sizeof 1', 4],
    ['sizeof 1L', 8],
    ["sizeof 'a'", 4],
    ['sizeof "abc"', 4],
    ['sizeof(1 << 1L)', 4],
    ['sizeof(1L << 1)', 8],
    ['sizeof(1 + 1L)', 8],
    ['sizeof(1L < 1L)', 4],
    ['1 ? 2 : 1 / 0', 2],
    ['sizeof("a" "b")', 3],
    ['sizeof(char) - 2 > 0', 1],
    ['_Alignof(long)', 8],
    ['__alignof__(struct s)', 4],
    ['alignof(short)', 2],
    ['offsetof(struct s, b)', 4],
    ['offsetof(struct s, b[2])', 12],
    ['offsetof(struct s, d.c[1])', 22],
    ['__builtin_offsetof(struct s, d)', 20],
    ['0xffffffffffffffff', -1],
    ['9223372036854775807', 2n ** 63n - 1n],
  ])('%s is %s', (expression, expected) => {
    expect(value(expression)).toBe(expected);
  });
});

describe('types', () => {
  it.each([
    ['2147483647', 'int32'],
    ['2147483648', 'int64'],
    ['0x7fffffff', 'int32'],
    ['0x80000000', 'uint32'],
    ['0xffffffff', 'uint32'],
    ['0x100000000', 'int64'],
    ['0x8000000000000000', 'uint64'],
    ['1u', 'uint32'],
    ['1U', 'uint32'],
    ['1l', 'int64'],
    ['1ul', 'uint64'],
    ['1LU', 'uint64'],
    ['1ll', 'int64'],
    ['1ULL', 'uint64'],
    ['1llu', 'uint64'],
    ['4294967296u', 'uint64'],
    ["'a'", 'int32'],
    ['(char)1', 'int32'],
    ['(unsigned short)1', 'int32'],
    ['(unsigned)1 + 1', 'uint32'],
    ['1u + 1L', 'int64'],
    ['1L + 1UL', 'uint64'],
    ['1 < 2u', 'int32'],
    ['1L << 1u', 'int64'],
    ['1 << 1L', 'int32'],
    ['1 ? 1 : 1u', 'uint32'],
    ['0 ? 1L : 1', 'int64'],
    ['!1L', 'int32'],
    ['~1u', 'uint32'],
    ['sizeof(int)', 'uint64'],
    ['ONE', 'int32'],
    ['BYTE', 'int32'],
  ])('%s is an %s', (expression, type) => {
    expect(typeOf(expression)).toBe(type);
  });
});

describe('what is no constant expression', () => {
  it.each([
    ['1 / 0', 'division by zero', '0'],
    ['1 % (ONE - 1)', 'division by zero', '(ONE - 1)'],
    ['1 +', "expected a constant expression, found ';'", ';'],
    ['1.5', 'expected an integer, found the floating value 1.5', '1.5'],
    ['1e3', 'expected an integer, found the floating value 1000', '1e3'],
    ['09', "malformed number '09'", '09'],
    ['0x', "malformed number '0x'", '0x'],
    ['1lul', "malformed number '1lul'", '1lul'],
    ['12ab', "malformed number '12ab'", '12ab'],
    ['0b12', "malformed number '0b12'", '0b12'],
    ["''", 'empty character constant', "''"],
    ["'abcde'", "character constant 'abcde' is too long", "'abcde'"],
    ["'€'", "character constant '€' does not fit a char", "'€'"],
    ['nothing', "'nothing' is not a constant", 'nothing'],
    ['(nothing(), 2)', 'expected a constant expression, found a call', 'nothing()'],
    ['(1', "expected ')' to close the parenthesis, found ';'", ';'],
    ['1 ? 2', "expected ':' in a '?:' expression, found ';'", ';'],
    ['sizeof(struct fwd)', "the size of 'struct fwd' is not known", 'struct fwd'],
    ['(float)1', 'expected an integer, found the floating value 1', '(float)1'],
    ['offsetof(struct s, x)', "struct s: no member named 'x'", 'struct s'],
    ['offsetof(struct s, a[0])', 'struct s: index [0] into something that is no array', 'struct s'],
    ['offsetof(struct s, bits)', "'offsetof' of a bit-field", 'struct s'],
  ])('%s: %s', (expression, reason, at) => {
    const text = `${PRELUDE}\nstatic const int64_t X = ${expression};`;
    const line = text.split('\n')[1] as string;
    const column = line.lastIndexOf(at) + 1;
    expect(failure(() => cdef(text))).toBe(
      `CdefError: <cdef>:2:${column}: error: ${reason}\n    2 | ${line}\n      | ${' '.repeat(column - 1)}^${'~'.repeat(at.length - 1)}`,
    );
  });
});
