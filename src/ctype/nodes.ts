/**
 * C declarations as a tree without places in a text: what `struct(...)` and the like describe, and what `toC` makes of types.
 * The tree knows no ABI; `build.ts` makes types of it.
 * @module
 */

export interface MemberNode {
  /** Empty for unnamed bit-fields, and for structs whose members are their parent's. */
  readonly name: string;
  readonly type: TypeNode;
}

export interface RecordNode {
  readonly kind: 'struct' | 'union';
  readonly tag: string | null;
  readonly members: readonly MemberNode[];
  readonly constants: readonly (readonly [name: string, value: number | bigint])[];
  readonly isPacked: boolean;
  readonly align: number | null;
  readonly pack: number | null;
  readonly order: 'little' | 'big' | null;
  /** `ms_struct` or `gcc_struct`. */
  readonly rules: string | null;
}

export interface EnumNode {
  readonly kind: 'enum';
  readonly tag: string | null;
  readonly values: readonly (readonly [name: string, value: number | bigint])[];
  readonly attribute: string | null;
  /** Words of an integer type. */
  readonly underlying: string | null;
}

export interface FunctionNode {
  readonly kind: 'function';
  readonly result: TypeNode;
  readonly parameters: readonly { readonly name: string; readonly type: TypeNode }[];
  readonly isVariadic: boolean;
}

export interface TypedefNode {
  readonly kind: 'typedef';
  readonly name: string;
  readonly type: TypeNode;
}

/** Anything that has a place in a declarator or in front of one. */
export type TypeNode =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'ordered'; readonly type: TypeNode; readonly order: 'little' | 'big' }
  | { readonly kind: 'pointer' | 'reference'; readonly type: TypeNode }
  | { readonly kind: 'array'; readonly type: TypeNode; readonly length: number | null | '?' }
  | { readonly kind: 'vector'; readonly type: TypeNode; readonly size: number }
  | { readonly kind: 'bits'; readonly type: TypeNode; readonly width: number }
  | { readonly kind: 'qualified'; readonly type: TypeNode; readonly isConst: boolean; readonly isVolatile: boolean }
  | { readonly kind: 'aligned'; readonly type: TypeNode; readonly align: number }
  /** Of members only. */
  | { readonly kind: 'packed'; readonly type: TypeNode }
  | RecordNode
  | EnumNode
  | FunctionNode
  | TypedefNode;

/** What stands on its own. */
export type DeclarationNode =
  | TypeNode
  | { readonly kind: 'prototype'; readonly name: string; readonly type: TypeNode }
  | { readonly kind: 'variable'; readonly name: string; readonly type: TypeNode }
  | { readonly kind: 'constant'; readonly name: string; readonly type: TypeNode; readonly value: number | bigint };

export function isTypeNode(node: DeclarationNode): node is TypeNode {
  return node.kind !== 'prototype' && node.kind !== 'variable' && node.kind !== 'constant';
}

/** What of a member or typedef C writes behind its declarator: its alignments, from the outermost, and a width in bits. */
export interface Stripped {
  readonly type: TypeNode;
  readonly width: number | null;
  readonly aligns: readonly number[];
  readonly isPacked: boolean;
}

export function strip(node: TypeNode): Stripped {
  let type = node;
  let width: number | null = null;
  let isPacked = false;
  const aligns: number[] = [];
  while (type.kind === 'aligned' || type.kind === 'packed' || type.kind === 'bits') {
    if (type.kind === 'aligned') aligns.push(type.align);
    else if (type.kind === 'packed') isPacked = true;
    else width = type.width;
    type = type.type;
  }
  return { type, width, aligns, isPacked };
}

/** The name of a number type in big-endian order, such as `be32_t`; undefined where it has none. */
export function bigEndianName(node: TypeNode): string | undefined {
  const [, unsigned, bits] = (node.kind === 'name' && /^(u?)int(16|32|64)_t$/.exec(node.name)) || [];
  return bits === undefined ? undefined : `${unsigned === 'u' ? '' : 's'}be${bits}_t`;
}
