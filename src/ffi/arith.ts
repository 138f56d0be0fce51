/**
 * Operators on cdata: 64-bit integers, pointers, then metatypes (LuaJIT's manual, "Arithmetic on cdata objects",
 * "Comparisons of cdata objects").
 * @module
 */
import { type CType, type CTypes, isRecord, isVector, type PointerType } from '../ctype/index.ts';
import type { Memory, Place } from '../memory/index.ts';
import type { Raw } from '../view/index.ts';
import type { LuaAdapter } from './adapter.ts';
import { type CData, type CDataClass, CTypeObject } from './cdata.ts';
import { isTargetCompatible } from './compatible.ts';
import type { Converter } from './convert.ts';
import { numberOfType } from './identity.ts';
import { badArithmetic, badComparison, badConcatenation, badLength, cannotConvert } from './messages.ts';
import type { Metamethod, Metatypes } from './metatype.ts';
import { doubleToInt64, doubleToUint64, isUnsigned64 } from './numbers.ts';
import { repr, reprOfValue } from './repr.ts';

export type ArithmeticOperator = '__add' | '__sub' | '__mul' | '__div' | '__mod' | '__pow' | '__unm';
export type OrderOperator = '__lt' | '__le';

const INT64_MIN = -(1n << 63n);
const INT64_MAX = (1n << 63n) - 1n;

type Operand =
  | { kind: 'number'; raw: Raw; isUnsigned: boolean }
  | { kind: 'pointer'; place: Place; target: CType; isNil: boolean }
  /** A number that Lua cannot reckon with, such as a `long double`. */
  | { kind: 'wide'; type: CType }
  | { kind: 'other' };

const OTHER: Operand = { kind: 'other' };

export class Arithmetic<V> {
  readonly #types: CTypes;
  readonly #memory: Memory;
  readonly #lua: LuaAdapter<V>;
  readonly #converter: Converter<V>;
  readonly #metatypes: Metatypes<V>;
  /** The types of literals and results, and their classes. */
  readonly #int64: CType;
  readonly #uint64: CType;
  readonly #Int64: CDataClass;
  readonly #Uint64: CDataClass;
  // The last pointer type that was found to be plain.
  #plain: PointerType | null = null;

  constructor(types: CTypes, memory: Memory, lua: LuaAdapter<V>, converter: Converter<V>, metatypes: Metatypes<V>) {
    this.#types = types;
    this.#memory = memory;
    this.#lua = lua;
    this.#converter = converter;
    this.#metatypes = metatypes;
    this.#int64 = types.integerOfSize(8, true);
    this.#uint64 = types.integerOfSize(8, false);
    this.#Int64 = converter.classOf(this.#int64);
    this.#Uint64 = converter.classOf(this.#uint64);
  }

