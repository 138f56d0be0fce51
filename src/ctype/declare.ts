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
  type Dialect,
  type Derivation,
  type EnumSpecifier,
  type Enumerator,
  evaluate,
  type Expression,
  type FunctionDerivation,
  type Identifier,
  type Initializer,
  isParameter,
  type Member,
  type Macro,
  type Range,
  type RecordSpecifier,
  type Specifiers,
  type StaticAssertion,
  type TypeName,
} from '../cparser/index.ts';
import { unreachable } from '../util/assert.ts';
import { CdefError } from '../util/errors.ts';
import { nearest } from '../util/text.ts';
import type { Source } from '../util/source.ts';
import { checkElement, countedArray } from './arrays.ts';
import { type AttributeContext, combinedAttributes, type LayoutAttributes, readAttributes } from './attributes.ts';
import { Body, type BodyContext } from './body.ts';
import { constantMacros, isConstantForm, isVariableLength } from './constants.ts';
import { toNumber } from './numbers.ts';
import { checkUnderlying, ENUMERATOR_END, enumeratorType, enumLayout, successor } from './enums.ts';
import { convertedInteger, ExpressionTypes } from './expressions.ts';
import { lengthened } from './initializers.ts';
import { attributed } from './modes.ts';
import { Journal } from './journal.ts';
import { isRecord } from './lookup.ts';
import type { Namespace } from './namespace.ts';
import { MAX_SIZE } from './placer.ts';
import type { Named, TaggedType } from './scope.ts';
import { printType } from './print.ts';
import { type CType, type EnumType, type FunctionParameter, orderOf, type RecordType } from './types.ts';

const NO_RANGE: Range = { start: 0, end: 0 };
/** Adds one text's declarations to a namespace. */
export class Declarer {
  readonly #space: Namespace;
  readonly #source: Source;
  readonly #mode: 'declarations' | 'type name';
  readonly #dialect: Dialect;
  readonly #journal: Journal;
  readonly #attributeContext: AttributeContext;
  readonly #noAttributes: LayoutAttributes;
  readonly #expressions: ExpressionTypes;
  #bodyContext: BodyContext | null = null;
  #last: Range = NO_RANGE;

