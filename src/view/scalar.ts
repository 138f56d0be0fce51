/**
 * One reader and one writer per scalar ctype, over bytes at any offset and in either byte order. Everything above
 * (views, ffi, compiled Lua) reads and writes memory through these. They do not check bounds.
 *
 * Small integers are put together from bytes: that beats a `DataView`, which would have to be made per buffer.
 * Wider numbers go through eight bytes of scratch, which all of them share: half the time of a `DataView` there.
 * @module
 */
import type { BitField, ByteOrder, CType } from '../ctype/index.ts';
import { unreachable } from '../util/assert.ts';

/** What a scalar holds: a number, a bigint where it has more than 32 bits, a boolean. */
export type Raw = number | bigint | boolean;

/** Reads and writes one kind of scalar. Writers truncate as C does. */
export type Scalar = ScalarOf<'number', number> | ScalarOf<'bigint', bigint> | ScalarOf<'boolean', boolean>;

interface ScalarOf<Kind, T> {
  readonly kind: Kind;
  /** Set where a `number` is a floating one. */
  readonly isFloat?: true;
  readonly read: (bytes: Uint8Array, offset: number) => T;
  readonly write: (bytes: Uint8Array, offset: number, value: T) => void;
}

type Bytes = Uint8Array;
// Callers have checked the bounds; an index signature's `undefined` cannot come up.
type Octets = { [index: number]: number };

const SCRATCH = new ArrayBuffer(8);
const WORDS = new Int32Array(SCRATCH);
const SINGLES = new Float32Array(SCRATCH);
const DOUBLES = new Float64Array(SCRATCH);
const INTEGER = new BigInt64Array(SCRATCH);
/** Which of the words is the low one of 64 bits, by the host's byte order. */
const LOW: number = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1;

// Eight bytes into the scratch.
function load(bytes: Bytes, offset: number, isBig: boolean): void {
  WORDS[LOW] = isBig ? read32be(bytes as Octets, offset + 4) : read32(bytes as Octets, offset);
  WORDS[1 - LOW] = isBig ? read32be(bytes as Octets, offset) : read32(bytes as Octets, offset + 4);
}

function store(bytes: Bytes, offset: number, isBig: boolean): void {
  const low = WORDS[LOW] as number;
  const high = WORDS[1 - LOW] as number;
  if (isBig) {
    write32be(bytes, offset, high);
    write32be(bytes, offset + 4, low);
  } else {
    write32(bytes, offset, low);
    write32(bytes, offset + 4, high);
  }
}

const BOOLEAN: Scalar = {
  kind: 'boolean',
  read: (b, o) => b[o] !== 0,
  write: (b, o, value) => {
    b[o] = value ? 1 : 0;
  },
};

function write8(b: Bytes, o: number, value: number): void {
  b[o] = value;
}

function write16(b: Bytes, o: number, value: number): void {
  b[o] = value;
  b[o + 1] = value >> 8;
}

function write16be(b: Bytes, o: number, value: number): void {
  b[o] = value >> 8;
  b[o + 1] = value;
}

function write32(b: Bytes, o: number, value: number): void {
  b[o] = value;
  b[o + 1] = value >> 8;
  b[o + 2] = value >> 16;
  b[o + 3] = value >> 24;
}

function write32be(b: Bytes, o: number, value: number): void {
  b[o] = value >> 24;
  b[o + 1] = value >> 16;
  b[o + 2] = value >> 8;
  b[o + 3] = value;
}

function read32(b: Octets, o: number): number {
  return (b[o] as number) | ((b[o + 1] as number) << 8) | ((b[o + 2] as number) << 16) | ((b[o + 3] as number) << 24);
}

function read32be(b: Octets, o: number): number {
  return ((b[o] as number) << 24) | ((b[o + 1] as number) << 16) | ((b[o + 2] as number) << 8) | (b[o + 3] as number);
}

type Read = (b: Bytes, o: number) => number;
type Write = (b: Bytes, o: number, value: number) => void;

// By size, then signedness and order.
const SMALL: Readonly<Record<string, readonly [Read, Write]>> = {
  '1 signed': [(b, o) => (((b as Octets)[o] as number) << 24) >> 24, write8],
  '1 unsigned': [(b, o) => (b as Octets)[o] as number, write8],
  '2 signed little': [(b: Octets, o) => (((b[o + 1] as number) << 24) >> 16) | (b[o] as number), write16],
  '2 signed big': [(b: Octets, o) => (((b[o] as number) << 24) >> 16) | (b[o + 1] as number), write16be],
  '2 unsigned little': [(b: Octets, o) => (b[o] as number) | ((b[o + 1] as number) << 8), write16],
  '2 unsigned big': [(b: Octets, o) => ((b[o] as number) << 8) | (b[o + 1] as number), write16be],
  // Not by way of the functions for signed ones: V8 counts each call among what it puts into a caller.
  '4 signed little': [read32 as Read, write32],
  '4 signed big': [read32be as Read, write32be],
  '4 unsigned little': [
    (b: Octets, o) => ((b[o] as number) | ((b[o + 1] as number) << 8) | ((b[o + 2] as number) << 16) | ((b[o + 3] as number) << 24)) >>> 0,
    write32,
  ],
  '4 unsigned big': [
    (b: Octets, o) => (((b[o] as number) << 24) | ((b[o + 1] as number) << 16) | ((b[o + 2] as number) << 8) | (b[o + 3] as number)) >>> 0,
    write32be,
  ],
};