  // What an operand is to the integer rule and the pointer rule. A string counts only beside an enum.
  #operand(value: V, other: V): Operand {
    const lua = this.#lua;
    switch (lua.typeOf(value)) {
      case 'number':
        return { kind: 'number', raw: lua.toNumber(value), isUnsigned: false };
      case 'nil':
        return { kind: 'pointer', place: this.#memory.null, target: this.#types.void, isNil: true };
      case 'string':
        return this.#enumerator(lua.toName(value), other);
      case 'cdata': {
        const cdata = lua.toCData(value);
        if (cdata instanceof CTypeObject) return { kind: 'number', raw: BigInt(numberOfType(this.#types, cdata.type)), isUnsigned: false };
        return this.#cdataOperand(cdata);
      }
      default:
        return OTHER;
    }
  }

  #enumerator(name: string, other: V): Operand {
    if (this.#lua.typeOf(other) !== 'cdata') return OTHER;
    const cdata = this.#lua.toCData(other);
    // A ctype object is an enum to LuaJIT, without constants.
    if (cdata instanceof CTypeObject) throw cannotConvert('string', 'ctype');
    if (cdata.valueType.kind !== 'enum') return OTHER;
    const raw = cdata.valueType.definition.layout?.constants.get(name);
    if (raw === undefined) throw cannotConvert('string', repr(cdata.valueType));
    return { kind: 'number', raw, isUnsigned: false };
  }

  #cdataOperand(cdata: CData): Operand {
    const type = cdata.valueType;
    switch (type.kind) {
      case 'pointer': {
        const place = cdata.type.kind === 'reference' ? this.#converter.pointerAt(type, cdata) : cdata;
        return { kind: 'pointer', place, target: type.target, isNil: false };
      }
      case 'array':
        if (isVector(type)) return OTHER;
        return { kind: 'pointer', place: cdata, target: type.element, isNil: false };
      case 'function':
        return { kind: 'pointer', place: cdata, target: type, isNil: false };
      case 'complex':
        return OTHER;
      default: {
        const raw = this.#converter.numberOf(cdata);
        if (raw === null) return type.kind === 'float' || type.kind === 'integer' ? { kind: 'wide', type } : OTHER;
        return { kind: 'number', raw, isUnsigned: isUnsigned64(type) };
      }
    }
  }

  // ---- arithmetic

  arithmetic(operator: ArithmeticOperator, left: V, right: V): V {
    const a = this.#lua.cdataOf(left);
    const quick = a === null ? null : this.#quick(operator, a, left, right);
    // Not by `??`: what a metamethod answers may be nil, which is undefined to some engines.
    return quick === null ? this.#general(operator, left, right) : quick;
  }

  // What is most often reckoned with: two of one type, or one beside a number. Null for all else.
  #quick(operator: ArithmeticOperator, a: CData, left: V, right: V): V | null {
    const { type } = a;
    const b = this.#lua.cdataOf(right);
    switch (type.kind) {
      case 'integer': {
        if (type !== this.#int64 && type !== this.#uint64) return null;
        const isUnsigned = type === this.#uint64;
        const value = this.#beside(b, right, type);
        return value === null ? null : this.#boxedIn(isUnsigned, wrappedResult(operator, a.value as bigint, value, isUnsigned));
      }
      case 'pointer':
        if (operator === '__add') return b === null ? this.#moved(type, a, right, 1) : null;
        if (operator !== '__sub') return null;
        return b === null ? this.#moved(type, a, right, -1) : this.#apart(type, a, b);
      case 'reference':
      case 'struct':
      case 'union': {
        if (!isRecord(a.valueType)) return null;
        const method = this.#metatypes.method(type, operator) ?? (b === null ? null : this.#metatypes.method(b.type, operator));
        return method === null ? null : this.#lua.call2(method, left, right);
      }
      default:
        return null;
    }
  }

  // What stands beside a 64-bit integer of `type`, if it is one too, or a number.
  #beside(b: CData | null, value: V, type: CType): bigint | null {
    if (b !== null) return b.type === type ? (b.value as bigint) : null;
    return this.#lua.isNumber(value) ? toInteger(this.#lua.toNumber(value), type === this.#uint64) : null;
  }

  #moved(type: PointerType, { region, offset }: CData, count: V, sign: 1 | -1): V | null {
    const { size } = type.target;
    if (size === null || !this.#lua.isNumber(count) || (type !== this.#plain && !this.#isPlain(type))) return null;
    const Class = this.#converter.classOf(type);
    return this.#lua.fromCData(new Class(type, region, offset + sign * bytesOf(this.#lua.toNumber(count), size), null));
  }

  // Whether a pointer that is moved is of the same type again: of no const one.
  #isPlain(type: PointerType): boolean {
    if (this.#types.pointer(type.target) !== type) return false;
    this.#plain = type;
    return true;
  }

  #apart(type: PointerType, a: CData, b: CData): V | null {
    const { size } = type.target;
    if (b.type !== type || a.region !== b.region || size === null || size === 0) return null;
    return this.#lua.fromNumber(elements(a.offset - b.offset, size));
  }

