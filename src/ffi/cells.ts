/**
 * Elements of memory as a typed array of JavaScript's, for engines that read and write many of them: the numbers that go in and come
 * out are those of the ffi's own readers and writers.
 * @module
 */
import { type CType, isVector } from '../ctype/index.ts';
import type { Place } from '../memory/index.ts';

/** The numbers that may be stored in integers as they are lie between this and its negative: beyond 2^63 the ffi stores 0. */
export const CELL_LIMIT = 9e18;

/** The elements from a place on. Those in front of it, and those that are not whole, are not there. */
export type Cells = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

type CellsClass = new (buffer: ArrayBufferLike, offset: number, length: number) => Cells;

const CLASSES: Readonly<Record<string, CellsClass>> = {
  'signed 1': Int8Array,
  'unsigned 1': Uint8Array,
  'signed 2': Int16Array,
  'unsigned 2': Uint16Array,
  'signed 4': Int32Array,
  'unsigned 4': Uint32Array,
  'float 4': Float32Array,
  'float 8': Float64Array,
};

const IS_LITTLE: boolean = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function classOf(element: CType): CellsClass | null {
  if (element.kind !== 'integer' && element.kind !== 'float') return null;
  if ((element.order === 'little') !== IS_LITTLE && element.size > 1) return null;
  const kind = element.kind === 'float' ? 'float' : element.isSigned ? 'signed' : 'unsigned';
  return element.name.startsWith('_Decimal') ? null : (CLASSES[`${kind} ${element.size}`] ?? null);
}

/**
 * What makes a typed array of the elements of an array, or behind a pointer, which are `element`s; null where they are no plain numbers.
 * It answers null for a place that is not aligned, or outside its region, or in memory that may be freed.
 */
export function cellsMaker(type: CType, element: CType): ((place: Place) => Cells | null) | null {
  const Class = isVector(type) ? null : classOf(element);
  if (Class === null) return null;
  const size = element.size as number;
  return ({ region, offset }) => {
    const { bytes } = region;
    const room = bytes.length - offset;
    const start = bytes.byteOffset + offset;
    if (region.isFreeable || !(offset >= 0 && room >= size) || start % size !== 0) return null;
    return new Class(bytes.buffer, start, Math.floor(room / size));
  };
}
