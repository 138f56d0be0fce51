/**
 * Bodies of structs and unions: from their members' declarations to a layout. What a name may be, what may follow
 * what, how wide a bit-field is; where members are placed is `placer.ts`'s matter.
 * @module
 */
import {
  type Attribute,
  type Declarator,
  type Dialect,
  type Expression,
  type Identifier,
  isParameter,
  type Member,
  type MemberDeclarator,
  type Range,
  type RecordSpecifier,
  type Specifiers,
  type StaticAssertion,
} from '../cparser/index.ts';
import { combinedAttributes, type LayoutAttributes } from './attributes.ts';
import { layOut } from './layout.ts';
import { constantsOf, fieldsOf, isRecord } from './lookup.ts';
import { MAX_MEMBERS, MAX_SIZE, type Placement } from './placer.ts';
import { printType } from './print.ts';
import type { CTypes } from './table.ts';
import { type ByteOrder, type CType, orderOf, type RecordLayout, type RecordType } from './types.ts';

/** How deep structs may contain structs. */
const MAX_RECORD_DEPTH = 200;
const NO_CONSTANTS: ReadonlyMap<string, number | bigint> = new Map();

/** What bodies need to know of the declarations around them. */
export interface BodyContext {
  readonly types: CTypes;
  readonly dialect: Dialect;
  /** Called with each member and assertion before it is read. */
  begin(member: Member | StaticAssertion): void;
  /** The type that specifiers name; `isAlone` where no declarator follows. */
  specified(specifiers: Specifiers, isAlone: boolean): CType;
  declared(base: CType, declarator: Declarator, attributes: LayoutAttributes): CType;
  attributes(list: readonly Attribute[]): LayoutAttributes;
  assert(assertion: StaticAssertion): void;
  staticConstant(specifiers: Specifiers, name: Identifier, type: CType, value: Expression | null): number | bigint;
  integer(expression: Expression): bigint;
  /** Raises where a name is a type given for a `$`. */
  checkName(name: Identifier): void;
  /** Raises where there is none. */
  knownSize(type: CType, at: Range): number;
  fail(at: Range, reason: string): never;
}

/**
 * The layout of a struct's or union's body.
 * @param type what is being defined, for messages
 * @throws {CdefError} through the context
 */
export function bodyLayout(
  specifier: RecordSpecifier,
  members: readonly (Member | StaticAssertion)[],
  type: RecordType,
  context: BodyContext,
): RecordLayout {
  const { kind, pack } = specifier;
  const own = context.attributes(specifier.attributes);
  const body = new Body(kind, own, specifier.order, context);
  for (const member of members) {
    context.begin(member);
    if (member.kind === 'static-assertion') context.assert(member);
    else body.add(member);
  }
  const { abi } = context.types;
  const layout = layOut(body.placements, {
    kind,
    userAlign: own.typeAlign,
    pack,
    order: body.order,
    constants: body.constants ?? NO_CONSTANTS,
    abi,
    rules: own.rules ?? abi.rules,
    isPacked: own.isPacked,
  });
  if (layout.size > MAX_SIZE) context.fail(specifier, `${printType(type)} is too large`);
  if (layout.members > Math.max(MAX_MEMBERS, layout.size * 8))
    context.fail(specifier, `${printType(type)} has more than ${MAX_MEMBERS} members with nested ones, and more than bits`);
  if (layout.depth > MAX_RECORD_DEPTH) context.fail(specifier, `structs nested deeper than ${MAX_RECORD_DEPTH} levels`);
  return layout;
}

// A body as far as it has been read.
class Body {
  readonly order: ByteOrder;
  readonly placements: Placement[] = [];
  /** Null while there are none, as in most. */
  constants: Map<string, number | bigint> | null = null;
  readonly #kind: 'struct' | 'union';
  readonly #isPacked: boolean;
  readonly #context: BodyContext;
  // Of members and constants, those of transparent members included.
  readonly #names: Set<string> = new Set();

  constructor(kind: 'struct' | 'union', { order, isPacked }: LayoutAttributes, pragma: ByteOrder | null, context: BodyContext) {
    this.#kind = kind;
    this.order = order ?? pragma ?? 'little';
    this.#isPacked = isPacked;
    this.#context = context;
  }

  add(member: Member): void {
    const { specifiers, declarators } = member;
    const base = this.#context.specified(specifiers, declarators.length === 0);
    const shared = this.#context.attributes(specifiers.attributes);
    if (declarators.length === 0) this.#addUndeclared(member, base, shared);
    for (const declarator of declarators) this.#addDeclared(member, declarator, base, shared);
  }

