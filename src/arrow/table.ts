/**
 * Arrays of C structs as Arrow tables (https://arrow.apache.org/docs/format/Columnar.html), for DuckDB, pandas, Polars and
 * others that read them. Values are copied: Arrow keeps columns where C keeps rows.
 *
 * | C | Arrow |
 * | --- | --- |
 * | integers, enums, bit-fields, pointers | the narrowest `Int8` to `Uint64` that holds them |
 * | `float`, `double`, `_Bool` | `Float32`, `Float64`, `Bool` |
 * | `char[n]` | `Utf8`, up to the first NUL; what is no UTF-8 becomes U+FFFD |
 * | other arrays of bytes | `FixedSizeBinary` |
 * | other arrays | `FixedSizeList` |
 * | structs; unions, whose members overlap | `Struct` |
 * | `long double`, `__int128`, complex numbers | `FixedSizeBinary` of their bytes |
 * | members without bytes | nothing |
 * @module
 */
import * as arrow from 'apache-arrow';
import { type ArrayType, type CType, fieldsOf, isRecord, type PathTarget, printType } from '../ctype/index.ts';
import { decodeUtf8, encodeUtf8 } from '../util/utf8.ts';
import { type ArrayView, BYTES, type Loops, loopsOf, OFFSET, type Source, targetOf, TYPE } from '../view/index.ts';

/**
 * An array as an Arrow table of one batch, a row per element. An array of scalars makes one column, `value`.
 * @param columns paths such as `ip.ttl`, each of which makes a column of that name; all members of the struct by default
 * @throws {TypeError} when there is no member of that path, it has no bytes, or Arrow has no type for it
 * @throws {RangeError} when a path goes beyond the end of an array, or text has more than 2^31 - 1 bytes
 * @example
 * const table = toArrow(c.typeof('struct packet').array(bytes), ['time', 'ip.source']);
 * const ipc = tableToIPC(table);
 */
export function toArrow(array: ArrayView<unknown>, columns?: readonly string[]): arrow.Table {
  const { element } = array[TYPE];
  const bytes = array[BYTES];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows: Rows = { bytes, view, start: array[OFFSET], runs: [{ count: array.length, stride: element.size ?? 0 }] };
  const targets = columns === undefined ? membersOf(element) : columns.map((path) => [path, columnTarget(element, path)] as const);
  return new arrow.Table(batchOf(targets, rows, array.length));
}

type Named = readonly (readonly [name: string, target: PathTarget])[];

// Equal things at equal distances, nested: rows, then the elements of an array in each of them, and so on.
interface Rows {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Byte at which the first one starts. */
  readonly start: number;
  readonly runs: readonly { readonly count: number; readonly stride: number }[];
}

function countOf({ runs }: Rows): number {
  return runs.reduce((product, { count }) => product * count, 1);
}

// Calls `visit` with the innermost runs, in order: the offset of the first, and how many come before.
function eachRun(rows: Rows, visit: (offset: number, stride: number, count: number, at: number) => void): void {
  let at = 0;
  const walk = (level: number, offset: number): void => {
    const { count, stride } = rows.runs[level] as { count: number; stride: number };
    if (level === rows.runs.length - 1) {
      visit(offset, stride, count, at);
      at += count;
      return;
    }
    for (let i = 0; i < count; i++) walk(level + 1, offset + i * stride);
  };
  walk(0, rows.start);
}

function columnTarget(element: CType, path: string): PathTarget {
  const target = targetOf(element, path);
  if (!((target.type.size ?? 0) > 0)) throw new TypeError(`${printType(element)}: '${path}' has no bytes`);
  return target;
}

function membersOf(type: CType): Named {
  if (!isRecord(type)) return [['value', { type, offset: 0, bits: null }]];
  return Array.from(fieldsOf(type), ([name, field]) => [name, field] as const).filter(
    ([, field]) => field.type.size !== null && field.type.size > 0,
  );
}

function batchOf(targets: Named, rows: Rows, length: number): arrow.RecordBatch {
  const data = structOf(targets, rows, length);
  return new arrow.RecordBatch(new arrow.Schema(data.type.children), data);
}

function structOf(targets: Named, rows: Rows, length: number): arrow.Data<arrow.Struct> {
  const children = targets.map(([, target]) => dataOf(target, rows));
  const fields = targets.map(([name], i) => new arrow.Field(name, (children[i] as arrow.Data).type, false));
  return arrow.makeData({ type: new arrow.Struct(fields), length, nullCount: 0, children });
}

