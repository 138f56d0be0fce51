/**
 * How C types are passed to native code. Structs are taken apart into the numbers that they are made of, which is what
 * calling conventions look at: System V x86-64 psABI, 3.2.3; AAPCS64, 6.8.2.
 * @module
 */
import { type CType, type Field, type FunctionType, isRecord } from '../ctype/index.ts';
import { FfiError } from '../util/errors.ts';
import { bitFieldBytes } from '../view/index.ts';
import { CANNOT_CALL } from './messages.ts';
import type { NativeScalar, NativeSignature, NativeStruct, NativeType } from './native.ts';

/** Larger structs are passed in memory by all conventions, unless they are up to four numbers of one floating type. */
const REGISTERS = 16;

interface Member {
  readonly offset: number;
  readonly size: number;
  readonly type: NativeScalar;
}

/** @throws {FfiError} for types that cannot be passed: vectors, 128-bit integers, `long double` */
export function nativeSignature(type: FunctionType): NativeSignature {
  return {
    parameters: type.parameters.map((parameter) => nativeType(parameter.type)),
    result: type.result.kind === 'void' ? 'void' : nativeType(type.result),
    isVariadic: type.variadic,
  };
}

/** @throws {FfiError} as `nativeSignature` */
export function nativeType(type: CType): NativeType {
  if (isRecord(type) || type.kind === 'complex') return nativeStruct(type);
  const scalar = nativeScalar(type);
  if (scalar === null) throw cannotCall();
  return scalar;
}

function cannotCall(): FfiError {
  return new FfiError(CANNOT_CALL);
}

function nativeScalar(type: CType): NativeScalar | null {
  switch (type.kind) {
    case 'bool':
      return 'bool';
    case 'integer':
      return integer(type.size, type.isSigned);
    case 'enum':
      return type.definition.layout === null ? null : integer(type.definition.layout.size, type.definition.layout.isSigned);
    case 'float':
      return type.size === 8 ? 'double' : type.size === 4 ? 'float' : null;
    case 'pointer':
    case 'reference':
      return 'pointer';
    default:
      return null;
  }
}

function integer(size: number, isSigned: boolean): NativeScalar | null {
  if (size > 8) return null;
  return `${isSigned ? '' : 'u'}int${size * 8}` as NativeScalar;
}

function nativeStruct(type: CType): NativeStruct {
  const { size, align } = type;
  // C has no structs of no bytes, and conventions differ.
  if (size === null || size === 0) throw cannotCall();
  if (size > 4 * 8) return { size, align, members: null };
  const members = separate(membersOf(type, 0));
  const isFloating = members.length <= 4 && members.every((member) => member.type === members[0]?.type && isFloat(member));
  return { size, align, members: size <= REGISTERS || isFloating ? members : null };
}

function isFloat({ type }: Member): boolean {
  return type === 'float' || type === 'double';
}

// All numbers in a type, in no order; those of unions lie over one another.
function membersOf(type: CType, offset: number): Member[] {
  if (type.kind === 'array') {
    const { element, length } = type;
    if (type.isVector === true) throw cannotCall();
    const count = typeof length === 'number' ? length : 0;
    return Array.from({ length: count }, (_, i) => membersOf(element, offset + i * (element.size ?? 0))).flat();
  }
  if (type.kind === 'complex') return [...membersOf(type.part, offset), ...membersOf(type.part, offset + type.part.size)];
  if (isRecord(type)) return (type.definition.layout?.fields ?? []).flatMap((field) => fieldMembers(field, offset));
  const scalar = nativeScalar(type);
  if (scalar === null) throw cannotCall();
  return [{ offset, size: type.size ?? 0, type: scalar }];
}

function fieldMembers({ type, offset, bits }: Field, base: number): Member[] {
  if (bits === null) return membersOf(type, base + offset);
  // The bytes of a bit-field are integers, whatever else is in them.
  const { first, count } = bitFieldBytes(bits);
  return Array.from({ length: count }, (_, i) => ({ offset: base + first + i, size: 1, type: 'uint8' as const }));
}

// Members side by side. Where integers lie over others there are bytes, as the eight bytes around are passed as an integer;
// of floating numbers that start together the widest stays.
function separate(members: readonly Member[]): Member[] {
  const ascending = [...members].sort((a, b) => a.offset - b.offset || b.size - a.size);
  const clean = withoutInner(ascending);
  return clean.every(isBehind) ? clean : withoutInner(bytewise(ascending)).map(mustBeBehind);
}

// Drops members that lie within another of the same sort.
function withoutInner(ascending: readonly Member[]): Member[] {
  const outer: Member[] = [];
  for (const member of ascending) {
    const before = outer.at(-1);
    const isInner = before !== undefined && member.offset + member.size <= before.offset + before.size;
    if (!isInner || isFloat(member) !== isFloat(before)) outer.push(member);
  }
  return outer;
}

function isBehind({ offset }: Member, index: number, all: readonly Member[]): boolean {
  const before = all[index - 1];
  return before === undefined || before.offset + before.size <= offset;
}

function mustBeBehind(member: Member, index: number, all: readonly Member[]): Member {
  if (!isBehind(member, index, all)) throw cannotCall();
  return member;
}

function bytewise(members: readonly Member[]): Member[] {
  const eight = (offset: number): number => Math.floor(offset / 8);
  const integers = new Set(members.filter((member) => !isFloat(member)).map(({ offset }) => eight(offset)));
  const bytes = new Set<number>();
  const floats = members.filter((member) => {
    if (isFloat(member) && !integers.has(eight(member.offset))) return true;
    for (let i = 0; i < member.size; i++) bytes.add(member.offset + i);
    return false;
  });
  const single = [...bytes].map((offset): Member => ({ offset, size: 1, type: 'uint8' }));
  return [...floats, ...single].sort((a, b) => a.offset - b.offset || b.size - a.size);
}