  constructor(space: Namespace, source: Source, mode: 'declarations' | 'type name', dialect: Dialect) {
    this.#space = space;
    this.#journal = new Journal(space);
    this.#source = source;
    this.#mode = mode;
    this.#dialect = dialect;
    const fail = (at: Range, reason: string): never => this.#fail(at, reason);
    this.#attributeContext = {
      largestAlign: space.types.abi.largestAlign,
      hasMsStruct: space.types.abi.hasMsStruct,
      isStrictest: space.types.abi.rules === 'msvc',
      integer: (argument) => this.#evaluate(argument).value,
      fail,
    };
    this.#noAttributes = readAttributes([], this.#attributeContext);
    this.#expressions = new ExpressionTypes({ space, dialect, typeName: (name) => this.typeName(name), fail });
  }

  /** Whether anything has been added. */
  get hasDeclared(): boolean {
    return !this.#journal.isEmpty;
  }

  /** Takes everything back. */
  undo(): void {
    this.#journal.undo();
  }

  /** Raises about the declaration that was being worked on. */
  failAtLast(reason: string): never {
    this.#fail(this.#last, reason);
  }

  #fail(at: Range, reason: string, notes: readonly string[] = []): never {
    const length = Math.max(1, at.end - at.start);
    throw new CdefError({ source: this.#source, offset: at.start, length, reason, notes });
  }

  #failNoTag(kind: string, tag: Identifier): never {
    const tags = [...this.#space.tags].filter(([, known]) => known.kind === kind).map(([name]) => name);
    const near = nearest(tag.name, tags);
    this.#fail(tag, `unknown type '${kind} ${tag.name}'`, near === null ? [] : [`did you mean '${kind} ${near}'?`]);
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
    this.#checkStorage(specifiers, declarators);
    const base = this.#specified(specifiers, declarators.length === 0);
    const shared = this.#attributes(specifiers.attributes);
    for (const { declarator, initializer } of declarators) {
      const identifier = declarator.identifier as Identifier;
      const own = this.#ownAttributes(declarator, shared);
      const type = this.#declared(base, declarator, own);
      if (specifiers.storage === 'typedef') {
        if (initializer !== null) this.#fail(identifier, 'initialised typedef');
        this.#name(identifier, { kind: 'typedef', type: this.#aligned(type, own) });
      } else if (type.kind === 'function') {
        this.#name(identifier, { kind: 'function', type, ...linked(declarator) });
      } else {
        this.#variable(specifiers, declarator, type, initializer);
      }
    }
  }

  // C11 6.9p2; gcc's register variables have the register's name.
  #checkStorage(specifiers: Specifiers, declarators: Declaration['declarators']): void {
    const { storage } = specifiers;
    const isAllowed = storage === 'register' && declarators.every(({ declarator }) => declarator.symbol !== null);
    if ((storage === 'auto' || storage === 'register') && !isAllowed)
      this.#fail(specifiers, `storage class '${storage}' has no place outside of functions`);
  }

  // C11 6.7.10
  #assert(assertion: StaticAssertion): void {
    if (this.#evaluate(assertion.condition).value !== 0n) return;
    this.#fail(assertion.condition, `static assertion failed${assertion.message === null ? '' : `: ${assertion.message}`}`);
  }

  // A variable; `static const` of an integer type with a constant value is a constant.
  #variable(specifiers: Specifiers, declarator: Declarator, type: CType, initializer: Initializer | null): void {
    const identifier = declarator.identifier as Identifier;
    const isInteger = type.kind === 'integer' || type.kind === 'bool' || type.kind === 'enum';
    if (this.#dialect === 'luajit') this.#checkVariable(specifiers, identifier, type, initializer);
    if (specifiers.storage === 'static' && type.isConst && isInteger && initializer?.kind === 'expression') {
      const value = this.#constantValue(initializer.expression, type);
      if (value !== null) {
        this.#name(identifier, { kind: 'constant', value, type });
        return;
      }
    }
    const whole = lengthened(type, initializer, this.#space.types, this.#expressions);
    this.#name(identifier, { kind: 'variable', type: whole, ...linked(declarator) });
  }

  // LuaJIT has no definitions: variables are extern, constants integers of 32 bits or fewer with a value.
  #checkVariable({ storage }: Specifiers, identifier: Identifier, type: CType, initializer: Initializer | null): void {
    if (initializer !== null && !(storage === 'static' && type.isConst)) this.#fail(identifier, "expected ';' before a value: no constant");
    if (storage !== 'static') return;
    if (!isPlainConstant(type) || initializer === null) this.#failConstant(identifier, type);
    const isConstant = initializer.kind === 'expression' && isConstantForm(initializer.expression);
    if (!isConstant) this.#fail(initializer.kind === 'list' ? initializer : initializer.expression, 'expected a constant expression');
  }

  #failConstant(identifier: Identifier, type: CType): never {
    this.#fail(identifier, `constant '${identifier.name}' has the type '${printType(type)}', or no value`);
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
    const own = this.#ownAttributes(declarator, this.#attributes(specifiers.attributes));
    return this.#aligned(this.#declared(this.#specified(specifiers, false), declarator, own), own);
  }

  #aligned(type: CType, { typeAlign }: LayoutAttributes): CType {
    return typeAlign === null ? type : this.#space.types.withAlign(type, typeAlign);
  }

  #attributes(list: readonly Attribute[]): LayoutAttributes {
    return list.length === 0 ? this.#noAttributes : readAttributes(list, this.#attributeContext);
  }

  #ownAttributes({ attributes }: Declarator, shared: LayoutAttributes): LayoutAttributes {
    return attributes.length === 0 ? shared : combinedAttributes(this.#attributes(attributes), shared);
  }

  // A type that was given for a `$` names nothing.
  #checkName(identifier: Identifier): void {
    if (isParameter(identifier)) this.#fail(identifier, 'expected an identifier for the type parameter, got a type');
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
      // LuaJIT passes over what is declared already, but not over values.
      const isFine = this.#dialect === 'luajit' ? named.kind !== 'constant' : !isConstant || isSame;
      if (!isFine) this.#fail(identifier, `'${name}' is declared already`);
      return;
    }
    this.#journal.name(name, named);
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
      if (hasBody && types.isDefined(known)) this.#fail(tag as Identifier, `${printType(known)} is defined already`);
      return known;
    }
    if (!hasBody && this.#mode === 'type name') this.#failNoTag(kind, tag as Identifier);
    const name = tag?.name ?? null;
    const type = kind === 'enum' ? types.enum(name) : types.record(kind, name);
    if (tag !== null) this.#journal.tag(tag.name, type);
    return type;
  }

  // ---- struct and union

  #record(specifier: RecordSpecifier, isAlone: boolean): RecordType {
    const type = this.#tagged(specifier, specifier.members !== null) as RecordType;
    if (specifier.members === null) {
      if (isAlone && specifier.attributes.length > 0) this.#attributes(specifier.attributes);
      return type;
    }
    this.#bodyContext ??= {
      types: this.#space.types,
      dialect: this.#dialect,
      integer: (expression) => this.#evaluate(expression).value,
      knownSize: (one, at) => this.#expressions.knownSize(one, at),
      fail: (at, reason) => this.#fail(at, reason),
    };
    const body = new Body(specifier.kind, this.#attributes(specifier.attributes), specifier.order, this.#bodyContext);
    for (const member of specifier.members) {
      this.#last = member;
      if (member.kind === 'static-assertion') this.#assert(member);
      else this.#member(member, body);
    }
    const layout = body.layout(type, specifier.pack, specifier);
    if (this.#space.types.isDefined(type)) this.#fail(specifier, `${printType(type)} is defined already`);
    type.definition.layout = layout;
    this.#journal.complete(type);
    return type;
  }

  #member(member: Member, body: Body): void {
    const { specifiers, declarators } = member;
    const base = this.#specified(specifiers, declarators.length === 0);
    const shared = this.#attributes(specifiers.attributes);
    if (declarators.length === 0) this.#undeclared(member, base, shared, body);
    for (const { declarator, width, value } of declarators) {
      const { identifier } = declarator;
      const own = this.#ownAttributes(declarator, shared);
      const type = this.#declared(base, declarator, own);
      if (identifier !== null) this.#checkName(identifier);
      if (specifiers.storage === 'static') {
        const name = identifier ?? this.#fail(specifiers, 'a constant needs a name');
        body.unique(name);
        body.addConstant(name.name, this.#staticConstant(specifiers, name, type, value));
        continue;
      }
      const isTypedef = specifiers.type.kind === 'name' && !isParameter(specifiers.type);
      const typedef = isTypedef ? { name: specifiers.type.name, levels: levelsOf(declarator) } : null;
      body.add({ at: declarator, identifier, type, width, attributes: own, typedef });
    }
  }

  // A member without a declarator: a transparent struct or union, if it has no tag (C11 6.7.2.1p13).
  #undeclared(member: Member, type: CType, attributes: LayoutAttributes, body: Body): void {
    const specifier = member.specifiers.type;
    // As in LuaJIT, the enumerators of such a member are constants of the struct, too.
    if (type.kind === 'enum' && specifier.kind === 'enum' && specifier.enumerators !== null) {
      for (const [name, value] of type.definition.layout?.constants ?? []) body.addConstant(name, value);
    }
    const embedsTagged = this.#space.types.abi.embedsTagged || this.#dialect === 'luajit';
    const isTagged = specifier.kind === 'enum' || specifier.kind === 'struct' || specifier.kind === 'union';
    const isNamed = specifier.kind === 'name' && isRecord(type);
    if (!isTagged && !(embedsTagged && isNamed)) this.#fail(member, 'expected a member name');
    const isDeclaration = isTagged && (specifier.kind === 'enum' || specifier.tag !== null);
    if (isDeclaration && !(embedsTagged && isRecord(type) && type.size !== null)) return;
    body.addTransparent(type as RecordType, attributes, specifier);
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
    checkUnderlying(underlying, specifier, this.#expressions);
    const constants = new Map<string, number | bigint>();
    const areInt = this.#space.types.abi.enumsAreInt && own.mode === null;
    let next: number | bigint = 0;
    for (const enumerator of enumerators) {
      let value: number | bigint = enumerator.value === null ? next : toNumber(this.#evaluate(enumerator.value).value);
      if (areInt) value = Number(BigInt.asIntN(32, BigInt(value)));
      if (value >= ENUMERATOR_END) this.#fail(enumerator, `enumerator '${enumerator.name}' is out of range`);
      constants.set(enumerator.name, value);
      this.#enumerator(enumerator, value);
      next = successor(value);
    }
    if (this.#space.types.isDefined(type)) this.#fail(specifier, `${printType(type)} is defined already`);
    type.definition.layout = enumLayout(constants, underlying, own, this.#space.types, this.#expressions, specifier);
    this.#journal.complete(type);
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
    if (this.#dialect === 'luajit' && !isPlainConstant(type)) this.#failConstant(identifier, type);
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
    checkElement(element, identifier ?? at, this.#expressions);
    if (length === null || length === '?') return this.#space.types.array(element, length);
    // `void f(int n, int a[n][n])`: only a pointer is passed; what its elements' length is, the caller says.
    if (where === 'parameter' && this.#dialect === 'gcc' && isVariableLength(length, this.#space))
      return this.#space.types.array(element, 0);
    const { value } = this.#evaluate(length);
    const most = this.#dialect === 'luajit' ? 2 ** 31 - 1 : MAX_SIZE;
    return countedArray(element, value, length, this.#expressions, this.#space.types, most);
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
    return { name, type: this.#space.types.decayed(type) };
  }
}

// What LuaJIT takes for a constant's type.
function isPlainConstant(type: CType): boolean {
  return type.kind === 'integer' && type.isConst && type.size <= 4;
}

function linked({ symbol }: Declarator): { symbol?: string } {
  return symbol === null ? {} : { symbol };
}

// How many types a declarator makes of the one before it.
function levelsOf({ derivations }: Declarator): number {
  let levels = 0;
  for (const { kind } of derivations) if (kind !== 'attributed') levels++;
  return levels;
}
