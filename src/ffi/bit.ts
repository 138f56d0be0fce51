/**
 * The `bit` library: bitwise operators as functions, on 32 bits of numbers with signed results, on 64 bits as soon as one argument is
 * a cdata (LuaJIT's manual, "Lua BitOp" and "Bitwise operations on cdata").
 * @module
 */
import type { CTypes } from '../ctype/index.ts';
import { numberOfString } from '../lua/index.ts';
import type { Raw } from '../view/index.ts';
import type { LuaAdapter } from './adapter.ts';
import { CTypeObject } from './cdata.ts';
import type { Converter } from './convert.ts';
import { numberOfType } from './identity.ts';
import { badArgument, cannotConvert } from './messages.ts';
import { doubleToInt64, doubleToUint64, isUnsigned64 } from './numbers.ts';
import { repr } from './repr.ts';

// Of two operands; the operators of any number of arguments go from left to right.
const FOLDS: Readonly<Record<string, { narrow(a: number, b: number): number; wide(a: bigint, b: bigint): bigint }>> = {
  band: { narrow: (a, b) => a & b, wide: (a, b) => a & b },
  bor: { narrow: (a, b) => a | b, wide: (a, b) => a | b },
  bxor: { narrow: (a, b) => a ^ b, wide: (a, b) => a ^ b },
};

// `wide` gets the unsigned 64 bits and a count of 0 to 63; the caller wraps.
const SHIFTS: Readonly<Record<string, { narrow(a: number, n: number): number; wide(a: bigint, n: bigint): bigint }>> = {
  lshift: { narrow: (a, n) => a << n, wide: (a, n) => a << n },
  rshift: { narrow: (a, n) => (a >>> n) | 0, wide: (a, n) => a >> n },
  arshift: { narrow: (a, n) => a >> n, wide: (a, n) => BigInt.asIntN(64, a) >> n },
  rol: { narrow: (a, n) => (a << n) | (a >>> -n), wide: (a, n) => (a << n) | (a >> (64n - n)) },
  ror: { narrow: (a, n) => (a >>> n) | (a << -n), wide: (a, n) => (a >> n) | (a << (64n - n)) },
};

const UNARY: Readonly<Record<string, { narrow(a: number): number; wide(a: bigint): bigint }>> = {
  bnot: { narrow: (a) => ~a, wide: (a) => ~a },
  bswap: { narrow: swap32, wide: (a) => (BigInt(swap32(Number(a & 0xffffffffn)) >>> 0) << 32n) | BigInt(swap32(Number(a >> 32n)) >>> 0) },
};

function swap32(value: number): number {
  return (value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24);
}

/** A function of the library: arguments in, its one result out. */
export type BitFunction<V> = (args: readonly V[]) => V;

/** An argument that has been looked at: a number, or 64 bits of a cdata. */
type Operand = { readonly raw: Raw; readonly width: 'number' | 'int64' | 'uint64' };

/** One Lua state's `bit` library. */
export class Bit<V> {
  /** `bit.*` */
  readonly functions: Readonly<Record<string, BitFunction<V>>>;
  readonly #types: CTypes;
  readonly #lua: LuaAdapter<V>;
  readonly #converter: Converter<V>;

