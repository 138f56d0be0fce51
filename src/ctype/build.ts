/**
 * From described declarations (`nodes.ts`) to types and names: what `declare.ts` does for C text, by the same rules for bodies, enums,
 * arrays and attributes, without a parser.
 * @module
 */
import type { Attribute, Expression, Range } from '../cparser/index.ts';
import { FLOAT_N, KEYWORDS } from '../cparser/keywords.ts';
import { unreachable } from '../util/assert.ts';
import { checkElement, countedArray } from './arrays.ts';
import { type AttributeContext, type LayoutAttributes, readAttributes } from './attributes.ts';
import { Body, type BodyContext } from './body.ts';
import { toNumber } from './numbers.ts';
import { checkUnderlying, enumeratorType, enumLayout } from './enums.ts';
import { Journal } from './journal.ts';
import { attributed } from './modes.ts';
import { bigEndianName, type DeclarationNode, type EnumNode, type RecordNode, strip, type TypeNode } from './nodes.ts';
import { printType } from './print.ts';
import type { Named, Scope, TaggedType } from './scope.ts';
import type { CTypes } from './table.ts';
import type { CType, EnumType, FunctionType, RecordType } from './types.ts';

const NOWHERE: Range = { start: 0, end: 0 };

function integer(value: number | bigint): Expression {
  return { kind: 'integer', value: BigInt(value), isUnsigned: false, longs: 0, isDecimal: true, ...NOWHERE };
}

function attribute(name: string, ...args: Expression[]): Attribute {
  return { name, args, ...NOWHERE };
}

function aligned(align: number): Attribute {
  return attribute('aligned', integer(align));
}

// The attributes of a body.
function attributesOf({ isPacked, align, order, rules }: RecordNode): Attribute[] {
  const found = isPacked ? [attribute('packed')] : [];
  if (align !== null) found.push(aligned(align));
  if (order !== null)
    found.push(attribute('scalar_storage_order', { kind: 'string', value: `${order}-endian`, element: 'char', length: 0, ...NOWHERE }));
  if (rules !== null) found.push(attribute(rules));
  return found;
}

/**
 * Adds to a scope what `work` declares with a builder, or nothing when that throws.
 * @throws {TypeError} @throws {RangeError} for what C does not take; the message starts with the path of the declaration
 */
export function build<T>(scope: Scope, work: (builder: Builder) => T): T {
  const journal = new Journal(scope);
  try {
    return work(new Builder(scope, journal));
  } catch (error) {
    journal.undo();
    throw error;
  }
}

/** Adds declarations to a scope. */
export class Builder implements BodyContext, AttributeContext {
  readonly types: CTypes;
  readonly dialect = 'gcc';
  readonly largestAlign: number;
  readonly hasMsStruct: boolean;
  readonly isStrictest: boolean;
  readonly #scope: Scope;
  readonly #journal: Journal;
  /** What is being declared, for messages: `struct dhcp_msg.xid`. */
  #path = '';

  constructor(scope: Scope, journal: Journal) {
    this.#scope = scope;
    this.#journal = journal;
    this.types = scope.types;
    const { largestAlign, hasMsStruct, rules } = scope.types.abi;
    this.largestAlign = largestAlign;
    this.hasMsStruct = hasMsStruct;
    this.isStrictest = rules === 'msvc';
  }

  /** What is wrong with a number is its value. */
  fail(at: Range | Expression, reason: string): never {
    const Kind = 'kind' in at && at.kind === 'integer' ? RangeError : TypeError;
    throw new Kind(`${this.#path}: ${reason}`);
  }

  integer(expression: Expression): bigint {
    return expression.kind === 'integer' ? expression.value : 0n;
  }

  knownSize(type: CType, at: Range): number {
    return type.size ?? this.fail(at, `the size of '${printType(type)}' is not known`);
  }

