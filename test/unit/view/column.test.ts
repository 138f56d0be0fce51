import { describe, expect, expectTypeOf, it } from 'vitest';
import { type BigIntArray, cdef, type Column, type NumberArray } from '../../../src/index.ts';
import { failure } from '../../helpers/errors.ts';
import { cdef as looseCdef } from '../../helpers/loose.ts';

const c = cdef(`
  enum kind { A = 1, B = -2 };
  struct inner { int16_t x; be16_t y[3]; };
  struct row {
    uint8_t op; int8_t s8; be32_t xid; uint16_t u16; float f; double d; bool flag; enum kind kind;
    uint64_t u64; be64_t be64; int64_t i64; struct inner in[2]; void *p; long double ld;
    unsigned low : 3; int mid : 13; unsigned wide : 31; uint64_t huge : 40; bool bit : 1; int64_t shuge : 50;
  } __attribute__((packed));
`);
const Row = c.typeof('struct row');
const size = Row.size as number;

// Rows at an odd offset, with values that differ from row to row.
function rows(count: number) {
  const bytes = new Uint8Array(3 + count * size);
  const array = Row.array(bytes, 3);
  for (let i = 0; i < count; i++) {
    const row = array.at(i) as NonNullable<ReturnType<typeof array.at>>;
    Object.assign(row, {
      op: i,
      s8: -i,
      xid: 0xfffffe00 + i,
      u16: 0xff00 + i,
      f: i / 4,
      d: -i / 3,
      flag: i % 2 === 0,
      kind: i % 2 ? -2 : 1,
    });
    Object.assign(row, { u64: 2n ** 64n - 1n - BigInt(i), be64: BigInt(i) << 32n, i64: -(2n ** 63n) + BigInt(i) });
    Object.assign(row, { low: i, mid: -i, wide: 2 ** 31 - 1 - i, huge: 2n ** 40n - 1n - BigInt(i), bit: i % 3 === 0, shuge: BigInt(-i) });
    Object.assign(row, {
      in: [
        { x: -1, y: [1, 2, 3] },
        { x: i - 5, y: [0, 0xff00 + i, 0] },
      ],
    });
  }
  return array;
}

