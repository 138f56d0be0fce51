/**
 * Loops over one scalar of many records: copying it out, adding it up, finding values. One set of loops per kind of scalar, so that
 * each stays as fast as one written by hand; a reader that is passed in would cost a call per record once several kinds
 * of columns are in use.
 * @module
 */
import type { CType, PathTarget } from '../ctype/index.ts';
import { bitFieldOf, type Scalar } from './scalar.ts';

/** Typed arrays of numbers. */
export type NumberArray = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;
/** Typed arrays of 64-bit integers. */
export type BigIntArray = BigInt64Array | BigUint64Array;

/** What a loop reads from: all bytes of the view's buffer, and how they are to be read. */
export interface Source {
  readonly view: DataView;
  readonly bytes: Uint8Array;
  readonly isLittle: boolean;
  /** Reads bit-fields. */
  readonly scalar: Scalar | null;
}

/** The loops of a kind of scalar that fits a number; `offset` is the first one's, `stride` the distance between two, in bytes. */
export interface NumberLoops {
  readonly kind: 'number';
  readonly Array: new (length: number) => NumberArray;
  gather(source: Source, offset: number, stride: number, count: number, out: NumberArray, at: number): void;
  sum(source: Source, offset: number, stride: number, count: number): number;
  /**
   * Appends the rows whose values are in the range to `into`, where there is one, behind the `found` already there.
   * @param row of the first value
   * @returns how many have been found now
   */
  select(
    source: Source,
    offset: number,
    stride: number,
    count: number,
    range: Range,
    into: Uint32Array | null,
    row: number,
    found: number,
  ): number;
}

/** Values to look for: those from `low` to `high`, both included, or with `isInside` false all others, NaN too. */
export interface Range {
  readonly low: number;
  readonly high: number;
  readonly isInside: boolean;
}

/** The loops of 64-bit integers, which are copied as two halves, so that no bigint is made. */
export interface WideLoops {
  readonly kind: 'bigint';
  readonly Array: new (length: number) => BigIntArray;
  /** `pairs` shows the memory of an array of 64-bit integers; `at` counts those. */
  gather(source: Source, offset: number, stride: number, count: number, pairs: Uint32Array, at: number): void;
}

export type Loops = NumberLoops | WideLoops;

/** Which of a pair of 32-bit halves in this machine's memory is the low one. */
export const LOW: 0 | 1 = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 0 : 1;

const BOOL: NumberLoops = {
  kind: 'number',
  Array: Uint8Array,
  gather: ({ view }, offset, stride, count, out, at) => {
    for (const end = at + count; at < end; at++, offset += stride) out[at] = view.getUint8(offset) === 0 ? 0 : 1;
  },
  sum: ({ view }, offset, stride, count) => {
    let sum = 0;
    for (let i = 0; i < count; i++, offset += stride) sum += view.getUint8(offset) === 0 ? 0 : 1;
    return sum;
  },
  select: ({ view }, offset, stride, count, { low, high, isInside }, into, row, found) => {
    for (const end = row + count; row < end; row++, offset += stride) {
      const value = view.getUint8(offset) === 0 ? 0 : 1;
      if ((value >= low && value <= high) !== isInside) continue;
      if (into !== null) into[found] = row;
      found++;
    }
    return found;
  },
};

const INT8: NumberLoops = {
  kind: 'number',
  Array: Int8Array,
  gather: ({ view }, offset, stride, count, out, at) => {
    for (const end = at + count; at < end; at++, offset += stride) out[at] = view.getInt8(offset);
  },
  sum: ({ view }, offset, stride, count) => {
    let sum = 0;
    for (let i = 0; i < count; i++, offset += stride) sum += view.getInt8(offset);
    return sum;
  },
  select: ({ view }, offset, stride, count, { low, high, isInside }, into, row, found) => {
    for (const end = row + count; row < end; row++, offset += stride) {
      const value = view.getInt8(offset);
      if ((value >= low && value <= high) !== isInside) continue;
      if (into !== null) into[found] = row;
      found++;
    }
    return found;
  },
};

const UINT8: NumberLoops = {
  kind: 'number',
  Array: Uint8Array,
  gather: ({ view }, offset, stride, count, out, at) => {
    for (const end = at + count; at < end; at++, offset += stride) out[at] = view.getUint8(offset);
  },
  sum: ({ view }, offset, stride, count) => {
    let sum = 0;
    for (let i = 0; i < count; i++, offset += stride) sum += view.getUint8(offset);
    return sum;
  },
  select: ({ view }, offset, stride, count, { low, high, isInside }, into, row, found) => {
    for (const end = row + count; row < end; row++, offset += stride) {
      const value = view.getUint8(offset);
      if ((value >= low && value <= high) !== isInside) continue;
      if (into !== null) into[found] = row;
      found++;
    }
    return found;
  },
};