  /** Declares `node`; what it needs has been declared. */
  declare(node: DeclarationNode, path: string): void {
    this.#path = path;
    switch (node.kind) {
      case 'struct':
      case 'union':
        this.#record(node);
        return;
      case 'enum':
        this.#enum(node);
        return;
      case 'typedef': {
        const { type, aligns } = strip(node.type);
        this.#name(node.name, { kind: 'typedef', type: this.#aligned(this.#type(type), aligns) });
        return;
      }
      case 'prototype':
        this.#name(node.name, { kind: 'function', type: this.#type(node.type) as FunctionType });
        return;
      case 'variable':
        this.#name(node.name, { kind: 'variable', type: this.#type(node.type) });
        return;
      case 'constant':
        this.#name(node.name, { kind: 'constant', type: this.#type(node.type), value: node.value });
        return;
      case 'name': {
        // A struct, union or enum that is only named.
        const [kind, tag] = node.name.split(' ').slice(-2) as [TaggedType['kind'], string];
        this.#tagged(kind, tag);
        return;
      }
      default:
        this.#type(node);
    }
  }

  /** The type that `node` describes; tagged ones and typedefs in it have been declared. */
  typeOf(node: TypeNode, path: string): CType {
    this.#path = path;
    return this.#type(node);
  }

  #name(name: string, named: Named): void {
    if (this.#scope.names.has(name)) this.fail(NOWHERE, `'${name}' is declared already`);
    this.#journal.name(name, named);
  }