describe('a column', () => {
  const array = rows(300);
  // Path, class of the copy; values are those of the views.
  it.each([
    ['op', Uint8Array],
    ['s8', Int8Array],
    ['xid', Uint32Array],
    ['u16', Uint16Array],
    ['f', Float32Array],
    ['d', Float64Array],
    ['flag', Uint8Array],
    ['kind', Int32Array],
    ['u64', BigUint64Array],
    ['be64', BigUint64Array],
    ['i64', BigInt64Array],
    ['in[1].x', Int16Array],
    ['in[1].y[1]', Uint16Array],
    ['low', Uint8Array],
    ['mid', Int16Array],
    ['wide', Uint32Array],
    ['huge', BigUint64Array],
    ['shuge', BigInt64Array],
    ['bit', Uint8Array],
  ] as const)('of %s copies, finds and adds up what views show', (path, Class) => {
    const column = array.column(path as never) as Column;
    const steps = path.match(/\w+/g) as string[];
    const read = (row: unknown): unknown => {
      const value = steps.reduce((at, step) => (at as Record<string, unknown>)[step], row);
      return typeof value === 'boolean' ? Number(value) : value;
    };
    const expected = Array.from(array, (row) => read(row)) as (number | bigint)[];
    expect(column.copy()).toBeInstanceOf(Class);
    expect([...column.copy()]).toEqual(expected);
    expect([...column]).toEqual(expected);
    expect([column.at(0), column.at(-1), column.at(300), column.at(0.5)]).toEqual([expected[0], expected[299], undefined, undefined]);
    const zero = typeof expected[0] === 'bigint' ? 0n : 0;
    // biome-ignore lint/suspicious/noExplicitAny: numbers or bigints
    const add = (values: any[]): unknown => values.reduce((sum, value) => sum + value, zero);
    const sorted = [...expected].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    expect([column.sum(), column.min(), column.max()]).toEqual([add(expected), sorted[0], sorted[299]]);
    const middle = sorted[150] as number | bigint;
    const tests = {
      '==': (a: number | bigint) => a === middle,
      '!=': (a: number | bigint) => a !== middle,
      '<': (a: number | bigint) => a < middle,
      '<=': (a: number | bigint) => a <= middle,
      '>': (a: number | bigint) => a > middle,
      '>=': (a: number | bigint) => a >= middle,
    };
    for (const [comparison, test] of Object.entries(tests)) {
      const found = expected.flatMap((value, i) => (test(value) ? [i] : []));
      expect([...column.where(comparison as '==', middle)]).toEqual(found);
      expect([...column.where(test)]).toEqual(found);
      expect([column.count(comparison as '==', middle), column.count(test)]).toEqual([found.length, found.length]);
      const selected = Uint32Array.from(found);
      const values = found.map((i) => expected[i] as number | bigint);
      const ordered = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      expect([column.sum(selected), column.min(selected), column.max(selected)]).toEqual([add(values), ordered[0], ordered.at(-1)]);
      const even = selected.filter((i) => i % 2 === 0);
      expect(column.where('==', middle, { rows: even })).toEqual(even.filter((i) => expected[i] === middle));
      expect(column.where((value) => value === middle, { rows: even })).toEqual(even.filter((i) => expected[i] === middle));
    }
  });

  it('of pointers has their addresses', () => {
    expect([...array.column('p' as never).copy()]).toEqual(Array(300).fill(0n));
    const narrow = looseCdef('struct s { char *p; };', { abi: 'i386-linux-gnu' })
      .typeof('struct s')
      .array(Uint8Array.of(1, 0, 0, 0x80));
    expect(narrow.column('p').copy()).toEqual(Uint32Array.of(0x80000001));
  });

  it('of an array of scalars, or of arrays, needs no name', () => {
    const bytes = Uint8Array.of(0, 1, 0, 2, 0, 3, 0, 4);
    expect(c.typeof('be16_t').array(bytes).column().copy()).toEqual(Uint16Array.of(1, 2, 3, 4));
    expect(c.typeof('be16_t[2]').array(bytes).column('[1]').copy()).toEqual(Uint16Array.of(2, 4));
  });

  it('is live', () => {
    const two = rows(2);
    const column = two.column('op');
    expect(column.sum()).toBe(1);
    (two.at(0) as { op: number }).op = 9;
    expect([column.sum(), column.max()]).toEqual([10, 9]);
  });

  it('of no elements is empty', () => {
    const none = rows(0);
    const narrow = none.column('op');
    const wide = none.column('u64');
    expect([narrow.sum(), narrow.min(), narrow.max(), narrow.count('>', 0), narrow.copy(), narrow.where('>', 0)]).toEqual([
      0,
      undefined,
      undefined,
      0,
      new Uint8Array(),
      new Uint32Array(),
    ]);
    expect([wide.sum(), wide.min(), wide.max(), wide.count('>', 0), wide.copy()]).toEqual([
      0n,
      undefined,
      undefined,
      0,
      new BigUint64Array(),
    ]);
  });

  it('passes over NaN', () => {
    const values = Float64Array.of(NaN, 3, NaN, -1, NaN);
    const column = c.typeof('double').array(values).column();
    expect([column.min(), column.max(), column.sum()]).toEqual([-1, 3, NaN]);
    expect([...column.where('!=', 3)]).toEqual([0, 2, 3, 4]);
    expect([column.count('<', 5), column.count('>=', NaN)]).toEqual([2, 0]);
    expect(c.typeof('double').array(Float64Array.of(NaN)).column().min()).toBeNaN();
  });

  it('compares doubles as JavaScript does, at the edges too', () => {
    const edges = [NaN, -Infinity, -Number.MAX_VALUE, -1, -Number.MIN_VALUE, -0, 0, Number.MIN_VALUE, 1, 1 + Number.EPSILON, Infinity];
    const column = c.typeof('double').array(Float64Array.from(edges)).column();
    const tests = {
      '==': (a: number, b: number) => a === b,
      '!=': (a: number, b: number) => a !== b,
      '<': (a: number, b: number) => a < b,
      '<=': (a: number, b: number) => a <= b,
      '>': (a: number, b: number) => a > b,
      '>=': (a: number, b: number) => a >= b,
    };
    for (const [comparison, test] of Object.entries(tests)) {
      for (const edge of edges) {
        const expected = edges.flatMap((value, i) => (test(value, edge) ? [i] : []));
        expect([comparison, edge, ...column.where(comparison as '==', edge)]).toEqual([comparison, edge, ...expected]);
      }
    }
  });

  it('compares 64-bit integers with numbers beyond their range', () => {
    const column = c
      .typeof('int64_t')
      .array(BigInt64Array.of(-(2n ** 63n), -1n, 0n, 2n ** 63n - 1n))
      .column();
    expect([column.count('<', 2n ** 100n), column.count('>', -(2n ** 100n)), column.count('>', -1), column.count('==', -1n)]).toEqual([
      4, 4, 2, 1,
    ]);
    const unsigned = c
      .typeof('uint64_t')
      .array(BigUint64Array.of(0n, 2n ** 64n - 1n))
      .column();
    expect([unsigned.count('>', -1), unsigned.count('<', 2n ** 64n), unsigned.max()]).toEqual([2, 2, 2n ** 64n - 1n]);
  });

  it('adds up 64-bit integers exactly beyond 2^21 of them', () => {
    const count = 2 ** 21 + 5;
    const column = c
      .typeof('uint64_t')
      .array(new BigUint64Array(count).fill(2n ** 64n - 1n))
      .column();
    expect(column.sum()).toBe((2n ** 64n - 1n) * BigInt(count));
  });

  it('copies into memory it is given', () => {
    const floats = new Float64Array(302);
    expect(array.column('xid').copy(floats)).toBe(floats);
    expect([floats[299], floats[300]]).toEqual([0xfffffe00 + 299, 0]);
    const into = new Uint32Array(400);
    const found = array.column('op').where('==', 7, { into });
    expect([found.buffer === into.buffer, [...found]]).toEqual([true, [7, 263]]);
    const wide = new BigUint64Array(new ArrayBuffer(8 * 301), 8, 300);
    expect(array.column('be64').copy(wide)[299]).toBe(299n << 32n);
  });

  it('lets a predicate use columns', () => {
    const op = array.column('op');
    const xid = array.column('xid');
    let i = 0;
    expect(op.count((value) => value === op.at(i) && xid.at(i) === 0xfffffe00 + i++)).toBe(300);
  });

  it.each([
    ['', "TypeError: struct row is 'struct row', which is no column"],
    ['nope', "TypeError: struct row.nope: no member named 'nope'"],
    ['in', "TypeError: struct row.in is 'struct inner [2]', which is no column"],
    ['in[0]', "TypeError: struct row.in[0] is 'struct inner', which is no column"],
    ['in[2].x', 'RangeError: struct row.in[2].x: index 2 is outside struct inner [2]'],
    ['in[0].y[3]', 'RangeError: struct row.in[0].y[3]: index 3 is outside be16_t [3]'],
    ['in[-1].x', "TypeError: struct row.in[-1].x: no member named 'in[-1].x'"],
    ['op[0]', 'TypeError: struct row.op[0]: index [0] into something that is no array'],
    ['ld', "TypeError: struct row.ld is 'long double', which is no column"],
    ['[0]', 'TypeError: struct row[0]: index [0] into something that is no array'],
  ])('of %j is refused', (path, message) => {
    expect(failure(() => array.column(path as never))).toBe(message);
  });

  it('refuses what lies behind a flexible array, and wrong arguments', () => {
    const open = looseCdef('struct open { int n; int tail[]; };').typeof('struct open').array(new Uint8Array(8));
    expect(failure(() => open.column('tail[0]'))).toBe('RangeError: struct open.tail[0]: index 0 is outside int []');
    const op = array.column('op');
    expect(failure(() => op.copy(new Uint8Array(299)))).toBe('RangeError: 300 values do not fit an array of 299');
    expect(failure(() => op.copy(new BigInt64Array(300) as never))).toBe(
      'TypeError: op: expected a typed array of numbers, got an object (BigInt64Array)',
    );
    expect(failure(() => array.column('u64').copy(new Uint8Array(300) as never))).toBe(
      'TypeError: u64: expected an array of 64-bit integers, got an object (Uint8Array)',
    );
    expect(failure(() => op.where('=' as never, 1))).toBe('TypeError: expected a predicate or one of == != < <= > >=, got "="');
    expect(failure(() => op.where('==', '1' as never))).toBe('TypeError: op: expected a number to compare with, got "1"');
    expect(failure(() => op.where('==', 2n ** 64n + 1n))).toBe('RangeError: op: 18446744073709551617 is beyond a column of numbers');
    expect(failure(() => array.column('u64').where('==', 0.5))).toBe('RangeError: u64: 0.5 is no integer');
    expect(failure(() => op.where('==', 1, { into: new Uint32Array(2) }))).toBe(
      "RangeError: 300 indices may be found, 'into' has room for 2",
    );
    for (const column of [op, array.column('u64')]) {
      const rows = Uint32Array.of(300);
      const message = 'RangeError: row 300 is beyond the 300 elements';
      expect(failure(() => column.sum(rows))).toBe(message);
      expect(failure(() => column.min(rows))).toBe(message);
      expect(failure(() => column.where('==', 1, { rows }))).toBe(message);
      expect(failure(() => (column as Column).where(() => true, { rows }))).toBe(message);
    }
  });

  it('is typed by its path', () => {
    expectTypeOf(array.column('xid')).toEqualTypeOf<Column<number>>();
    expectTypeOf(array.column('in[1].y[2]').copy()).toEqualTypeOf<NumberArray>();
    expectTypeOf(array.column('u64').copy()).toEqualTypeOf<BigIntArray>();
    expectTypeOf(array.column('u64').sum()).toEqualTypeOf<bigint>();
    // @ts-expect-error no such member
    expect(() => array.column('xidd')).toThrow(TypeError);
    expectTypeOf(c.typeof('double').array(new Uint8Array(8)).column()).toEqualTypeOf<Column<number>>();
  });
});