  #general(operator: ArithmeticOperator, left: V, right: V): V {
    const a = this.#operand(left, right);
    const b = this.#operand(right, left);
    if (a.kind === 'number' && b.kind === 'number') {
      const isUnsigned = a.isUnsigned || b.isUnsigned;
      return this.#boxedIn(isUnsigned, wrappedResult(operator, toInteger(a.raw, isUnsigned), toInteger(b.raw, isUnsigned), isUnsigned));
    }
    const moved = this.#pointerArithmetic(operator, a, b);
    if (moved !== null) return moved;
    const method = this.#metamethod(operator, left, right);
    if (method !== null) return this.#lua.call2(method, left, right);
    throw badArithmetic(this.#text(left), this.#text(right));
  }

  #boxedIn(isUnsigned: boolean, value: bigint): V {
    const type = isUnsigned ? this.#uint64 : this.#int64;
    const Class = isUnsigned ? this.#Uint64 : this.#Int64;
    return this.#lua.fromCData(new Class(type, this.#memory.wild, 0, value));
  }

  #pointerArithmetic(operator: ArithmeticOperator, a: Operand, b: Operand): V | null {
    const count = a.kind === 'pointer' && (operator === '__add' || operator === '__sub') ? b : operator === '__add' ? a : OTHER;
    if (count.kind === 'wide' && (a.kind === 'pointer' || b.kind === 'pointer')) throw cannotConvert(repr(count.type), 'int64_t');
    if (operator === '__add' && a.kind === 'number' && b.kind === 'pointer') return this.#move(b, a.raw);
    if (a.kind !== 'pointer') return null;
    if (b.kind === 'number' && operator === '__add') return this.#move(a, b.raw);
    if (b.kind === 'number' && operator === '__sub') return this.#move(a, b.raw, -1);
    if (b.kind !== 'pointer' || operator !== '__sub') return null;
    const { size } = a.target;
    if (size === null || size === 0 || !isTargetCompatible(a.target, b.target)) return null;
    return this.#lua.fromNumber(elements(this.#distance(a.place, b.place), size));
  }

  #move({ place, target, isNil }: Operand & { kind: 'pointer' }, count: Raw, sign: 1 | -1 = 1): V | null {
    if (target.size === null || isNil) return null;
    const offset = place.offset + sign * bytesOf(count, target.size);
    return this.#lua.fromCData(this.#converter.at(this.#types.pointer(target), { region: place.region, offset }));
  }

  #distance(a: Place, b: Place): number {
    return a.region === b.region ? a.offset - b.offset : this.#memory.addressOf(a) - this.#memory.addressOf(b);
  }

  // Below zero, at or above it: where `a` is before `b`, the same or behind. Addresses are unsigned.
  #order(a: Place, b: Place): number {
    if (a.region === b.region && a.region !== this.#memory.wild) return a.offset - b.offset;
    const [x, y] = [this.#memory.addressOf(a), this.#memory.addressOf(b)];
    return x < 0 === y < 0 ? x - y : y - x;
  }

  // ---- comparison

  /** `left == right`, where at least one is a cdata; never raises for operands of other types. */
  equal(left: V, right: V): boolean {
    const a = this.#lua.cdataOf(left);
    return (a === null ? null : this.#quickEqual(a, left, right)) ?? this.#generalEqual(left, right);
  }

  #quickEqual(a: CData, left: V, right: V): boolean | null {
    const { type } = a;
    const b = this.#lua.cdataOf(right);
    if (type.kind === 'pointer') {
      if (b !== null) return b.type.kind === 'pointer' ? this.#memory.isSame(a, b) : null;
      return this.#lua.typeOf(right) === 'nil' ? isNull(a) : null;
    }
    if (type === this.#int64 || type === this.#uint64) {
      const value = this.#beside(b, right, type);
      return value === null ? null : a.value === value;
    }
    if (!isRecord(a.valueType)) return null;
    const method = this.#lua.isString(right) ? null : this.#metatypes.method(type, '__eq');
    return method === null ? null : this.#truth(this.#lua.call2(method, left, right));
  }

  #generalEqual(left: V, right: V): boolean {
    const lua = this.#lua;
    const isStringLeft = lua.isString(left);
    const isStringRight = lua.isString(right);
    if (isStringLeft || isStringRight) return this.#equalsString(isStringLeft ? left : right, isStringLeft ? right : left);
    const a = this.#operand(left, right);
    const b = this.#operand(right, left);
    if (a.kind === 'number' && b.kind === 'number') {
      const isUnsigned = a.isUnsigned || b.isUnsigned;
      return toInteger(a.raw, isUnsigned) === toInteger(b.raw, isUnsigned);
    }
    if (a.kind === 'pointer' && b.kind === 'pointer') return this.#memory.isSame(a.place, b.place);
    const method = this.#metamethod('__eq', left, right);
    if (method !== null) return this.#truth(lua.call2(method, left, right));
    return this.#isSameObject(left, right);
  }

  #equalsString(string: V, other: V): boolean {
    const cdata = this.#lua.typeOf(other) === 'cdata' ? this.#lua.toCData(other) : null;
    if (cdata === null || cdata instanceof CTypeObject || cdata.valueType.kind !== 'enum') {
      const method = this.#metamethod('__eq', other, string);
      return method !== null && this.#truth(this.#lua.call2(method, other, string));
    }
    const value = cdata.valueType.definition.layout?.constants.get(this.#lua.toName(string));
    // Numbers and, of enums of 64 bits, integers of 64 bits.
    return value !== undefined && BigInt(value) === BigInt(this.#converter.numberOf(cdata) as Raw);
  }

  // Structs are compared by where they are.
  #isSameObject(left: V, right: V): boolean {
    if (this.#lua.typeOf(left) !== 'cdata' || this.#lua.typeOf(right) !== 'cdata') return false;
    const a = this.#lua.toCData(left);
    const b = this.#lua.toCData(right);
    if (a instanceof CTypeObject || b instanceof CTypeObject) return false;
    return a.value === null && b.value === null && this.#memory.isSame(a, b);
  }

  compare(operator: OrderOperator, left: V, right: V): boolean {
    const a = this.#lua.cdataOf(left);
    return (a === null ? null : this.#quickCompare(operator, a, right)) ?? this.#generalCompare(operator, left, right);
  }

  #quickCompare(operator: OrderOperator, a: CData, right: V): boolean | null {
    const { type } = a;
    const b = this.#lua.cdataOf(right);
    if (type === this.#int64 || type === this.#uint64) {
      const value = this.#beside(b, right, type);
      if (value === null) return null;
      return operator === '__lt' ? (a.value as bigint) < value : (a.value as bigint) <= value;
    }
    // Of what is no memory, addresses may be below zero.
    if (type.kind !== 'pointer' || b?.type !== type || a.region !== b.region || a.region === this.#memory.wild) return null;
    return operator === '__lt' ? a.offset < b.offset : a.offset <= b.offset;
  }

  #generalCompare(operator: OrderOperator, left: V, right: V): boolean {
    const a = this.#operand(left, right);
    const b = this.#operand(right, left);
    const isOrEqual = operator === '__le';
    if (a.kind === 'number' && b.kind === 'number') {
      const isUnsigned = a.isUnsigned || b.isUnsigned;
      const [x, y] = [toInteger(a.raw, isUnsigned), toInteger(b.raw, isUnsigned)];
      return isOrEqual ? x <= y : x < y;
    }
    if (a.kind === 'pointer' && b.kind === 'pointer' && isTargetCompatible(a.target, b.target)) {
      const order = this.#order(a.place, b.place);
      return isOrEqual ? order <= 0 : order < 0;
    }
    const method = this.#metamethod(operator, left, right);
    if (method !== null) return this.#truth(this.#lua.call2(method, left, right));
    throw badComparison(this.#text(left), this.#text(right));
  }

  #truth(value: V): boolean {
    const type = this.#lua.typeOf(value);
    return type === 'boolean' ? this.#lua.toBoolean(value) : type !== 'nil';
  }

  // ---- the rest

  length(value: V): V {
    const method = this.#metamethod('__len', value, value);
    if (method === null) throw badLength(this.#text(value));
    return this.#lua.call(method, [value]);
  }

  concat(left: V, right: V): V {
    const method = this.#metamethod('__concat', left, right);
    // As in LuaJIT, a string beside an enum is to name a constant, though no operation would follow.
    for (const [string, other] of [
      [left, right],
      [right, left],
    ] as [V, V][]) {
      if (method === null && this.#lua.isString(string)) this.#enumerator(this.#lua.toName(string), other);
    }
    if (method === null) throw badConcatenation(this.#text(left), this.#text(right));
    return this.#lua.call2(method, left, right);
  }

  // The left operand's metatype is asked first.
  #metamethod(name: Metamethod, left: V, right: V): V | null {
    for (const value of [left, right]) {
      if (this.#lua.typeOf(value) !== 'cdata') continue;
      const cdata = this.#lua.toCData(value);
      const method = cdata instanceof CTypeObject ? null : this.#metatypes.method(cdata.type, name);
      if (method !== null) return method;
    }
    return null;
  }

  // Operands as LuaJIT's messages show them: what they refer to, enums as integers, Lua values by their Lua type.
  #text(value: V): string {
    const luaType = this.#lua.typeOf(value);
    if (luaType !== 'cdata') return luaType;
    const cdata = this.#lua.toCData(value);
    if (cdata instanceof CTypeObject) return 'int';
    const type = cdata.valueType;
    if (type.kind === 'enum') return type.definition.layout?.isSigned === true ? 'int' : 'unsigned int';
    return reprOfValue(this.#types, type.kind === 'function' ? this.#types.pointer(type) : type);
  }
}

// Of `count` elements, as 64 bits have them.
function bytesOf(count: Raw, size: number): number {
  const bytes = Math.trunc(Number(count)) * size;
  return Number.isSafeInteger(bytes) ? bytes : Number(BigInt.asIntN(64, toInteger(count, false) * BigInt(size)));
}

function toInteger(raw: Raw, isUnsigned: boolean): bigint {
  if (typeof raw === 'number') return isUnsigned ? doubleToUint64(raw) : doubleToInt64(raw);
  return isUnsigned ? BigInt.asUintN(64, BigInt(raw)) : BigInt.asIntN(64, BigInt(raw));
}

// Division truncates; by zero it gives what the CPU's trap handler would.
function wrappedResult(operator: ArithmeticOperator, a: bigint, b: bigint, isUnsigned: boolean): bigint {
  // Written out, as V8 then reckons with 64 bits.
  switch (operator) {
    case '__add':
      return isUnsigned ? BigInt.asUintN(64, a + b) : BigInt.asIntN(64, a + b);
    case '__sub':
      return isUnsigned ? BigInt.asUintN(64, a - b) : BigInt.asIntN(64, a - b);
    case '__mul':
      return isUnsigned ? BigInt.asUintN(64, a * b) : BigInt.asIntN(64, a * b);
    default:
      return isUnsigned ? BigInt.asUintN(64, otherResult(operator, a, b, true)) : BigInt.asIntN(64, otherResult(operator, a, b, false));
  }
}

function otherResult(operator: '__div' | '__mod' | '__unm' | '__pow', a: bigint, b: bigint, isUnsigned: boolean): bigint {
  switch (operator) {
    case '__div':
      return b === 0n ? INT64_MIN : a / b;
    case '__mod':
      return b === 0n ? INT64_MIN : a % b;
    case '__unm':
      return -a;
    case '__pow':
      return power(a, b, isUnsigned);
  }
}

// A distance of less than one is 0, and never -0.
function elements(bytes: number, size: number): number {
  return Math.trunc(bytes / size) + 0;
}

// As `Memory.isSame` with NULL, without giving an address to what has none: none of ours is 0.
function isNull({ region, offset }: Place): boolean {
  return region.address !== null && region.address + offset === 0;
}

function power(base: bigint, exponent: bigint, isUnsigned: boolean): bigint {
  if (exponent < 0n) {
    if (base === 0n) return INT64_MAX;
    if (base === 1n) return 1n;
    return base === -1n ? ((exponent & 1n) === 0n ? 1n : -1n) : 0n;
  }
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = BigInt.asUintN(64, result * square);
    square = BigInt.asUintN(64, square * square);
  }
  return isUnsigned ? result : BigInt.asIntN(64, result);
}
