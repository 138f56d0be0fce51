import { describe, expect, it } from 'vitest';
import { cdef } from '../../helpers/loose.ts';
import { hex } from '../../helpers/bytes.ts';
import { failure } from '../../helpers/errors.ts';

// [C type, value, bytes in little-endian order]
const STORED: readonly (readonly [string, unknown, string])[] = [
  ['char', -2, 'fe'],
  ['signed char', -128, '80'],
  ['unsigned char', 254, 'fe'],
  ['bool', true, '01'],
  ['bool', false, '00'],
  ['short', -2, 'fe ff'],
  ['unsigned short', 0xfedc, 'dc fe'],
  ['int', -2, 'fe ff ff ff'],
  ['int', -(2 ** 31), '00 00 00 80'],
  ['unsigned int', 0xfedcba98, '98 ba dc fe'],
  ['long', -2n, 'fe ff ff ff ff ff ff ff'],
  ['long long', -(2n ** 63n), '00 00 00 00 00 00 00 80'],
  ['unsigned long', 2n ** 64n - 2n, 'fe ff ff ff ff ff ff ff'],
  ['__int128', -2n, 'fe ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff'],
  ['unsigned __int128', 2n ** 127n + 1n, '01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 80'],
  ['float', -1.5, '00 00 c0 bf'],
  ['float', Number.POSITIVE_INFINITY, '00 00 80 7f'],
  ['double', -1.5, '00 00 00 00 00 00 f8 bf'],
  ['double', Number.NaN, '00 00 00 00 00 00 f8 7f'],
  ['enum color', 2, '02 00 00 00'],
  ['enum sign', -1, 'ff ff ff ff'],
  ['enum huge', 2n ** 40n, '00 00 00 00 00 01 00 00'],
];
const ENUMS = 'enum color { RED = 2 }; enum sign { MINUS = -1 }; enum huge { HUGE = 1LL << 40 };';

describe.each(['little', 'big'] as const)('in a %s-endian struct', (order) => {
  it.each(STORED)('a member of type %s holds %s', (type, value, bytes) => {
    const c = cdef(
      `${ENUMS} struct __attribute__((packed, scalar_storage_order("${order}-endian"))) s { char odd; ${type} x; char after; };`,
    );
    const s = c.typeof('struct s');
    // At an odd offset of a buffer that begins in the middle of another one, with ones all around.
    const buffer = new Uint8Array(64).fill(0xff).subarray(7);
    const view = s.view(buffer, 4);
    view.x = value;
    const stored = order === 'little' ? bytes : bytes.split(' ').reverse().join(' ');
    expect(hex(buffer.subarray(4))).toMatch(new RegExp(`^ff ${stored}(?: ff)+$`));
    expect(view.x).toBe(value);
  });
});

it('a complex number has two parts, each in the byte order', () => {
  const c = cdef('struct s { float _Complex a; }; struct __attribute__((scalar_storage_order("big-endian"))) b { double _Complex a; };');
  const little = new Uint8Array(8);
  c.typeof('struct s').view(little).a = { re: 1, im: -2 };
  expect(hex(little)).toBe('00 00 80 3f 00 00 00 c0');
  const big = new Uint8Array(16);
  const view = c.typeof('struct b').view(big);
  view.a = 1.5;
  expect(hex(big)).toBe('3f f8 00 00 00 00 00 00 00 00 00 00 00 00 00 00');
  expect(view.a).toEqual({ re: 1.5, im: 0 });
  expect(failure(() => (view.a = 'x'))).toBe('TypeError: struct b.a: expected { re, im }, got "x"');
});

// [C type, value written, value read]: integers keep their low bits, as in C.
const CONVERTED: readonly (readonly [string, unknown, unknown])[] = [
  ['uint8_t', 300, 44],
  ['uint8_t', -1, 255],
  ['int8_t', 200, -56],
  ['uint16_t', 65536 + 7, 7],
  ['int32_t', 2 ** 31, -(2 ** 31)],
  ['uint32_t', -1, 0xffffffff],
  ['uint32_t', 2 ** 53 - 1, 0xffffffff],
  ['int32_t', 3.9, 3],
  ['int32_t', -3.9, -3],
  ['int32_t', Number.NaN, 0],
  ['int32_t', true, 1],
  ['uint32_t', 2n ** 40n + 5n, 5],
  ['uint32_t', -1n, 0xffffffff],
  ['int64_t', 5, 5n],
  ['int64_t', -5.9, -5n],
  ['int64_t', 2n ** 64n + 3n, 3n],
  ['uint64_t', -1, 2n ** 64n - 1n],
  ['uint64_t', true, 1n],
  ['bool', 2, true],
  ['bool', 0.5, true],
  ['bool', Number.NaN, true],
  ['bool', 0n, false],
  ['float', 0.1, Math.fround(0.1)],
  ['float', 2n ** 40n, 2 ** 40],
  ['double', 2n ** 60n, 2 ** 60],
  ['double', -(2n ** 33n), -(2 ** 33)],
  ['double', true, 1],
];

it.each(CONVERTED)('%s: writing %s reads as %s', (type, written, read) => {
  const view = cdef(`struct s { ${type} x; };`).new('struct s');
  view.x = written;
  expect(view.x).toBe(read);
  expect(cdef('').cast(type, written)).toBe(read);
});

const REFUSED: readonly (readonly [string, unknown, string])[] = [
  ['int', '5', 'TypeError: struct s.x: expected a number, got "5"'],
  ['int', null, 'TypeError: struct s.x: expected a number, got null'],
  ['int', undefined, 'TypeError: struct s.x: expected a number, got undefined'],
  ['int', {}, 'TypeError: struct s.x: expected a number, got an object (Object)'],
  ['int', [1], 'TypeError: struct s.x: expected a number, got an array'],
  ['int', () => 1, 'TypeError: struct s.x: expected a number, got function'],
  ['int', Symbol('x'), 'TypeError: struct s.x: expected a number, got symbol'],
  ['double', new Date(0), 'TypeError: struct s.x: expected a number, got an object (Date)'],
  ['int64_t', 'a text that is rather long', 'TypeError: struct s.x: expected a bigint, got a string'],
  ['int64_t', Number.NaN, 'RangeError: struct s.x: NaN is no integer'],
  ['uint64_t', Number.NEGATIVE_INFINITY, 'RangeError: struct s.x: -Infinity is no integer'],
  ['bool', 'true', 'TypeError: struct s.x: expected a boolean, got "true"'],
  ['int x : 3, y', '1', 'TypeError: struct s.x: expected a number, got "1"'],
  ['long x : 33, y', null, 'TypeError: struct s.x: expected a bigint, got null'],
];

it.each(REFUSED)('a member of type %s refuses %s', (type, value, message) => {
  const view = cdef(`struct s { ${type.includes(' x') ? type : `${type} x`}; };`).new('struct s');
  expect(failure(() => (view.x = value))).toBe(message);
  expect(Number(view.x)).toBe(0);
});
