/**
 * C types as plain data. `CTypes` makes them; within one such table two equal types are the same object, so that types
 * compare with `===`. Every struct, union and enum body is an identity of its own.
 * @module
 */
import type { BaseType } from '../cparser/index.ts';
import type { Placement, RecordOptions } from './placer.ts';

export interface Qualifiers {
  readonly isConst: boolean;
  readonly isVolatile: boolean;
}

export type ByteOrder = 'little' | 'big';

interface Common extends Qualifiers {
  /** Bytes; `null` where the type has no known size (incomplete, function, `void`, `T[]`, `T[?]`). */
  readonly size: number | null;
  /** Bytes, a power of two. */
  readonly align: number;
  /** Whether the alignment was asked for with an attribute; kept as some ABIs lay such members out differently. */
  readonly hasUserAlign: boolean;
}

export interface VoidType extends Common {
  readonly kind: 'void';
}

export interface BoolType extends Common {
  readonly kind: 'bool';
  readonly size: number;
  readonly order: ByteOrder;
}

export interface IntegerType extends Common {
  readonly kind: 'integer';
  readonly name: BaseType;
  readonly size: number;
  readonly isSigned: boolean;
  readonly order: ByteOrder;
}

export interface FloatType extends Common {
  readonly kind: 'float';
  readonly name: BaseType;
  readonly size: number;
  readonly order: ByteOrder;
}

export interface ComplexType extends Common {
  readonly kind: 'complex';
  readonly name: BaseType;
  readonly size: number;
  readonly part: FloatType;
}

export interface EnumType extends Common {
  readonly kind: 'enum';
  readonly definition: EnumDefinition;
  readonly order: ByteOrder;
}

export interface PointerType extends Common {
  readonly kind: 'pointer';
  readonly size: number;
  readonly target: CType;
}

export interface ReferenceType extends Common {
  readonly kind: 'reference';
  readonly size: number;
  readonly target: CType;
}

export interface ArrayType extends Common {
  readonly kind: 'array';
  readonly element: CType;
  /** Number of elements; `null` is `[]`, `'?'` LuaJIT's variable-length `[?]`. */
  readonly length: number | null | '?';
  /** gcc's `vector_size`: a value of its own, aligned to its whole size. */
  readonly isVector?: boolean;
}

export interface RecordType extends Common {
  readonly kind: 'struct' | 'union';
  readonly definition: RecordDefinition;
}

export interface FunctionType extends Common {
  readonly kind: 'function';
  readonly result: CType;
  readonly parameters: readonly FunctionParameter[];
  readonly variadic: boolean;
}

export interface FunctionParameter {
  readonly name: string | null;
  readonly type: CType;
}

export type CType =
  | VoidType
  | BoolType
  | IntegerType
  | FloatType
  | ComplexType
  | EnumType
  | PointerType
  | ReferenceType
  | ArrayType
  | RecordType
  | FunctionType;

/** A member that has been placed; a transparent struct or union has an empty name. */
export interface Field extends Placement {
  /** Bytes from the start of the struct. For a bit-field, the byte its first bit is in. */
  readonly offset: number;
  readonly bits: BitField | null;
  /** Whether it is a member of a const struct without a name, and so const itself. */
  readonly isInConst?: true;
}

/** Where a bit-field's bits are. */
export interface BitField {
  /** From the start of the struct; counted from the most significant bit of each byte in a big-endian struct. */
  readonly bitOffset: number;
  readonly bitWidth: number;
}

/** A struct or union body; shared by the qualified variants of its type. */
export interface RecordDefinition {
  readonly kind: 'struct' | 'union';
  readonly tag: string | null;
  /** A number for untagged bodies, unique within the table. */
  readonly id: number;
  /** `null` until the body is known. */
  layout: RecordLayout | null;
}

export interface RecordLayout {
  readonly size: number;
  readonly align: number;
  readonly hasUserAlign: boolean;
  /** Bytes: by Visual C++'s rules, the alignment that packing a struct around it does not take away; else 1. */
  readonly requiredAlign: number;
  readonly order: ByteOrder;
  /** In order of declaration, transparent members included as one field. */
  readonly fields: readonly Field[];
  /** `static const` members. */
  readonly constants: ReadonlyMap<string, number | bigint>;
  /** Whether the last field is LuaJIT's `T[?]`. */
  readonly isVariable: boolean;
  /** How deep structs contain structs. */
  readonly depth: number;
  /** How many members there are, those of nested structs and unions included. */
  readonly members: number;
  /** What it was laid out from: the fields, and unnamed bit-fields; `layOut` makes the same layout of it again. */
  readonly declared: { readonly members: readonly Placement[]; readonly options: RecordOptions };
}

/** An enum body. */
export interface EnumDefinition {
  readonly tag: string | null;
  readonly id: number;
  layout: EnumLayout | null;
}

export interface EnumLayout {
  readonly size: number;
  readonly isSigned: boolean;
  readonly constants: ReadonlyMap<string, number | bigint>;
}

export const UNQUALIFIED: Qualifiers = { isConst: false, isVolatile: false };

/** The byte order of a scalar that has one, else null. */
export function orderOf(type: CType): ByteOrder | null {
  return type.kind === 'integer' || type.kind === 'float' || type.kind === 'bool' || type.kind === 'enum' ? type.order : null;
}

export function innermostElement(array: ArrayType): CType {
  let type: CType = array;
  while (type.kind === 'array') type = type.element;
  return type;
}