const INT16: NumberLoops = {
  kind: 'number',
  Array: Int16Array,
  gather: ({ view, isLittle }, offset, stride, count, out, at) => {
    for (const end = at + count; at < end; at++, offset += stride) out[at] = view.getInt16(offset, isLittle);
  },
  sum: ({ view, isLittle }, offset, stride, count) => {
    let sum = 0;
    for (let i = 0; i < count; i++, offset += stride) sum += view.getInt16(offset, isLittle);
    return sum;
  },
  select: ({ view, isLittle }, offset, stride, count, { low, high, isInside }, into, row, found) => {
    for (const end = row + count; row < end; row++, offset += stride) {
      const value = view.getInt16(offset, isLittle);
      if ((value >= low && value <= high) !== isInside) continue;
      if (into !== null) into[found] = row;
      found++;
    }
    return found;
  },
};

const UINT16: NumberLoops = {
  kind: 'number',
  Array: Uint16Array,
  gather: ({ view, isLittle }, offset, stride, count, out, at) => {
    for (const end = at + count; at < end; at++, offset += stride) out[at] = view.getUint16(offset, isLittle);
  },
  sum: ({ view, isLittle }, offset, stride, count) => {
    let sum = 0;
    for (let i = 0; i < count; i++, offset += stride) sum += view.getUint16(offset, isLittle);
    return sum;
  },
  select: ({ view, isLittle }, offset, stride, count, { low, high, isInside }, into, row, found) => {
    for (const end = row + count; row < end; row++, offset += stride) {
      const value = view.getUint16(offset, isLittle);
      if ((value >= low && value <= high) !== isInside) continue;
      if (into !== null) into[found] = row;
      found++;
    }
    return found;
  },
};

const INT32: NumberLoops = {
  kind: 'number',
  Array: Int32Array,
  gather: ({ view, isLittle }, offset, stride, count, out, at) => {
    for (const end = at + count; at < end; at++, offset += stride) out[at] = view.getInt32(offset, isLittle);
  },
  sum: ({ view, isLittle }, offset, stride, count) => {
    let sum = 0;
    for (let i = 0; i < count; i++, offset += stride) sum += view.getInt32(offset, isLittle);
    return sum;
  },
  select: ({ view, isLittle }, offset, stride, count, { low, high, isInside }, into, row, found) => {
    for (const end = row + count; row < end; row++, offset += stride) {
      const value = view.getInt32(offset, isLittle);
      if ((value >= low && value <= high) !== isInside) continue;
      if (into !== null) into[found] = row;
      found++;
    }
    return found;
  },
};

const UINT32: NumberLoops = {
  kind: 'number',
  Array: Uint32Array,
  gather: ({ view, isLittle }, offset, stride, count, out, at) => {
    for (const end = at + count; at < end; at++, offset += stride) out[at] = view.getUint32(offset, isLittle);
  },
  sum: ({ view, isLittle }, offset, stride, count) => {
    let sum = 0;
    for (let i = 0; i < count; i++, offset += stride) sum += view.getUint32(offset, isLittle);
    return sum;
  },
  select: ({ view, isLittle }, offset, stride, count, { low, high, isInside }, into, row, found) => {
    for (const end = row + count; row < end; row++, offset += stride) {
      const value = view.getUint32(offset, isLittle);
      if ((value >= low && value <= high) !== isInside) continue;
      if (into !== null) into[found] = row;
      found++;
    }
    return found;
  },
};

const FLOAT32: NumberLoops = {
  kind: 'number',
  Array: Float32Array,
  gather: ({ view, isLittle }, offset, stride, count, out, at) => {
    for (const end = at + count; at < end; at++, offset += stride) out[at] = view.getFloat32(offset, isLittle);
  },
  sum: ({ view, isLittle }, offset, stride, count) => {
    let sum = 0;
    for (let i = 0; i < count; i++, offset += stride) sum += view.getFloat32(offset, isLittle);
    return sum;
  },
  select: ({ view, isLittle }, offset, stride, count, { low, high, isInside }, into, row, found) => {
    for (const end = row + count; row < end; row++, offset += stride) {
      const value = view.getFloat32(offset, isLittle);
      if ((value >= low && value <= high) !== isInside) continue;
      if (into !== null) into[found] = row;
      found++;
    }
    return found;
  },
};

