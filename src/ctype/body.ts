/**
 * Bodies of structs and unions: from their members to a layout. What a name may be, what may follow
 * what, how wide a bit-field is; where members are placed is `placer.ts`'s matter.
 * @module
 */
import type { Dialect, Expression, Identifier, Range } from '../cparser/index.ts';
import type { LayoutAttributes } from './attributes.ts';
import { layOut } from './layout.ts';
import { constantsOf, fieldsOf } from './lookup.ts';
import { MAX_MEMBERS, MAX_SIZE, type Placement } from './placer.ts';
import { printType } from './print.ts';
import type { CTypes } from './table.ts';
import { type ByteOrder, type CType, orderOf, type RecordLayout, type RecordType } from './types.ts';

/** How deep structs may contain structs. */
const MAX_RECORD_DEPTH = 200;
const NO_CONSTANTS: ReadonlyMap<string, number | bigint> = new Map();

/** What bodies need of who reads them. */
export interface BodyContext {
  readonly types: CTypes;
  readonly dialect: Dialect;
  integer(expression: Expression): bigint;
  /** Raises where there is none. */
  knownSize(type: CType, at: Range): number;
  fail(at: Range, reason: string): never;
}

/** A member with its type. */
export interface DeclaredMember {
  /** Where it stands, for messages. */
  readonly at: Range;
  /** `null` for unnamed bit-fields. */
  readonly identifier: Identifier | null;
  readonly type: CType;
  readonly width: Expression | null;
  readonly attributes: LayoutAttributes;
  readonly typedef: Placement['typedef'];
}

/** The body of a struct or union as far as it has been read. */
export class Body {
  readonly #order: ByteOrder;
  readonly #placements: Placement[] = [];
  /** Null while there are none, as in most. */
  #constants: Map<string, number | bigint> | null = null;
  readonly #kind: 'struct' | 'union';
  readonly #own: LayoutAttributes;
  readonly #context: BodyContext;
  // Of members and constants, those of transparent members included.
  readonly #names: Set<string> = new Set();

  /** `pragma` is the byte order where `own`, the attributes, has none. */
  constructor(kind: 'struct' | 'union', own: LayoutAttributes, pragma: ByteOrder | null, context: BodyContext) {
    this.#kind = kind;
    this.#order = own.order ?? pragma ?? 'little';
    this.#own = own;
    this.#context = context;
  }

  /**
   * The layout of what has been added.
   * @param type what is being defined, for messages
   * @param pack `#pragma pack` in force
   * @throws {CdefError} through the context
   */
  layout(type: RecordType, pack: number | null, at: Range): RecordLayout {
    const { abi } = this.#context.types;
    const { typeAlign, rules, isPacked } = this.#own;
    const layout = layOut(this.#placements, {
      kind: this.#kind,
      userAlign: typeAlign,
      pack,
      order: this.#order,
      constants: this.#constants ?? NO_CONSTANTS,
      abi,
      rules: rules ?? abi.rules,
      isPacked,
    });
    if (layout.size > MAX_SIZE) this.#context.fail(at, `${printType(type)} is too large`);
    if (layout.members > Math.max(MAX_MEMBERS, layout.size * 8))
      this.#context.fail(at, `${printType(type)} has more than ${MAX_MEMBERS} members with nested ones, and more than bits`);
    if (layout.depth > MAX_RECORD_DEPTH) this.#context.fail(at, `structs nested deeper than ${MAX_RECORD_DEPTH} levels`);
    return layout;
  }

  add(member: DeclaredMember): void {
    const { at, identifier, type, attributes, typedef } = member;
    if (identifier !== null) this.unique(identifier);
    const widthBits = this.#width(member);
    if (widthBits !== null && orderOf(type) === 'big' && this.#order === 'little') {
      this.#context.fail(identifier ?? at, 'big-endian bit-field in a little-endian struct');
    }
    this.#checkLast(at);
    if (widthBits === null) this.#checkType(member);
    this.#placements.push({
      name: identifier?.name ?? '',
      type: this.#context.types.withByteOrder(type, this.#orderWithin(type)),
      widthBits,
      userAlign: attributes.align,
      isPacked: attributes.isPacked || this.#own.isPacked,
      typedef,
    });
  }

  /** Adds a struct or union whose members are also this one's (C11 6.7.2.1p13). */
  addTransparent(type: RecordType, { align, isPacked }: LayoutAttributes, at: Range): void {
    for (const name of [...fieldsOf(type).keys(), ...constantsOf(type).keys()]) this.unique({ ...at, name });
    this.#checkLast(at);
    this.#placements.push({
      name: '',
      type,
      widthBits: null,
      userAlign: align,
      isPacked: isPacked || this.#own.isPacked,
      typedef: null,
    });
  }

  addConstant(name: string, value: number | bigint): void {
    this.#constants ??= new Map();
    this.#constants.set(name, value);
  }

  /** Raises where a member or constant has the name already. */
  unique(identifier: Identifier): void {
    if (this.#names.has(identifier.name)) this.#context.fail(identifier, `duplicate member '${identifier.name}'`);
    this.#names.add(identifier.name);
  }

  // A type with a byte order of its own (be32_t) keeps it; plain scalars follow the struct.
  #orderWithin(type: CType): ByteOrder {
    let element = type;
    while (element.kind === 'array') element = element.element;
    return orderOf(element) === 'big' ? 'big' : this.#order;
  }

  // Nothing may follow `T a[]` or `T a[?]`.
  #checkLast(at: Range): void {
    const last = this.#placements.at(-1);
    if (this.#kind === 'struct' && last?.type.kind === 'array' && typeof last.type.length !== 'number') {
      this.#context.fail(at, `member after '${last.name}[${last.type.length ?? ''}]', which must be the last`);
    }
  }

  #checkType({ type, identifier, at: whole }: DeclaredMember): void {
    const at = identifier ?? whole;
    if (type.kind === 'array' && typeof type.length !== 'number') {
      // gcc since version 15 takes `[]` there.
      if (this.#kind === 'union' && (type.length === '?' || this.#context.dialect === 'luajit'))
        this.#context.fail(at, `'[${type.length ?? ''}]' has no place in a union`);
      return;
    }
    if (type.size === null) {
      this.#context.fail(at, `member '${identifier?.name ?? ''}' has the type '${printType(type)}', whose size is not known`);
    }
  }

  // Bits; null for an ordinary member.
  #width({ at, identifier, type, width }: DeclaredMember): number | null {
    if (width === null) {
      if (identifier === null) this.#context.fail(at, 'expected a member name');
      return null;
    }
    if (type.kind !== 'integer' && type.kind !== 'bool' && type.kind !== 'enum') {
      this.#context.fail(identifier ?? width, `bit-field of type '${printType(type)}', expected an integer type`);
    }
    // LuaJIT's have 32 bits at most (C11 6.7.2.1p5 leaves others than int and bool to the implementation).
    if (this.#context.dialect === 'luajit' && (type.kind === 'enum' || type.size > 4))
      this.#context.fail(identifier ?? width, `bit-field of type '${printType(type)}', expected an integer type of 32 bits or fewer`);
    const value = this.#context.integer(width);
    const widthBits = Number(value);
    const largest = type.kind === 'bool' ? 1 : this.#context.knownSize(type, width) * 8;
    if (widthBits < 0 || widthBits > largest) this.#context.fail(width, `bit-field width must be from 0 to ${largest}, found ${value}`);
    if (widthBits === 0 && identifier !== null) this.#context.fail(width, `bit-field '${identifier.name}' of width 0 must not have a name`);
    return widthBits;
  }
}