function dataOf(target: PathTarget, rows: Rows): arrow.Data {
  const { type, offset, bits } = target;
  const made = loopsOf(target);
  // A bit-field's reader starts from its struct.
  if (made !== null) {
    const at = made.scalar === null ? { ...rows, start: rows.start + offset } : rows;
    return scalarsOf(
      type,
      made.loops,
      { view: rows.view, bytes: rows.bytes, isLittle: !('order' in type) || type.order === 'little', scalar: made.scalar },
      at,
    );
  }
  if (bits !== null) throw new TypeError(`Arrow has no type for ${bits.bitWidth} bits of '${printType(type)}'`);
  const placed = { ...rows, start: rows.start + offset };
  if (isRecord(type)) return structOf(membersOf(type), placed, countOf(placed));
  if (type.kind !== 'array' || isBytes(type)) return type.kind === 'array' && isText(type) ? textOf(type, placed) : bytesOf(type, placed);
  const { element, length } = type;
  const inner = { ...placed, runs: [...placed.runs, { count: length as number, stride: element.size as number }] };
  const child = dataOf({ type: element, offset: 0, bits: null }, inner);
  const list = new arrow.FixedSizeList(length as number, new arrow.Field('item', child.type, false));
  return arrow.makeData({ type: list, length: countOf(placed), nullCount: 0, child });
}

const isBytes = ({ element }: ArrayType): boolean => element.kind === 'integer' && element.size === 1;
const isText = ({ element }: ArrayType): boolean => element.kind === 'integer' && element.name === 'char';

const TYPES = new Map<unknown, arrow.DataType>([
  [Int8Array, new arrow.Int8()],
  [Uint8Array, new arrow.Uint8()],
  [Int16Array, new arrow.Int16()],
  [Uint16Array, new arrow.Uint16()],
  [Int32Array, new arrow.Int32()],
  [Uint32Array, new arrow.Uint32()],
  [Float32Array, new arrow.Float32()],
  [Float64Array, new arrow.Float64()],
  [BigInt64Array, new arrow.Int64()],
  [BigUint64Array, new arrow.Uint64()],
]);

function scalarsOf(type: CType, loops: Loops, source: Source, rows: Rows): arrow.Data {
  const length = countOf(rows);
  const values = new loops.Array(length);
  if (loops.kind === 'bigint') {
    const pairs = new Uint32Array(values.buffer);
    eachRun(rows, (offset, stride, count, at) => loops.gather(source, offset, stride, count, pairs, at));
  } else {
    const numbers = values as Uint8Array;
    eachRun(rows, (offset, stride, count, at) => loops.gather(source, offset, stride, count, numbers, at));
    if (type.kind === 'bool') return arrow.makeData({ type: new arrow.Bool(), length, nullCount: 0, data: packed(numbers) });
  }
  return arrow.makeData({ type: TYPES.get(loops.Array) as arrow.Int, length, nullCount: 0, data: values as Int32Array });
}

// A bit per value, the first in the lowest.
function packed(values: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  for (let i = 0; i < values.length; i++) bits[i >> 3] = (bits[i >> 3] as number) | ((values[i] as number) << (i & 7));
  return bits;
}

function bytesOf(type: CType, rows: Rows): arrow.Data {
  const size = type.size as number;
  const length = countOf(rows);
  const data = new Uint8Array(length * size);
  eachRun(rows, (offset, stride, count, at) => {
    for (let i = 0; i < count; i++, offset += stride) data.set(rows.bytes.subarray(offset, offset + size), (at + i) * size);
  });
  return arrow.makeData({ type: new arrow.FixedSizeBinary(size), length, nullCount: 0, data });
}

function textOf(type: ArrayType, rows: Rows): arrow.Data {
  const size = type.size as number;
  const length = countOf(rows);
  const valueOffsets = new Int32Array(length + 1);
  let data = new Uint8Array(length * 8);
  let end = 0;
  const add = (offset: number): void => {
    let text = rows.bytes.subarray(offset, offset + size);
    const nul = text.indexOf(0);
    if (nul >= 0) text = text.subarray(0, nul);
    // Readers rely on what is called UTF-8 being it.
    if (text.some((byte) => byte > 0x7f)) text = encodeUtf8(decodeUtf8(text));
    if (end + text.length > data.length) {
      const grown = new Uint8Array(2 * (end + text.length));
      grown.set(data);
      data = grown;
    }
    data.set(text, end);
    end += text.length;
  };
  eachRun(rows, (offset, stride, count, at) => {
    for (let i = 0; i < count; i++, offset += stride) {
      add(offset);
      if (end >= 2 ** 31) throw new RangeError(`'${printType(type)}': more text than a column can have`);
      valueOffsets[at + i + 1] = end;
    }
  });
  return arrow.makeData({ type: new arrow.Utf8(), length, nullCount: 0, valueOffsets, data: data.subarray(0, end) });
}