  #addDeclared({ specifiers }: Member, declared: MemberDeclarator, base: CType, shared: LayoutAttributes): void {
    const { declarator, value } = declared;
    const { identifier } = declarator;
    const own = declarator.attributes.length === 0 ? shared : combinedAttributes(this.#context.attributes(declarator.attributes), shared);
    const type = this.#context.declared(base, declarator, own);
    if (specifiers.storage === 'static') {
      const name = identifier ?? this.#context.fail(specifiers, 'a constant needs a name');
      this.#unique(name);
      this.#addConstant(name.name, this.#context.staticConstant(specifiers, name, type, value));
      return;
    }
    if (identifier !== null) this.#unique(identifier);
    const widthBits = this.#width(declared, type);
    if (widthBits !== null && orderOf(type) === 'big' && this.order === 'little') {
      this.#context.fail(identifier ?? declarator, 'big-endian bit-field in a little-endian struct');
    }
    this.#checkLast(declarator);
    if (widthBits === null) this.#checkType(type, declarator);
    this.placements.push({
      name: identifier?.name ?? '',
      type: this.#context.types.withByteOrder(type, this.#orderWithin(type)),
      widthBits,
      userAlign: own.align,
      isPacked: own.isPacked || this.#isPacked,
      typedef:
        specifiers.type.kind === 'name' && !isParameter(specifiers.type)
          ? { name: specifiers.type.name, levels: levelsOf(declarator) }
          : null,
    });
  }

  // A member without a declarator: a transparent struct or union, if it has no tag (C11 6.7.2.1p13).
  #addUndeclared(member: Member, type: CType, attributes: LayoutAttributes): void {
    const specifier = member.specifiers.type;
    // As in LuaJIT, the enumerators of such a member are constants of the struct, too.
    if (type.kind === 'enum' && specifier.kind === 'enum' && specifier.enumerators !== null) {
      for (const [name, value] of type.definition.layout?.constants ?? []) this.#addConstant(name, value);
    }
    const embedsTagged = this.#context.types.abi.embedsTagged || this.#context.dialect === 'luajit';
    const isTagged = specifier.kind === 'enum' || specifier.kind === 'struct' || specifier.kind === 'union';
    const isNamed = specifier.kind === 'name' && isRecord(type);
    if (!isTagged && !(embedsTagged && isNamed)) this.#context.fail(member, 'expected a member name');
    const isDeclaration = isTagged && (specifier.kind === 'enum' || specifier.tag !== null);
    if (isDeclaration && !(embedsTagged && isRecord(type) && type.size !== null)) return;
    for (const name of [...fieldsOf(type as RecordType).keys(), ...constantsOf(type as RecordType).keys()]) {
      this.#unique({ ...specifier, name });
    }
    this.#checkLast(member);
    this.placements.push({
      name: '',
      type,
      widthBits: null,
      userAlign: attributes.align,
      isPacked: attributes.isPacked || this.#isPacked,
      typedef: null,
    });
  }

  #addConstant(name: string, value: number | bigint): void {
    this.constants ??= new Map();
    this.constants.set(name, value);
  }

  // A type with a byte order of its own (be32_t) keeps it; plain scalars follow the struct.
  #orderWithin(type: CType): ByteOrder {
    let element = type;
    while (element.kind === 'array') element = element.element;
    return orderOf(element) === 'big' ? 'big' : this.order;
  }

  #unique(identifier: Identifier): void {
    this.#context.checkName(identifier);
    if (this.#names.has(identifier.name)) this.#context.fail(identifier, `duplicate member '${identifier.name}'`);
    this.#names.add(identifier.name);
  }

  // Nothing may follow `T a[]` or `T a[?]`.
  #checkLast(at: Range): void {
    const last = this.placements.at(-1);
    if (this.#kind === 'struct' && last?.type.kind === 'array' && typeof last.type.length !== 'number') {
      this.#context.fail(at, `member after '${last.name}[${last.type.length ?? ''}]', which must be the last`);
    }
  }

  #checkType(type: CType, declarator: Declarator): void {
    const at = declarator.identifier ?? declarator;
    if (type.kind === 'array' && typeof type.length !== 'number') {
      // gcc since version 15 takes `[]` there.
      if (this.#kind === 'union' && (type.length === '?' || this.#context.dialect === 'luajit'))
        this.#context.fail(at, `'[${type.length ?? ''}]' has no place in a union`);
      return;
    }
    if (type.size === null) {
      const name = declarator.identifier?.name ?? '';
      this.#context.fail(at, `member '${name}' has the type '${printType(type)}', whose size is not known`);
    }
  }

  // Bits; null for an ordinary member.
  #width({ declarator, width }: MemberDeclarator, type: CType): number | null {
    const { identifier } = declarator;
    if (width === null) {
      if (identifier === null) this.#context.fail(declarator, 'expected a member name');
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

// How many types a declarator makes of the one before it.
function levelsOf({ derivations }: Declarator): number {
  let levels = 0;
  for (const { kind } of derivations) if (kind !== 'attributed') levels++;
  return levels;
}