/**
 * What the readers and writers of integers of up to four bytes do, as JavaScript: for code that is made for one field. `bytes` and `offset` are
 * names, `value` one of an integer of 32 bits.
 */
export function integerText(
  { size, isSigned, order }: { readonly size: number; readonly isSigned: boolean; readonly order: ByteOrder },
  bytes: string,
  offset: string,
  value: string,
): { readonly read: string; readonly write: string } {
  const at = (i: number): string => (i === 0 ? `${bytes}[${offset}]` : `${bytes}[${offset}+${i}]`);
  const shiftOf = (i: number): number => 8 * (order === 'big' ? size - 1 - i : i);
  const places = Array.from({ length: size }, (_, i) => i);
  const joined = places.map((i) => (shiftOf(i) === 0 ? at(i) : `${at(i)}<<${shiftOf(i)}`)).join('|');
  const spare = 32 - 8 * size;
  const signed = spare === 0 ? joined : `(${joined})<<${spare}>>${spare}`;
  return {
    read: isSigned ? signed : spare === 0 ? `(${joined})>>>0` : joined,
    write: places.map((i) => `${at(i)}=${shiftOf(i) === 0 ? value : `${value}>>${shiftOf(i)}`};`).join(''),
  };
}

function integer(size: number, isSigned: boolean, order: ByteOrder): Scalar {
  if (size <= 4) {
    const key = `${size} ${isSigned ? 'signed' : 'unsigned'}${size === 1 ? '' : ` ${order}`}`;
    const [read, write] = SMALL[key] as readonly [Read, Write];
    return { kind: 'number', read, write };
  }
  return wide(size, isSigned, order === 'big');
}

// 8 and 16 bytes: bigint.
function wide(size: number, isSigned: boolean, isBig: boolean): Scalar {
  const read = (bytes: Bytes, offset: number): bigint => {
    load(bytes, offset, isBig);
    return isSigned ? (INTEGER[0] as bigint) : BigInt.asUintN(64, INTEGER[0] as bigint);
  };
  const write = (bytes: Bytes, offset: number, value: bigint): void => {
    INTEGER[0] = value;
    store(bytes, offset, isBig);
  };
  if (size === 8) return { kind: 'bigint', read, write };
  const low = isBig ? 8 : 0;
  const high = 8 - low;
  return {
    kind: 'bigint',
    read: (bytes, offset) => (read(bytes, offset + high) << 64n) | BigInt.asUintN(64, read(bytes, offset + low)),
    write: (bytes, offset, value) => {
      write(bytes, offset + low, value);
      write(bytes, offset + high, value >> 64n);
    },
  };
}

function float(size: number, order: ByteOrder): Scalar {
  const isBig = order === 'big';
  if (size === 4) {
    const [read, write] = SMALL[`4 signed ${order}`] as readonly [Read, Write];
    return {
      kind: 'number',
      isFloat: true,
      read: (bytes, offset) => {
        WORDS[0] = read(bytes, offset);
        return SINGLES[0] as number;
      },
      write: (bytes, offset, value) => {
        SINGLES[0] = value;
        write(bytes, offset, WORDS[0] as number);
      },
    };
  }
  return {
    kind: 'number',
    isFloat: true,
    read: (bytes, offset) => {
      load(bytes, offset, isBig);
      return DOUBLES[0] as number;
    },
    write: (bytes, offset, value) => {
      DOUBLES[0] = value;
      store(bytes, offset, isBig);
    },
  };
}

// A pointer's bytes are its address, which fits a number: addresses have 48 bits. What is stored from elsewhere may
// have more; it is read as the nearest double, from -2^63 on so that small negative numbers stay exact, and is in no region either way.
function address(size: number): Scalar {
  if (size === 4) return integer(4, false, 'little');
  return {
    kind: 'number',
    read: (bytes, offset) => read32(bytes as Octets, offset + 4) * 2 ** 32 + (read32(bytes as Octets, offset) >>> 0),
    write: (bytes, offset, value) => {
      write32(bytes, offset, value);
      write32(bytes, offset + 4, Math.floor(value / 2 ** 32));
    },
  };
}

const SCALARS: WeakMap<CType, Scalar> = new WeakMap();

/** The reader and writer of a scalar type; null for aggregates, functions, `void`, `long double`. */
export function scalarOf(type: CType): Scalar | null {
  let scalar = SCALARS.get(type) ?? null;
  if (scalar === null) {
    scalar = makeScalar(type);
    if (scalar !== null) SCALARS.set(type, scalar);
  }
  return scalar;
}