  constructor(types: CTypes, lua: LuaAdapter<V>, converter: Converter<V>) {
    this.#types = types;
    this.#lua = lua;
    this.#converter = converter;
    const functions: Record<string, BitFunction<V>> = {
      tobit: (args) => lua.fromNumber(toBits(this.#operand(args, 0, 'tobit'))),
      tohex: (args) => this.#toHex(args),
    };
    for (const [name, { narrow, wide }] of Object.entries(FOLDS)) {
      functions[name] = (args) => {
        const operands: Operand[] = [];
        let width: Operand['width'] = 'number';
        do {
          const operand = this.#operand(args, operands.length, name, width === 'uint64' ? 'uint64_t' : 'int64_t');
          operands.push(operand);
          if (width === 'number' || operand.width === 'uint64') ({ width } = operand);
        } while (operands.length < args.length);
        if (width === 'number') return lua.fromNumber(operands.map(toBits).reduce(narrow));
        return this.#boxed(operands.map((one) => toWide(one, width)).reduce(wide), width);
      };
    }
    for (const [name, { narrow, wide }] of Object.entries(SHIFTS)) {
      functions[name] = (args) => {
        const operand = this.#operand(args, 0, name);
        // The width is that of what is shifted.
        const count = toBits(this.#operand(args, 1, name));
        if (operand.width === 'number') return lua.fromNumber(narrow(toBits(operand), count & 31));
        return this.#boxed(wide(BigInt.asUintN(64, toWide(operand, operand.width)), BigInt(count & 63)), operand.width);
      };
    }
    for (const [name, { narrow, wide }] of Object.entries(UNARY)) {
      functions[name] = (args) => {
        const operand = this.#operand(args, 0, name);
        if (operand.width === 'number') return lua.fromNumber(narrow(toBits(operand)));
        return this.#boxed(wide(BigInt.asUintN(64, toWide(operand, operand.width))), operand.width);
      };
    }
    this.functions = functions;
  }

  #toHex(args: readonly V[]): V {
    const operand = this.#operand(args, 0, 'tohex');
    const isWide = operand.width !== 'number';
    const digits = args.length > 1 ? toBits(this.#operand(args, 1, 'tohex')) : isWide ? 16 : 8;
    const bits = isWide ? BigInt.asUintN(64, toWide(operand, 'uint64')) : BigInt(toBits(operand) >>> 0);
    const count = Math.abs(digits) & 0xff;
    const text = count === 0 ? '' : bits.toString(16).padStart(count, '0').slice(-count);
    return this.#lua.fromBytes(Uint8Array.from(digits < 0 ? text.toUpperCase() : text, (digit) => digit.charCodeAt(0)));
  }

  #boxed(value: bigint, width: 'int64' | 'uint64'): V {
    const isSigned = width === 'int64';
    const wrapped = isSigned ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
    return this.#lua.fromCData(this.#converter.box(this.#types.integerOfSize(8, isSigned), wrapped));
  }

  // `target` is what messages say that a cdata should be.
  #operand(args: readonly V[], index: number, name: string, target = 'int64_t'): Operand {
    const lua = this.#lua;
    if (index >= args.length) badArgument(index + 1, name, 'number expected, got no value');
    const value = args[index] as V;
    const type = lua.typeOf(value);
    if (type === 'number') return { raw: lua.toNumber(value), width: 'number' };
    if (type === 'cdata') return this.#cdataOperand(value, index, name, target);
    const number = type === 'string' ? numberOfString(lua.toName(value)) : null;
    if (number === null) badArgument(index + 1, name, `number expected, got ${type}`);
    return { raw: number, width: 'number' };
  }

  #cdataOperand(value: V, index: number, name: string, target: string): Operand {
    const cdata = this.#lua.toCData(value);
    if (cdata instanceof CTypeObject) return { raw: numberOfType(this.#types, cdata.type), width: 'int64' };
    const type = cdata.valueType;
    const raw = type.kind === 'pointer' ? null : this.#converter.numberOf(cdata);
    if (raw === null) badArgument(index + 1, name, cannotConvert(repr(type), target).message);
    return { raw, width: isUnsigned64(type) ? 'uint64' : 'int64' };
  }
}

// 2^52 + 2^51: added to a double it leaves the double's integer, rounded to even, in the low bits.
const TO_BITS = 2 ** 52 + 2 ** 51;
const DOUBLE = new Float64Array(1);
const LOW_WORD = new Int32Array(DOUBLE.buffer);
const LOW = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 0 : 1;

/** 32 bits of a number as BitOp takes them: it is rounded, and what is above them is cut off. */
export function bitsOfNumber(number: number): number {
  if ((number | 0) === number) return number | 0;
  DOUBLE[0] = number + TO_BITS;
  return LOW_WORD[LOW] as number;
}

// The low ones of a cdata.
function toBits({ raw, width }: Operand): number {
  return width === 'number' ? bitsOfNumber(raw as number) : Number(BigInt.asIntN(32, toWide({ raw, width }, width)));
}

function toWide({ raw }: Operand, width: 'int64' | 'uint64'): bigint {
  if (typeof raw === 'number') return width === 'uint64' ? doubleToUint64(raw) : doubleToInt64(raw);
  return BigInt(raw);
}
