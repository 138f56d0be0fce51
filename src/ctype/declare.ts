/**
 * From the parser's tree to types and names: resolves specifiers, applies declarators, completes structs and enums.
 * Every change to the namespace is journalled, so that a failing text leaves nothing behind.
 * @module
 */
import {
  type ArrayDerivation,
  type Attribute,
  type Constant,
  type Declaration,
  type Declarator,
  type Derivation,
  type EnumSpecifier,
  type Enumerator,
  evaluate,
  type Expression,
  type FunctionDerivation,
  type Identifier,
  type Initializer,
  type Macro,
  type Member,
  type MemberDeclarator,
  type Range,
  type RecordSpecifier,
  type Specifiers,
  type StaticAssertion,
  type TypeName,
} from '../cparser/index.ts';
import { unreachable } from '../util/assert.ts';
import { CdefError } from '../util/errors.ts';
import type { Source } from '../util/source.ts';
import { type AttributeContext, type LayoutAttributes, readAttributes } from './attributes.ts';
import { constantMacros, isConstantForm, isVariableLength, toNumber } from './constants.ts';
import { ENUMERATOR_END, enumeratorType, enumSize, sizeAndSign } from './enums.ts';
import { convertedInteger, ExpressionTypes } from './expressions.ts';
import { lengthened } from './initializers.ts';
import { attributed } from './modes.ts';
import { layOut } from './layout.ts';
import { constantsOf, fieldsOf, isRecord } from './lookup.ts';
import { MAX_SIZE, membersWithin, type Placement } from './placer.ts';
import type { Named, Namespace, TaggedType } from './namespace.ts';
import { printType } from './print.ts';
import { type ByteOrder, type CType, type EnumType, type FunctionParameter, orderOf, type RecordType } from './types.ts';

// Whether a name stands for a type that was given for a `$`.
function isParameter({ name }: { readonly name: string }): boolean {
  return name.startsWith('$');
}

/**
 * How many members a struct may have, those of nested ones included: structs and unions that contain another one
 * twice, and so on, have more than anything could list.
 */
export const MAX_MEMBERS = 50_000;

/** How deep structs may contain structs. */
export const MAX_RECORD_DEPTH = 200;

// A struct or union body as far as it has been read.
interface Body {
  readonly kind: 'struct' | 'union';
  readonly isPacked: boolean;
  readonly order: ByteOrder;
  readonly placements: Placement[];
  /** Null while there are none, as in most. */
  constants: Map<string, number | bigint> | null;
  /** Of members and constants, those of transparent members included. */
  readonly names: Set<string>;
}

function addConstant(body: Body, name: string, value: number | bigint): void {
  body.constants ??= new Map();
  body.constants.set(name, value);
}

const NO_RANGE: Range = { start: 0, end: 0 };
const NO_CONSTANTS: ReadonlyMap<string, number | bigint> = new Map();

/** Adds one text's declarations to a namespace. */
export class Declarer {
  readonly #space: Namespace;
  readonly #source: Source;
  readonly #mode: 'declarations' | 'type name';
  // The journal: names and tags that are new, types that have been completed.
  readonly #newNames: string[] = [];
  readonly #newTags: string[] = [];
  readonly #newBodies: TaggedType[] = [];
  readonly #attributeContext: AttributeContext;
  readonly #noAttributes: LayoutAttributes;
  readonly #expressions: ExpressionTypes;
  #last: Range = NO_RANGE;