function makeScalar(type: CType): Scalar | null {
  switch (type.kind) {
    case 'bool':
      return BOOLEAN;
    case 'integer':
      return integer(type.size, type.isSigned, type.order);
    case 'enum': {
      const { layout } = type.definition;
      return layout === null ? null : integer(layout.size, layout.isSigned, type.order);
    }
    case 'float':
      return (type.size === 4 || type.size === 8) && !type.name.startsWith('_Decimal') ? float(type.size, type.order) : null;
    case 'pointer':
    case 'reference':
      return address(type.size);
    case 'void':
    case 'complex':
    case 'array':
    case 'struct':
    case 'union':
    case 'function':
      return null;
    default:
      return unreachable(type);
  }
}

/** The bytes a bit-field touches, from the start of its struct. */
export function bitFieldBytes({ bitOffset, bitWidth }: BitField): { first: number; count: number } {
  const first = Math.floor(bitOffset / 8);
  return { first, count: Math.floor((bitOffset + bitWidth - 1) / 8) - first + 1 };
}

/**
 * The reader and writer of a bit-field; `offset` is that of its struct. Works for any width up to the type's own,
 * at any bit, whether or not it crosses bytes. In a big-endian struct bits count from each byte's most significant.
 */
export function bitFieldOf(type: CType, bits: BitField): Scalar {
  const { bitOffset, bitWidth } = bits;
  const { first, count } = bitFieldBytes(bits);
  const isBig = (type.kind === 'integer' || type.kind === 'bool' || type.kind === 'enum') && type.order === 'big';
  const below = isBig ? count * 8 - (bitOffset % 8) - bitWidth : bitOffset % 8;
  const isSigned = type.kind === 'integer' ? type.isSigned : type.kind === 'enum' && type.definition.layout?.isSigned === true;
  const place = { first, count, below, bitWidth, isBig };
  if (type.kind === 'bool') {
    const { read, write } = narrowBits(place, false);
    return { kind: 'boolean', read: (b, o) => read(b, o) !== 0, write: (b, o, value) => write(b, o, value ? 1 : 0) };
  }
  if ((type.size as number) > 4) return wideBits(place, isSigned);
  return { kind: 'number', ...(count <= 4 ? narrowBits(place, isSigned) : numberBits(place, isSigned)) };
}

interface BitPlace {
  /** First byte, and how many bytes the field touches. */
  readonly first: number;
  readonly count: number;
  /** Bits below the field once its bytes are read as one number. */
  readonly below: number;
  readonly bitWidth: number;
  readonly isBig: boolean;
}

// Up to four bytes touched: 32-bit arithmetic.
function narrowBits({ first, count, below, bitWidth, isBig }: BitPlace, isSigned: boolean): { read: Read; write: Write } {
  const spare = 32 - bitWidth;
  const mask = (bitWidth === 32 ? -1 : (1 << bitWidth) - 1) << below;
  const join = (b: Octets, o: number): number => {
    let all = 0;
    for (let i = 0; i < count; i++) all |= (b[o + first + i] as number) << ((isBig ? count - 1 - i : i) * 8);
    return all;
  };
  return {
    read: (b, o) => {
      const top = (join(b, o) >>> below) << spare;
      return isSigned ? top >> spare : top >>> spare;
    },
    write: (b, o, value) => {
      const all = (join(b, o) & ~mask) | ((value << below) & mask);
      for (let i = 0; i < count; i++) b[o + first + i] = all >> ((isBig ? count - 1 - i : i) * 8);
    },
  };
}

// More bytes than four: bigint arithmetic.
function wideBits({ first, count, below, bitWidth, isBig }: BitPlace, isSigned: boolean): ScalarOf<'bigint', bigint> {
  const shift = BigInt(below);
  const mask = ((1n << BigInt(bitWidth)) - 1n) << shift;
  const join = (b: Bytes, o: number): bigint => {
    let all = 0n;
    for (let i = 0; i < count; i++) all = (all << 8n) | BigInt(b[o + first + (isBig ? i : count - 1 - i)] as number);
    return all;
  };
  return {
    kind: 'bigint',
    read: (b, o) => {
      const value = (join(b, o) & mask) >> shift;
      return isSigned ? BigInt.asIntN(bitWidth, value) : value;
    },
    write: (b, o, value) => {
      let all = (join(b, o) & ~mask) | ((value << shift) & mask);
      for (let i = 0; i < count; i++) {
        b[o + first + (isBig ? count - 1 - i : i)] = Number(all & 0xffn);
        all >>= 8n;
      }
    },
  };
}

// A packed field of at most 32 bits that touches five bytes.
function numberBits(place: BitPlace, isSigned: boolean): { read: Read; write: Write } {
  const { read, write } = wideBits(place, isSigned);
  return { read: (b, o) => Number(read(b, o)), write: (b, o, value) => write(b, o, BigInt(value | 0)) };
}