const FLOAT64: NumberLoops = {
  kind: 'number',
  Array: Float64Array,
  gather: ({ view, isLittle }, offset, stride, count, out, at) => {
    for (const end = at + count; at < end; at++, offset += stride) out[at] = view.getFloat64(offset, isLittle);
  },
  sum: ({ view, isLittle }, offset, stride, count) => {
    let sum = 0;
    for (let i = 0; i < count; i++, offset += stride) sum += view.getFloat64(offset, isLittle);
    return sum;
  },
  select: ({ view, isLittle }, offset, stride, count, { low, high, isInside }, into, row, found) => {
    for (const end = row + count; row < end; row++, offset += stride) {
      const value = view.getFloat64(offset, isLittle);
      if ((value >= low && value <= high) !== isInside) continue;
      if (into !== null) into[found] = row;
      found++;
    }
    return found;
  },
};

type Gather = WideLoops['gather'];

const gatherWide: Gather = ({ view, isLittle }, offset, stride, count, pairs, at) => {
  const low = isLittle ? 0 : 4;
  const high = 4 - low;
  for (let i = at * 2; i < (at + count) * 2; i += 2, offset += stride) {
    pairs[i + LOW] = view.getUint32(offset + low, isLittle);
    pairs[i + 1 - LOW] = view.getUint32(offset + high, isLittle);
  }
};

const INT64: WideLoops = { kind: 'bigint', Array: BigInt64Array, gather: gatherWide };
const UINT64: WideLoops = { kind: 'bigint', Array: BigUint64Array, gather: gatherWide };

// `offset` is the struct's.
const readNumbers: NumberLoops['gather'] = ({ bytes, scalar }, offset, stride, count, out, at) => {
  const { read } = scalar as Scalar;
  for (const end = at + count; at < end; at++, offset += stride) out[at] = Number(read(bytes, offset));
};
const sumNumbers: NumberLoops['sum'] = ({ bytes, scalar }, offset, stride, count) => {
  const { read } = scalar as Scalar;
  let sum = 0;
  for (let i = 0; i < count; i++, offset += stride) sum += Number(read(bytes, offset));
  return sum;
};
const selectNumbers: NumberLoops['select'] = ({ bytes, scalar }, offset, stride, count, { low, high, isInside }, into, row, found) => {
  const { read } = scalar as Scalar;
  for (const end = row + count; row < end; row++, offset += stride) {
    const value = Number(read(bytes, offset));
    if ((value >= low && value <= high) !== isInside) continue;
    if (into !== null) into[found] = row;
    found++;
  }
  return found;
};
const readWide: Gather = ({ bytes, scalar }, offset, stride, count, pairs, at) => {
  const { read } = scalar as Scalar & { kind: 'bigint' };
  for (let i = at * 2; i < (at + count) * 2; i += 2, offset += stride) {
    const value = BigInt.asUintN(64, read(bytes, offset));
    pairs[i + LOW] = Number(value & 0xffffffffn);
    pairs[i + 1 - LOW] = Number(value >> 32n);
  }
};

const SIGNED: Readonly<Record<number, Loops>> = { 1: INT8, 2: INT16, 4: INT32, 8: INT64 };
const UNSIGNED: Readonly<Record<number, Loops>> = { 1: UINT8, 2: UINT16, 4: UINT32, 8: UINT64 };

/** The loops for a scalar, and the scalar where it takes a reader of its own; null where no typed array holds it. */
export function loopsOf({ type, bits }: Pick<PathTarget, 'type' | 'bits'>): { loops: Loops; scalar: Scalar | null } | null {
  const isSigned = type.kind === 'integer' ? type.isSigned : type.kind === 'enum' && type.definition.layout?.isSigned === true;
  const integers = isSigned ? SIGNED : UNSIGNED;
  if (bits !== null) {
    const scalar = bitFieldOf(type, bits);
    if (bits.bitWidth > 64) return null;
    if (scalar.kind === 'bigint') return { loops: { ...(integers[8] as WideLoops), gather: readWide }, scalar };
    const size = bits.bitWidth <= 8 ? 1 : bits.bitWidth <= 16 ? 2 : 4;
    return { loops: { ...(integers[size] as NumberLoops), gather: readNumbers, sum: sumNumbers, select: selectNumbers }, scalar };
  }
  const loops = wholeLoops(type, integers);
  return loops === null ? null : { loops, scalar: null };
}

function wholeLoops(type: CType, integers: Readonly<Record<number, Loops>>): Loops | null {
  switch (type.kind) {
    case 'bool':
      return BOOL;
    case 'integer':
    case 'enum':
    case 'pointer':
    case 'reference':
      return integers[type.size ?? 0] ?? null;
    case 'float':
      return type.size === 4 ? FLOAT32 : type.size === 8 ? FLOAT64 : null;
    default:
      return null;
  }
}