  #attributes(list: readonly Attribute[]): LayoutAttributes {
    return readAttributes(list, this);
  }

  #aligned(type: CType, aligns: readonly number[]): CType {
    const { typeAlign } = this.#attributes(aligns.map(aligned));
    return typeAlign === null ? type : this.types.withAlign(type, typeAlign);
  }

  #type(node: TypeNode): CType {
    const { types } = this;
    switch (node.kind) {
      case 'name':
        return this.#scope.typeOfWords(node.name, (reason) => this.fail(NOWHERE, reason));
      case 'typedef':
        return (this.#scope.lookup(node.name) as Named).type;
      case 'struct':
      case 'union':
        return node.tag === null ? this.#record(node) : (this.#scope.tags.get(node.tag) as CType);
      case 'enum':
        return node.tag === null ? this.#enum(node) : (this.#scope.tags.get(node.tag) as CType);
      case 'ordered':
        return types.withByteOrder(this.#type(node.type), node.order);
      case 'pointer':
        return types.pointer(this.#type(node.type));
      case 'reference':
        return types.reference(this.#type(node.type));
      case 'qualified':
        return types.qualify(this.#type(node.type), node);
      case 'aligned':
        return this.#aligned(this.#type(node.type), [node.align]);
      case 'packed':
      case 'bits':
        return this.#type(node.type);
      case 'vector': {
        const { vectorSize } = this.#attributes([attribute('vector_size', integer(node.size))]);
        const none = this.#attributes([]);
        return attributed(this.#type(node.type), { ...none, vectorSize }, NOWHERE, this, types);
      }
      case 'array': {
        const element = this.#type(node.type);
        checkElement(element, NOWHERE, this);
        const { length } = node;
        if (length === null || length === '?') return types.array(element, length);
        return countedArray(element, BigInt(length), integer(length), this, types);
      }
      case 'function': {
        const result = this.#type(node.result);
        if ((result.kind === 'array' && result.isVector !== true) || result.kind === 'function')
          this.fail(NOWHERE, `function returning '${printType(result)}'`);
        const parameters = node.parameters.map(({ name, type }) => {
          const own = this.#type(type);
          if (own.kind === 'void') this.fail(NOWHERE, "parameter of type 'void'");
          return { name: name === '' ? null : name, type: types.decayed(own) };
        });
        return types.function(result, parameters, node.isVariadic);
      }
      default:
        return unreachable(node);
    }
  }

  #tagged(kind: TaggedType['kind'], tag: string | null): TaggedType {
    const { types } = this;
    const { tags } = this.#scope;
    const known = tag === null ? undefined : tags.get(tag);
    if (known !== undefined) {
      if (known.kind !== kind) this.fail(NOWHERE, `'${tag}' is a ${known.kind}, not a ${kind}`);
      return known;
    }
    const type = kind === 'enum' ? types.enum(tag) : types.record(kind, tag);
    if (tag !== null) this.#journal.tag(tag, type);
    return type;
  }

  // A struct, union or enum that is to have a body.
  #undefined(kind: TaggedType['kind'], tag: string | null): TaggedType {
    const type = this.#tagged(kind, tag);
    if (this.types.isDefined(type)) this.fail(NOWHERE, `${printType(type)} is defined already`);
    return type;
  }

  #enum(node: EnumNode): EnumType {
    const path = this.#path;
    const type = this.#undefined('enum', node.tag) as EnumType;
    const { types } = this;
    const underlying = node.underlying === null ? null : this.#type({ kind: 'name', name: node.underlying });
    checkUnderlying(underlying, NOWHERE, this);
    // `packed`, or `mode(QI)`
    const [, word, mode] = /^(\w+)(?:\((\w+)\))?$/.exec(node.attribute ?? '') ?? [];
    const args: Expression[] = mode === undefined ? [] : [{ kind: 'name', name: mode, ...NOWHERE }];
    const own = this.#attributes(word === undefined ? [] : [attribute(word, ...args)]);
    const areInt = types.abi.enumsAreInt && own.mode === null;
    const constants = new Map<string, number | bigint>();
    for (const [name, given] of node.values) {
      const value = areInt ? Number(BigInt.asIntN(32, BigInt(given))) : toNumber(BigInt(given));
      constants.set(name, value);
      this.#path = `${path}.${name}`;
      this.#name(name, { kind: 'constant', value, type: types.base(enumeratorType(value)) });
    }
    this.#path = path;
    type.definition.layout = enumLayout(constants, underlying, own, types, this, NOWHERE);
    this.#journal.complete(type);
    return type;
  }

  #record(node: RecordNode): RecordType {
    const path = this.#path;
    const type = this.#undefined(node.kind, node.tag) as RecordType;
    const body = new Body(node.kind, this.#attributes(attributesOf(node)), null, this);
    for (const [name, value] of node.constants) {
      body.unique({ name, ...NOWHERE });
      body.addConstant(name, toNumber(BigInt(value)));
    }
    for (const { name, type: whole } of node.members) {
      const own = name === '' ? path : `${path}.${name}`;
      this.#path = own;
      const { type: inner, width, aligns, isPacked } = strip(whole);
      const made = this.#type(inner);
      this.#path = own;
      const attributes = { ...this.#attributes(aligns.map(aligned)), isPacked };
      if (name === '' && width === null) body.addTransparent(made as RecordType, attributes, NOWHERE);
      else {
        const identifier = name === '' ? null : { name, ...NOWHERE };
        body.add({
          ...{ at: NOWHERE, identifier, type: made, attributes },
          width: width === null ? null : integer(width),
          typedef: typedefOf(inner),
        });
      }
    }
    this.#path = path;
    const layout = body.layout(type, node.pack, NOWHERE);
    if (this.types.isDefined(type)) this.fail(NOWHERE, `${printType(type)} is defined already`);
    type.definition.layout = layout;
    this.#journal.complete(type);
    return type;
  }
}

// The typedef name a type is written with, and how many pointers, arrays and functions are around it.
function typedefOf(node: TypeNode): { name: string; levels: number } | null {
  let levels = 0;
  for (let type = node; ; ) {
    if (type.kind === 'typedef') return { name: type.name, levels };
    if (type.kind === 'name') {
      const [name, ...others] = type.name.split(' ').filter((word) => KEYWORDS.get(word)?.kind !== 'qualifier');
      return others.length > 0 || KEYWORDS.has(name as string) || FLOAT_N.has(name as string) ? null : { name: name as string, levels };
    }
    if (type.kind === 'ordered' && type.order === 'big') {
      const name = bigEndianName(type.type);
      return name === undefined ? null : { name, levels };
    }
    if (type.kind === 'pointer' || type.kind === 'reference' || type.kind === 'array' || type.kind === 'function') levels++;
    else if (type.kind !== 'qualified' && type.kind !== 'ordered') return null;
    type = type.kind === 'function' ? type.result : type.type;
  }
}