  constructor(space: Namespace, source: Source, mode: 'declarations' | 'type name') {
    this.#space = space;
    this.#source = source;
    this.#mode = mode;
    const fail = (at: Range, reason: string): never => this.#fail(at, reason);
    this.#attributeContext = {
      largestAlign: space.types.abi.largestAlign,
      hasMsStruct: space.types.abi.hasMsStruct,
      isStrictest: space.types.abi.rules === 'msvc',
      integer: (argument) => this.#evaluate(argument).value,
      fail,
    };
    this.#noAttributes = readAttributes([], this.#attributeContext);
    this.#expressions = new ExpressionTypes({ space, typeName: (name) => this.typeName(name), fail });
  }

  /** Whether anything has been added. */
  get hasDeclared(): boolean {
    return this.#newNames.length > 0 || this.#newTags.length > 0 || this.#newBodies.length > 0;
  }

  /** Takes everything back. */
  undo(): void {
    if (!this.hasDeclared) return;
    const { names, tags, completed } = this.#space;
    for (const name of this.#newNames) names.delete(name);
    for (const tag of this.#newTags) tags.delete(tag);
    for (const type of this.#newBodies) type.definition.layout = null;
    completed.length -= this.#newBodies.length;
    this.#space.forgetTypeNames();
  }

  /** Raises about the declaration that was being worked on. */
  failAtLast(reason: string): never {
    this.#fail(this.#last, reason);
  }

  #fail(at: Range, reason: string, notes: readonly string[] = []): never {
    const length = Math.max(1, at.end - at.start);
    throw new CdefError({ source: this.#source, offset: at.start, length, reason, notes });
  }

  #evaluate(expression: Expression): Constant {
    return evaluate(expression, this.#expressions);
  }

  declare(declaration: Declaration | StaticAssertion): void {
    this.#last = declaration;
    if (declaration.kind === 'static-assertion') {
      this.#assert(declaration);
      return;
    }
    const { specifiers, declarators } = declaration;
    const base = this.#specified(specifiers, declarators.length === 0);
    const shared = this.#attributes(specifiers.attributes);
    for (const { declarator, initializer } of declarators) {
      const identifier = declarator.identifier as Identifier;
      const own = this.#ownAttributes(shared, declarator.attributes);
      const type = this.#declared(base, declarator, own);
      if (specifiers.storage === 'typedef') {
        if (initializer !== null) this.#fail(identifier, 'initialised typedef');
        this.#name(identifier, { kind: 'typedef', type: this.#aligned(type, own) });
      } else if (type.kind === 'function') {
        this.#name(identifier, { kind: 'function', type });
      } else {
        this.#variable(specifiers, identifier, type, initializer);
      }
    }
  }

  // C11 6.7.10
  #assert(assertion: StaticAssertion): void {
    if (this.#evaluate(assertion.condition).value !== 0n) return;
    this.#fail(assertion.condition, `static assertion failed${assertion.message === null ? '' : `: ${assertion.message}`}`);
  }

  // A variable; `static const` of an integer type with a constant value is a constant.
  #variable(specifiers: Specifiers, identifier: Identifier, type: CType, initializer: Initializer | null): void {
    const isInteger = type.kind === 'integer' || type.kind === 'bool' || type.kind === 'enum';
    if (specifiers.storage === 'static' && type.isConst && isInteger && initializer?.kind === 'expression') {
      const value = this.#constantValue(initializer.expression, type);
      if (value !== null) {
        this.#name(identifier, { kind: 'constant', value, type });
        return;
      }
    }
    this.#name(identifier, { kind: 'variable', type: lengthened(type, initializer, this.#space.types, this.#expressions) });
  }

  // Null for `static const int x = f();`, which C leaves to the linker or the program's start.
  #constantValue(expression: Expression, type: CType): number | bigint | null {
    if (!isConstantForm(expression)) return null;
    const { value } = this.#evaluate(expression);
    return toNumber(type.kind === 'bool' ? (value === 0n ? 0n : 1n) : convertedInteger(type, value));
  }

  /**
   * Makes constants of the object-like macros that are constant expressions; others are none of C's names.
   * Macros that another declaration has the name of are left alone.
   */
  declareMacros(macros: ReadonlyMap<string, Macro>): void {
    for (const [name, { value, bits, isSigned }] of constantMacros(macros, this.#space, (expression) => this.#evaluate(expression))) {
      const base = bits === 32 ? 'int' : 'long long';
      const type = this.#space.types.base(isSigned ? base : (`unsigned ${base}` as 'unsigned int'));
      this.#name({ name, ...NO_RANGE }, { kind: 'constant', value: toNumber(value), type });
    }
  }

  /** The type a type name stands for. */
  typeName(name: TypeName): CType {
    this.#last = name;
    const { specifiers, declarator } = name;
    const own = this.#ownAttributes(this.#attributes(specifiers.attributes), declarator.attributes);
    return this.#aligned(this.#declared(this.#specified(specifiers, false), declarator, own), own);
  }

  #aligned(type: CType, { typeAlign }: LayoutAttributes): CType {
    return typeAlign === null ? type : this.#space.types.withAlign(type, typeAlign);
  }

  #attributes(list: readonly Attribute[]): LayoutAttributes {
    return list.length === 0 ? this.#noAttributes : readAttributes(list, this.#attributeContext);
  }

  #ownAttributes(shared: LayoutAttributes, attributes: readonly Attribute[]): LayoutAttributes {
    if (attributes.length === 0) return shared;
    const own = this.#attributes(attributes);
    return {
      isPacked: own.isPacked || shared.isPacked,
      align: own.align === null ? shared.align : Math.max(own.align, shared.align ?? 1),
      // gcc applies those of the specifiers last.
      typeAlign: shared.typeAlign ?? own.typeAlign,
      order: own.order ?? shared.order,
      rules: own.rules ?? shared.rules,
      mode: own.mode ?? shared.mode,
      vectorSize: own.vectorSize ?? shared.vectorSize,
    };
  }

  // First come, first served, as in LuaJIT; C's compatible redeclarations are a special case of that. Predefined names
  // yield to the text, but for byte orders: `typedef __u16 __be16;` in Linux's headers does not say that it is one.
  #name(identifier: Identifier, named: Named): void {
    const { names } = this.#space;
    const { name } = identifier;
    this.#checkName(identifier);
    const known = names.get(name);
    const predefined = known === undefined ? this.#space.predefined.get(name) : undefined;
    if (predefined?.kind === 'typedef' && named.kind === 'typedef') {
      if (orderOf(predefined.type) === 'big' && predefined.type.size === named.type.size) return;
    }
    if (known !== undefined) {
      const isConstant = known.kind === 'constant' || named.kind === 'constant';
      const isSame = known.kind === 'constant' && named.kind === 'constant' && known.value === named.value;
      if (isConstant && !isSame) this.#fail(identifier, `'${name}' is declared already`);
      return;
    }
    names.set(name, named);
    if (predefined !== undefined) this.#space.forgetTypeNames();
    this.#newNames.push(name);
  }

  // ---- specifiers

  #specified(specifiers: Specifiers, isAlone: boolean): CType {
    const { type, qualifiers } = specifiers;
    // gcc warns and goes on; a byte order must not get lost like that.
    for (const attribute of specifiers.attributes) {
      if (attribute.name === 'scalar_storage_order')
        this.#fail(attribute, "'scalar_storage_order' has to stand between 'struct' and its tag, or behind the body");
    }
    switch (type.kind) {
      case 'base':
        if (this.#space.types.abi.missing.includes(type.base))
          this.#fail(type, `'${type.base}' is not supported for ${this.#space.types.abi.name}`);
        return this.#qualified(this.#space.types.base(type.base), qualifiers);
      case 'name': {
        const named = this.#space.lookup(type.name);
        if (named?.kind !== 'typedef') this.#fail(type, `unknown type '${type.name}'`);
        return this.#qualified(named.type, qualifiers);
      }
      case 'typeof':
        return this.#qualified(this.#typeof(type.operand), qualifiers);
      case 'struct':
      case 'union':
        return this.#qualified(this.#record(type, isAlone), qualifiers);
      case 'enum':
        return this.#qualified(this.#enum(type, isAlone), qualifiers);
      default:
        return unreachable(type);
    }
  }

  #typeof(operand: TypeName | Expression): CType {
    if ('specifiers' in operand) return this.typeName(operand);
    return this.#expressions.typeOf(operand) ?? this.#fail(operand, 'the type of this expression is not known');
  }

  #qualified(type: CType, qualifiers: Specifiers['qualifiers']): CType {
    return qualifiers.isConst || qualifiers.isVolatile ? this.#space.types.qualify(type, qualifiers) : type;
  }

  // The tagged type a specifier means: a known one, or a new incomplete one.
  #tagged(specifier: RecordSpecifier | EnumSpecifier, hasBody: boolean): TaggedType {
    const { kind, tag } = specifier;
    const { tags, types } = this.#space;
    if (tag !== null) this.#checkName(tag);
    const known = tag === null ? undefined : tags.get(tag.name);
    if (known !== undefined) {
      if (known.kind !== kind) this.#fail(tag as Identifier, `'${(tag as Identifier).name}' is a ${known.kind}, not a ${kind}`);
      if (hasBody && known.definition.layout !== null) this.#fail(tag as Identifier, `${printType(known)} is defined already`);
      return known;
    }
    if (!hasBody && this.#mode === 'type name') this.#fail(tag as Identifier, `unknown type '${kind} ${(tag as Identifier).name}'`);
    const name = tag?.name ?? null;
    const type = kind === 'enum' ? types.enum(name) : types.record(kind, name);
    if (tag !== null) {
      tags.set(tag.name, type);
      this.#newTags.push(tag.name);
    }
    return type;
  }

  #complete(type: TaggedType): void {
    this.#space.completed.push(type);
    this.#newBodies.push(type);
  }

  // ---- struct and union

  #record(specifier: RecordSpecifier, isAlone: boolean): RecordType {
    const type = this.#tagged(specifier, specifier.members !== null) as RecordType;
    if (specifier.members === null) {
      if (isAlone && specifier.attributes.length > 0) this.#attributes(specifier.attributes);
      return type;
    }
    const own = this.#attributes(specifier.attributes);
    const { kind, pack } = specifier;
    const { isPacked } = own;
    const order = own.order ?? 'little';
    const body: Body = { kind, isPacked, order, placements: [], constants: null, names: new Set() };
    for (const member of specifier.members) {
      if (member.kind === 'static-assertion') this.#assert(member);
      else this.#member(member, body);
    }
    const { abi } = this.#space.types;
    const layout = layOut(body.placements, {
      kind,
      userAlign: own.typeAlign,
      pack,
      order,
      constants: body.constants ?? NO_CONSTANTS,
      abi,
      rules: own.rules ?? abi.rules,
      isPacked,
    });
    if (layout.size > MAX_SIZE) this.#fail(specifier, `${printType(type)} is too large`);
    if (layout.members > Math.max(MAX_MEMBERS, layout.size * 8))
      this.#fail(specifier, `${printType(type)} has more than ${MAX_MEMBERS} members with nested ones, and more than bits`);
    if (layout.depth > MAX_RECORD_DEPTH) this.#fail(specifier, `structs nested deeper than ${MAX_RECORD_DEPTH} levels`);
    if (type.definition.layout !== null) this.#fail(specifier, `${printType(type)} is defined already`);
    type.definition.layout = layout;
    this.#complete(type);
    return type;
  }

  #member(member: Member, body: Body): void {
    this.#last = member;
    const { specifiers } = member;
    const base = this.#specified(specifiers, member.declarators.length === 0);
    const shared = this.#attributes(specifiers.attributes);
    if (member.declarators.length === 0) {
      // As in LuaJIT, the enumerators of such a member are constants of the struct, too.
      if (base.kind === 'enum' && specifiers.type.kind === 'enum' && specifiers.type.enumerators !== null) {
        for (const [name, value] of base.definition.layout?.constants ?? []) addConstant(body, name, value);
      }
      this.#unnamedMember(member, base, shared, body);
      return;
    }
    for (const declared of member.declarators) {
      const { declarator, value } = declared;
      const { identifier } = declarator;
      const own = this.#ownAttributes(shared, declarator.attributes);
      const type = this.#declared(base, declarator, own);
      if (specifiers.storage === 'static') {
        const name = identifier ?? this.#fail(member, 'a constant needs a name');
        this.#unique(name, body);
        addConstant(body, name.name, this.#staticConstant(specifiers, name, type, value));
        continue;
      }
      if (identifier !== null) this.#unique(identifier, body);
      const widthBits = this.#width(declared, type);
      if (widthBits !== null && orderOf(type) === 'big' && body.order === 'little') {
        this.#fail(identifier ?? declarator, 'big-endian bit-field in a little-endian struct');
      }
      this.#checkLast(body, declarator);
      if (widthBits === null) this.#checkMemberType(type, declarator, body.kind);
      body.placements.push({
        name: identifier?.name ?? '',
        type: this.#space.types.withByteOrder(type, this.#memberOrder(type, body.order)),
        widthBits,
        userAlign: own.align,
        isPacked: own.isPacked || body.isPacked,
        typedef:
          specifiers.type.kind === 'name' && !isParameter(specifiers.type)
            ? { name: specifiers.type.name, levels: levelsOf(declarator) }
            : null,
      });
    }
  }

  // A type with a byte order of its own (be32_t) keeps it; plain scalars follow the struct.
  #memberOrder(type: CType, order: 'little' | 'big'): 'little' | 'big' {
    let element = type;
    while (element.kind === 'array') element = element.element;
    return orderOf(element) === 'big' ? 'big' : order;
  }

  // A type that was given for a `$` names nothing.
  #checkName(identifier: Identifier): void {
    if (isParameter(identifier)) this.#fail(identifier, 'expected an identifier for the type parameter, got a type');
  }

  #unique(identifier: Identifier, { names }: Body): void {
    this.#checkName(identifier);
    if (names.has(identifier.name)) this.#fail(identifier, `duplicate member '${identifier.name}'`);
    names.add(identifier.name);
  }

  // A member without a declarator: a transparent struct or union, if it has no tag (C11 6.7.2.1p13).
  #unnamedMember(member: Member, type: CType, attributes: LayoutAttributes, body: Body): void {
    const specifier = member.specifiers.type;
    const { embedsTagged } = this.#space.types.abi;
    const isTagged = specifier.kind === 'enum' || specifier.kind === 'struct' || specifier.kind === 'union';
    const isNamed = specifier.kind === 'name' && isRecord(type);
    if (isTagged || (embedsTagged && isNamed)) {
      const isDeclaration = isTagged && (specifier.kind === 'enum' || specifier.tag !== null);
      if (isDeclaration && !(embedsTagged && isRecord(type) && type.size !== null)) return;
      for (const name of [...fieldsOf(type as RecordType).keys(), ...constantsOf(type as RecordType).keys()]) {
        this.#unique({ ...specifier, name }, body);
      }
      this.#checkLast(body, member);
      body.placements.push({
        name: '',
        type,
        widthBits: null,
        userAlign: attributes.align,
        isPacked: attributes.isPacked || body.isPacked,
        typedef: null,
      });
      return;
    }
    this.#fail(member, 'expected a member name');
  }

  // Nothing may follow `T a[]` or `T a[?]`.
  #checkLast({ kind, placements }: Body, at: Range): void {
    const last = placements.at(-1);
    if (kind === 'struct' && last?.type.kind === 'array' && typeof last.type.length !== 'number') {
      this.#fail(at, `member after '${last.name}[${last.type.length ?? ''}]', which must be the last`);
    }
  }

  #checkMemberType(type: CType, declarator: Declarator, kind: 'struct' | 'union'): void {
    const at = declarator.identifier ?? declarator;
    if (type.kind === 'array' && typeof type.length !== 'number') {
      if (kind === 'union' && type.length === '?') this.#fail(at, "'[?]' has no place in a union");
      return;
    }
    if (type.size === null)
      this.#fail(at, `member '${declarator.identifier?.name ?? ''}' has the type '${printType(type)}', whose size is not known`);
  }

  #width({ declarator, width }: MemberDeclarator, type: CType): number | null {
    const { identifier } = declarator;
    if (width === null) {
      if (identifier === null) this.#fail(declarator, 'expected a member name');
      return null;
    }
    if (type.kind !== 'integer' && type.kind !== 'bool' && type.kind !== 'enum') {
      this.#fail(identifier ?? width, `bit-field of type '${printType(type)}', expected an integer type`);
    }
    const { value } = this.#evaluate(width);
    const widthBits = Number(value);
    const largest = type.kind === 'bool' ? 1 : this.#expressions.knownSize(type, width) * 8;
    if (widthBits < 0 || widthBits > largest) this.#fail(width, `bit-field width must be from 0 to ${largest}, found ${value}`);
    if (widthBits === 0 && identifier !== null) this.#fail(width, `bit-field '${identifier.name}' of width 0 must not have a name`);
    return widthBits;
  }

  // ---- enum

  #enum(specifier: EnumSpecifier, isAlone: boolean): EnumType {
    const { enumerators, attributes } = specifier;
    const type = this.#tagged(specifier, enumerators !== null) as EnumType;
    if (enumerators === null) {
      if (isAlone && attributes.length > 0) this.#attributes(attributes);
      return type;
    }
    const own = this.#attributes(attributes);
    const underlying = specifier.underlying === null ? null : this.typeName(specifier.underlying);
    if (underlying !== null && underlying.kind !== 'integer' && underlying.kind !== 'bool')
      this.#fail(specifier, `enum of type '${printType(underlying)}'`);
    const constants = new Map<string, number | bigint>();
    let next = 0n;
    let least = 0n;
    let greatest = 0n;
    for (const enumerator of enumerators) {
      const given: bigint = enumerator.value === null ? next : this.#evaluate(enumerator.value).value;
      const value = this.#space.types.abi.enumsAreInt && own.mode === null ? BigInt.asIntN(32, given) : given;
      if (value >= ENUMERATOR_END) this.#fail(enumerator, `enumerator '${enumerator.name}' is out of range`);
      least = value < least ? value : least;
      greatest = value > greatest ? value : greatest;
      const number = toNumber(value);
      constants.set(enumerator.name, number);
      this.#enumerator(enumerator, number);
      next = value + 1n;
    }
    if (type.definition.layout !== null) this.#fail(specifier, `${printType(type)} is defined already`);
    type.definition.layout = {
      ...(underlying === null
        ? enumSize({ least, greatest }, own, this.#space.types, this.#expressions, specifier)
        : sizeAndSign(underlying)),
      constants,
    };
    this.#complete(type);
    return type;
  }

  #enumerator(enumerator: Enumerator, value: number | bigint): void {
    if (this.#space.names.has(enumerator.name)) this.#fail(enumerator, `'${enumerator.name}' is declared already`);
    this.#name(enumerator, { kind: 'constant', value, type: this.#space.types.base(enumeratorType(value)) });
  }

  // ---- constants

  #staticConstant(specifiers: Specifiers, identifier: Identifier, type: CType, value: Expression | null): number | bigint {
    if (value === null || !type.isConst || specifiers.storage !== 'static') {
      this.#fail(identifier, `'${identifier.name}' needs 'static const' and a value`);
    }
    if (type.kind !== 'integer' && type.kind !== 'bool' && type.kind !== 'enum') {
      this.#fail(identifier, `constant '${identifier.name}' has the type '${printType(type)}', expected an integer type`);
    }
    return this.#constantValue(value, type) ?? this.#fail(value, 'expected a constant expression');
  }

  // ---- declarators

  #declared(base: CType, declarator: Declarator, attributes: LayoutAttributes): CType {
    const type = this.#derive(base, declarator);
    return attributes === this.#noAttributes ? type : attributed(type, attributes, declarator, this.#expressions, this.#space.types);
  }

  #derive(base: CType, { derivations, identifier }: Declarator, where: 'object' | 'parameter' = 'object'): CType {
    let type = base;
    for (let i = derivations.length - 1; i >= 0; i--) {
      const derivation = derivations[i] as Derivation;
      switch (derivation.kind) {
        case 'pointer':
        case 'reference':
          if (type.kind === 'reference') this.#fail(derivation, `pointer or reference to a reference`);
          type = derivation.kind === 'pointer' ? this.#space.types.pointer(type) : this.#space.types.reference(type);
          if (derivation.kind === 'pointer') type = this.#qualified(type, derivation.qualifiers);
          break;
        case 'array':
          type = this.#array(type, derivation, identifier, where);
          break;
        case 'function':
          type = this.#function(type, derivation);
          break;
        case 'attributed': {
          const own = readAttributes(derivation.attributes, this.#attributeContext);
          type = this.#aligned(attributed(type, own, derivation, this.#expressions, this.#space.types), own);
          break;
        }
        default:
          unreachable(derivation);
      }
    }
    return type;
  }

  #array(element: CType, at: ArrayDerivation, identifier: Identifier | null, where: 'object' | 'parameter'): CType {
    const { length } = at;
    if (element.kind === 'reference') this.#fail(at, 'array of references');
    if (element.size === null) this.#fail(identifier ?? at, `array of '${printType(element)}', whose size is not known`);
    if (element.size % element.align !== 0) {
      this.#fail(
        identifier ?? at,
        `array of '${printType(element)}', whose alignment ${element.align} does not divide its size ${element.size}`,
      );
    }
    if (length === null || length === '?') return this.#space.types.array(element, length);
    // `void f(int n, int a[n][n])`: only a pointer is passed; what its elements' length is, the caller says.
    if (where === 'parameter' && isVariableLength(length, this.#space)) return this.#space.types.array(element, 0);
    const { value } = this.#evaluate(length);
    const count = Number(value);
    if (count < 0) this.#fail(length, `array length must not be negative, found ${value}`);
    if (count * element.size > MAX_SIZE) this.#fail(length, `array of ${value} elements is too large`);
    const array = this.#space.types.array(element, count);
    if (element.size === 0 && membersWithin(array) > MAX_MEMBERS)
      this.#fail(length, `array of ${value} elements without bytes is too large`);
    return array;
  }

  #function(result: CType, at: FunctionDerivation): CType {
    const { parameters, variadic } = at;
    if ((result.kind === 'array' && result.isVector !== true) || result.kind === 'function')
      this.#fail(at, `function returning '${printType(result)}'`);
    const mayBeVoid = parameters.length === 1 && !variadic;
    const list = parameters.map((parameter) => this.#parameter(parameter, mayBeVoid));
    return this.#space.types.function(result, list[0]?.type.kind === 'void' ? [] : list, variadic);
  }

  #parameter(parameter: FunctionDerivation['parameters'][number], mayBeVoid: boolean): FunctionParameter {
    const type = this.#derive(this.#specified(parameter.specifiers, false), parameter.declarator, 'parameter');
    const name = parameter.declarator.identifier?.name ?? null;
    if (type.kind === 'void' && !(mayBeVoid && name === null)) this.#fail(parameter, "parameter of type 'void'");
    return { name, type: this.#decayed(type) };
  }

  // Arrays and functions as parameters are pointers (C11 6.7.6.3p7, p8).
  #decayed(type: CType): CType {
    if (type.kind === 'array' && type.isVector !== true) return this.#space.types.pointer(type.element);
    if (type.kind === 'function') return this.#space.types.pointer(type);
    return type.isConst || type.isVolatile ? this.#space.types.unqualified(type) : type;
  }
}

// How many types a declarator makes of the one before it.
function levelsOf({ derivations }: Declarator): number {
  let levels = 0;
  for (const { kind } of derivations) if (kind !== 'attributed') levels++;
  return levels;
}
