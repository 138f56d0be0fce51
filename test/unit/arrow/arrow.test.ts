import * as arrow from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { toArrow } from '../../../src/arrow/index.ts';
import { failure } from '../../helpers/errors.ts';
import { cdef } from '../../helpers/loose.ts';

const c = cdef(`
  enum kind { A = 1, B = 300 };
  struct point { int16_t x; be16_t y; };
  union both { uint32_t word; uint8_t bytes[4]; };
  struct row {
    int8_t i8; uint8_t u8; be16_t be16; int32_t i32; be32_t be32; int64_t i64; uint64_t u64; float f; double d; bool b;
    enum kind kind; char name[6]; uint8_t mac[6]; struct point at; struct point path[2]; int grid[2][3]; char words[2][3];
    union both both; void *p; long double ld; unsigned low : 3; int mid : 13; uint64_t wide : 40; int none[0];
    struct { int n; struct { char tag[2]; bool on[3]; } in[2]; } deep; unsigned __int128 huge;
  } __attribute__((packed));
`);
const Row = c.typeof('struct row');

function rows(count: number) {
  const bytes = new Uint8Array(5 + count * (Row.size as number));
  const array = Row.array(bytes, 5);
  for (let i = 0; i < count; i++) {
    Object.assign(array.at(i), {
      ...{ i8: -i, u8: i, be16: i * 7, i32: -i * 1000, be32: 0xffff0000 + i, i64: -BigInt(i), u64: 2n ** 64n - 1n - BigInt(i) },
      ...{ f: i / 2, d: i / 3, b: i % 3 === 0, kind: i % 2 ? 300 : 1, name: `n${i}`, mac: [i, 1, 2, 3, 4, 5], at: { x: -i, y: i } },
      ...{
        path: [
          { x: i, y: 1 },
          { x: 2, y: i },
        ],
        grid: [
          [i, 1, 2],
          [3, 4, -i],
        ],
        words: ['ab', 'xyz'],
        both: { word: i },
      },
      ...{ p: null, low: i, mid: -i, wide: BigInt(i) << 30n },
      deep: {
        n: i,
        in: [
          { tag: 'a', on: [1, 0, i % 2] },
          { tag: 'bc', on: [0, i % 2, 0] },
        ],
      },
    });
  }
  return array;
}

const reread = (table: arrow.Table): arrow.Table => arrow.tableFromIPC(arrow.tableToIPC(table));
// biome-ignore lint/suspicious/noExplicitAny: rows of any shape
const plain = (value: any): unknown => {
  if (ArrayBuffer.isView(value)) return Array.from(value as never, plain);
  if (typeof value !== 'object' || value === null) return value;
  if (typeof value.toJSON === 'function' && !Array.isArray(value)) return plain(value.toJSON());
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
};

describe('a table of C structs', () => {
  it('has the types that hold the members', () => {
    const { schema } = reread(toArrow(rows(2)));
    const types = Object.fromEntries(schema.fields.map(({ name, type }) => [name, String(type)]));
    expect(types).toEqual({
      ...{ i8: 'Int8', u8: 'Uint8', be16: 'Uint16', i32: 'Int32', be32: 'Uint32', i64: 'Int64', u64: 'Uint64' },
      ...{ f: 'Float32', d: 'Float64', b: 'Bool', kind: 'Uint32', name: 'Utf8', mac: 'FixedSizeBinary[6]' },
      at: 'Struct<{x:Int16, y:Uint16}>',
      path: 'FixedSizeList[2]<Struct<{x:Int16, y:Uint16}>>',
      grid: 'FixedSizeList[2]<FixedSizeList[3]<Int32>>',
      words: 'FixedSizeList[2]<Utf8>',
      both: 'Struct<{word:Uint32, bytes:FixedSizeBinary[4]}>',
      ...{ p: 'Uint64', ld: 'FixedSizeBinary[16]', low: 'Uint8', mid: 'Int16', wide: 'Uint64', huge: 'FixedSizeBinary[16]' },
      deep: 'Struct<{n:Int32, in:FixedSizeList[2]<Struct<{tag:Utf8, on:FixedSizeList[3]<Bool>}>>}>',
    });
    expect(schema.fields.every(({ nullable }) => !nullable)).toBe(true);
  });

  it('has the values that views show, as read back by Arrow', () => {
    const array = rows(20);
    const table = reread(toArrow(array));
    expect(table.numRows).toBe(20);
    table.toArray().forEach((row, i) => {
      const view = array.at(i);
      const { none, ...fields } = view.toObject();
      expect(none).toEqual([]);
      const zeros = Array(16).fill(0);
      expect(plain(row)).toEqual({
        ...fields,
        name: view.name.text(),
        words: [view.words[0].text(), view.words[1].text()],
        both: { word: i, bytes: [i, 0, 0, 0] },
        ...{ p: 0n, ld: zeros, huge: zeros },
        deep: { n: i, in: view.deep.in.toArray().map((one: { tag: number[] }, k: number) => ({ ...one, tag: ['a', 'bc'][k] })) },
      });
    });
  });

  it('has the columns asked for, by path', () => {
    const table = reread(toArrow(rows(3), ['path[1].y', 'low', 'name']));
    expect(plain(table.toArray())).toEqual([0, 1, 2].map((i) => ({ 'path[1].y': i, low: i, name: `n${i}` })));
  });

  it('of scalars is one column', () => {
    const array = c.typeof('be16_t').array(Uint8Array.of(0, 1, 0, 2));
    expect(plain(reread(toArrow(array)).toArray())).toEqual([{ value: 1 }, { value: 2 }]);
  });

  it('of no rows has its columns', () => {
    const table = reread(toArrow(rows(0)));
    expect([table.numRows, table.numCols]).toEqual([0, 25]);
  });

  it('has text that is UTF-8, whatever the bytes are', () => {
    const text = c.typeof('char[4]');
    const bytes = Uint8Array.of(0xc3, 0xa4, 0xff, 0x41, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0x61, 0, 0x62, 0x63);
    const table = reread(toArrow(text.array(bytes)));
    expect(plain(table.toArray())).toEqual(['ä\ufffdA', '\ufffd\ufffd\ufffd\ufffd', '', 'a'].map((value) => ({ value })));
  });

  it('has bits of booleans in their order', () => {
    const bytes = Uint8Array.from({ length: 21 }, (_, i) => (i % 5 === 0 ? i + 1 : 0));
    const values = reread(toArrow(c.typeof('bool').array(bytes))).getChildAt(0);
    expect([...(values as arrow.Vector)]).toEqual(Array.from({ length: 21 }, (_, i) => i % 5 === 0));
  });

  it.each([
    ['absent', "TypeError: struct row.absent: no member named 'absent'"],
    ['path[2]', 'RangeError: struct row.path[2]: index 2 is outside struct point [2]'],
    ['none', "TypeError: struct row: 'none' has no bytes"],
  ])('refuses a column %s', (path, message) => {
    expect(failure(() => toArrow(rows(1), [path]))).toBe(message);
  });

  it('refuses bits that no integer of Arrow holds', () => {
    const array = c.cdef('struct bits { unsigned __int128 n : 100; };').typeof('struct bits').array(new Uint8Array(16));
    expect(failure(() => toArrow(array))).toBe("TypeError: Arrow has no type for 100 bits of 'unsigned __int128'");
  });
});
