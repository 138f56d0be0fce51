/**
 * Types as C text: what they need comes first, and reading the text gives the same layouts again.
 *
 * A struct or union that is embedded is defined before; one that is pointed to is named before and defined somewhere. Untagged
 * ones stand where they are used; one that is used several times gets a typedef name, if it has none.
 * @module
 */
import {
  type CType,
  type DeclarationNode,
  type EnumType,
  type Field,
  innermostElement,
  isRecord,
  isTypeNode,
  Scope,
  type Placement,
  type RecordType,
  type TaggedType,
  type TypeNode,
} from '../ctype/index.ts';
import { unreachable } from '../util/assert.ts';
import { declarationsOf, Description, NODE, TypeObject, Types } from '../view/index.ts';

/** Options of `toC`. */
export interface ToCOptions {
  /** The typedef name of what has no name of its own, such as a pointer; `type_t` by default. */
  readonly name?: string;
}

/**
 * The declarations of a type, of a description or of all that a `Cdef` knows, each behind those it needs, with the attributes and
 * pragmas that its layout needs.
 *
 * Byte orders of single numbers are written as `be32_t` and the like, which are names of this library; all else is gcc's C.
 * @throws {TypeError} for anything else
 * @example
 * toC(cdef('typedef struct { char a; int b : 3; } pair;').typeof('pair'));
 * // typedef struct {
 * //   char a;
 * //   int b : 3;
 * // } pair;
 */
export function toC(subject: Types | Scope | TypeObject | Description, { name = 'type_t' }: ToCOptions = {}): string {
  if (subject instanceof Description) return textOf([named(subject[NODE], name)]);
  if (subject instanceof TypeObject) return textOf(new Describer(subject.namespace).type(subject.ctype, name));
  const space = subject instanceof Types ? subject.namespace : subject;
  if (space instanceof Scope) return textOf(nodesOf(space));
  throw new TypeError(`toC: expected a type, a description or a Cdef, got ${typeof subject}`);
}

/**
 * All that a scope declares, as a tree.
 * @internal
 */
export function nodesOf(space: Scope): readonly DeclarationNode[] {
  return new Describer(space).all();
}

function textOf(nodes: readonly DeclarationNode[]): string {
  const lines = declarationsOf(nodes).flatMap((declaration) => declaration.lines);
  return lines.map((line) => `${line}\n`).join('');
}

function named(node: DeclarationNode, name: string): DeclarationNode {
  const isNamed = !isTypeNode(node) || node.kind === 'typedef' || ('tag' in node && (node.tag !== null || node.kind === 'enum'));
  return isNamed ? node : { kind: 'typedef', name, type: node };
}

type Definition = TaggedType['definition'];
type Order = 'little' | 'big';
type Typedef = Field['typedef'];

// Makes declarations of types, in an order in which C can read them.
class Describer {
  readonly #space: Scope;
  readonly #out: DeclarationNode[] = [];
  readonly #done: Set<Definition | string> = new Set();
  /** How often untagged types are used. */
  readonly #uses: Map<Definition, number> = new Map();
  /** Typedef names of untagged types. */
  readonly #names: Map<Definition, string> = new Map();
  /** Those of them that no text has given. */
  readonly #given: Set<string> = new Set();

  constructor(space: Scope) {
    this.#space = space;
    for (const [name, entry] of space.names) {
      const type = entry.kind === 'typedef' ? entry.type : null;
      if (type !== null && isTagged(type) && type.definition.tag === null && isPlain(type) && !this.#names.has(type.definition))
        this.#names.set(type.definition, name);
    }
  }

  /** The declarations of one type. */
  type(type: CType, name: string): readonly DeclarationNode[] {
    this.#count([type]);
    // In the order of their completion, what is embedded stands before what embeds it.
    for (const one of this.#space.completed) if (this.#uses.has(one.definition) && this.#hasName(one)) this.#define(one);
    this.#needs(type, true);
    if (isTagged(type) && isPlain(type) && this.#hasName(type)) this.#define(type);
    else this.#out.push({ kind: 'typedef', name: this.#free(name), type: this.#node(type) });
    return this.#out;
  }

  /** All declarations of a namespace. */
  all(): readonly DeclarationNode[] {
    const { names, tags, completed } = this.#space;
    this.#count([...names.values(), ...tags.values()].map((one) => ('type' in one ? one.type : one)));
    const enumerators = new Set<string>();
    for (const type of completed) {
      if (type.kind !== 'enum') continue;
      this.#uses.set(type.definition, this.#uses.get(type.definition) ?? 0);
      for (const name of type.definition.layout?.constants.keys() ?? []) enumerators.add(name);
    }
    for (const type of completed) {
      if (this.#hasName(type)) this.#define(type);
      else if (type.kind === 'enum' && this.#uses.get(type.definition) === 0) this.#out.push(this.#enum(type));
    }
    for (const type of tags.values()) this.#define(type);
    for (const [name, entry] of names) {
      if (entry.kind === 'typedef') {
        this.#typedef(name);
        continue;
      }
      if (entry.kind === 'constant' && enumerators.has(name)) continue;
      this.#needs(entry.type, entry.kind === 'variable');
      if (entry.kind === 'constant')
        this.#out.push({ kind: 'constant', name, type: this.#node(this.#space.types.unqualified(entry.type)), value: entry.value });
      else this.#out.push({ kind: entry.kind === 'function' ? 'prototype' : 'variable', name, type: this.#node(entry.type) });
    }
    return this.#out;
  }

  #hasName({ definition }: TaggedType): boolean {
    return definition.tag !== null || this.#names.has(definition);
  }

  // ---- Uses

  // Untagged types that are used again, or in parameters, need a name. A list, as pointers lead from struct to struct without end.
  #count(types: readonly CType[]): void {
    const left = types.map((type) => ({ type, times: 1 }));
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const { type, times } = next;
      if (type.kind === 'pointer' || type.kind === 'reference') left.push({ type: type.target, times });
      else if (type.kind === 'array') left.push({ type: type.element, times });
      else if (type.kind === 'function')
        for (const part of [type.result, ...type.parameters.map((parameter) => parameter.type)]) left.push({ type: part, times: 2 });
      else if (isTagged(type)) {
        const before = this.#uses.get(type.definition);
        this.#uses.set(type.definition, (before ?? 0) + times);
        if (before === undefined && isRecord(type)) for (const member of membersOf(type)) left.push({ type: member.type, times: 1 });
      }
    }
    for (const type of this.#space.completed) {
      if ((this.#uses.get(type.definition) ?? 0) < 2 || this.#hasName(type)) continue;
      const name = this.#free('unnamed');
      this.#names.set(type.definition, name);
      this.#given.add(name);
    }
  }

  #free(wanted: string): string {
    let name = wanted;
    for (let i = this.#given.size + 1; this.#space.lookup(name) !== null || this.#given.has(name); i++) name = `${wanted}_${i}`;
    return name;
  }

  // ---- What has to be declared before

  #needs(type: CType, isWhole: boolean, typedef: Typedef = null, order: Order = 'little', level = 0): void {
    if (typedef !== null && level === typedef.levels && this.#isNamedBy(typedef.name, type, order)) {
      this.#typedef(typedef.name);
      if (isWhole) this.#needs(type, true);
      return;
    }
    switch (type.kind) {
      case 'pointer':
      case 'reference':
        this.#needs(type.target, false, typedef, 'little', level + 1);
        return;
      case 'array':
        this.#needs(type.element, true, typedef, order, level + 1);
        return;
      case 'function':
        this.#needs(type.result, false, typedef, 'little', level + 1);
        for (const parameter of type.parameters) this.#needs(parameter.type, false);
        return;
      case 'enum':
        this.#define(type);
        return;
      case 'struct':
      case 'union':
        if (isWhole || type.definition.tag === null) this.#define(type);
    }
  }

  // Declares a tagged type, or an untagged one under its typedef name; of others, what they need.
  #define(type: TaggedType): void {
    const { definition } = type;
    if (this.#done.has(definition)) return;
    this.#done.add(definition);
    if (isRecord(type)) {
      const { order = 'little' as Order } = type.definition.layout ?? {};
      for (const { type: inner, typedef } of membersOf(type)) this.#needs(inner, true, typedef, order);
    }
    const name = this.#names.get(definition);
    if (definition.tag === null) {
      if (name !== undefined && !this.#done.has(name)) {
        this.#done.add(name);
        this.#out.push({ kind: 'typedef', name, type: this.#body(type) });
      }
    } else if (definition.layout === null) this.#out.push({ kind: 'name', name: `${type.kind} ${definition.tag}` });
    else this.#out.push(this.#body(type));
  }

  #typedef(name: string): void {
    const entry = this.#space.names.get(name);
    if (entry?.kind !== 'typedef' || this.#done.has(name)) return;
    const { type } = entry;
    if (isTagged(type) && this.#names.get(type.definition) === name) {
      this.#define(type);
      return;
    }
    this.#done.add(name);
    this.#needs(type, false);
    this.#out.push({ kind: 'typedef', name, type: this.#node(type) });
  }

  // Whether a member that was declared with a typedef name still is of that type; in a big-endian struct it is so in that order.
  #isNamedBy(name: string, type: CType, order: Order): boolean {
    const { types } = this.#space;
    const entry = this.#space.lookup(name);
    if (entry?.kind !== 'typedef') return false;
    const [own, other] = [types.unqualified(entry.type), types.unqualified(type)];
    return own === other || (order === 'big' && types.withByteOrder(own, 'big') === other);
  }

  // ---- Types

  #node(type: CType, order: Order = 'little', typedef: Typedef = null, level = 0): TypeNode {
    if (typedef !== null && level === typedef.levels && this.#isNamedBy(typedef.name, type, order))
      return qualified(nameNode(typedef.name), type);
    switch (type.kind) {
      case 'pointer':
      case 'reference':
        return qualified(
          ownAlign({ kind: type.kind, type: this.#node(type.target, 'little', typedef, level + 1) }, type, type.hasUserAlign),
          type,
        );
      case 'array': {
        const { element, length, size } = type;
        const { vectorAlignCap } = this.#space.types.abi;
        const isVector = type.isVector === true && size !== null;
        const inner = this.#node(element, order, typedef, level + 1);
        const node: TypeNode = isVector ? { kind: 'vector', type: inner, size } : { kind: 'array', type: inner, length };
        const inherited = isVector ? Math.min(size, vectorAlignCap ?? size) : element.align;
        return ownAlign(node, type, type.align !== inherited || (type.hasUserAlign && !element.hasUserAlign));
      }
      case 'function':
        return {
          kind: 'function',
          result: this.#node(type.result, 'little', typedef, level + 1),
          parameters: type.parameters.map((parameter) => ({ name: parameter.name ?? '', type: this.#node(parameter.type) })),
          isVariadic: type.variadic,
        };
      case 'struct':
      case 'union':
        return qualified(ownAlign(this.#reference(type), type, !isPlainlyAligned(type)), type);
      case 'enum':
        return qualified(ownAlign(ordered(this.#reference(type), type.order, order), type, type.hasUserAlign), type);
      case 'complex':
        return qualified(ownAlign(ordered(nameNode(type.name), type.part.order, order), type, type.hasUserAlign), type);
      case 'void':
        return qualified(nameNode('void'), type);
      case 'bool':
        return qualified(ownAlign(nameNode('_Bool'), type, type.hasUserAlign), type);
      case 'integer':
      case 'float': {
        const isOther = type.order === 'big' && order === 'little' && type.size > 1;
        const hasName = isOther && type.kind === 'integer' && type.size <= 8;
        const node = nameNode(hasName ? `${type.isSigned ? '' : 'u'}int${type.size * 8}_t` : type.name);
        return qualified(ownAlign(isOther ? ordered(node, 'big', order) : node, type, type.hasUserAlign), type);
      }
      default:
        return unreachable(type);
    }
  }

  #reference(type: TaggedType): TypeNode {
    const { tag } = type.definition;
    if (tag !== null) return nameNode(`${type.kind} ${tag}`);
    const name = this.#names.get(type.definition);
    return name === undefined ? this.#body(type) : nameNode(name);
  }

  // ---- Bodies

  #body(type: TaggedType): TypeNode {
    return type.kind === 'enum' ? this.#enum(type) : this.#record(type);
  }

  #record(type: RecordType): TypeNode {
    const { kind, definition } = type;
    const { layout } = definition;
    if (layout === null) return nameNode(`${kind} ${definition.tag}`);
    const { members, options } = layout.declared;
    const rules = options.rules === this.#space.types.abi.rules ? null : options.rules === 'gcc-ms' ? 'ms_struct' : 'gcc_struct';
    return {
      kind,
      tag: definition.tag,
      members: members.map((member) => ({ name: member.name, type: this.#member(member, options.isPacked, options.order) })),
      constants: [...layout.constants],
      isPacked: options.isPacked,
      align: options.userAlign,
      pack: options.pack,
      order: options.order === 'big' ? 'big' : null,
      rules,
    };
  }

  #member({ type, widthBits, userAlign, isPacked, typedef }: Placement, isRecordPacked: boolean, order: Order): TypeNode {
    let node = this.#node(type, order, typedef);
    // The attributes of a member stand outside of those of its type.
    if (node.kind === 'aligned') node = { kind: 'qualified', type: node, isConst: false, isVolatile: false };
    if (widthBits !== null) node = { kind: 'bits', type: node, width: widthBits };
    if (userAlign !== null) node = { kind: 'aligned', type: node, align: userAlign };
    return isPacked && !isRecordPacked ? { kind: 'packed', type: node } : node;
  }

  #enum(type: EnumType): TypeNode {
    const { tag, layout } = type.definition;
    if (layout === null || layout.constants.size === 0) return nameNode(`enum ${tag}`);
    const { abi } = this.#space.types;
    const { size, isSigned, constants } = layout;
    // What C makes of the values, at least as far as the sign goes.
    const isUsual = isSigned === (abi.enumsAreInt || [...constants.values()].some((value) => value < 0));
    const mode = ({ 1: 'QI', 2: 'HI', 4: null, 8: 'DI', 16: 'TI' } as const)[size] ?? null;
    const underlying = isUsual ? null : this.#space.types.integerOfSize(size, isSigned);
    return {
      kind: 'enum',
      tag,
      values: [...constants],
      attribute: isUsual && mode !== null ? `mode(${mode})` : null,
      underlying: underlying?.kind === 'integer' ? underlying.name : null,
    };
  }
}

function isTagged(type: CType): type is TaggedType {
  return isRecord(type) || type.kind === 'enum';
}

function membersOf(type: RecordType): readonly Placement[] {
  return type.definition.layout?.declared.members ?? [];
}

// Whether a type is what its definition says, without qualifiers, alignment or byte order of its own.
function isPlain(type: TaggedType): boolean {
  if (type.isConst || type.isVolatile) return false;
  return type.kind === 'enum' ? !type.hasUserAlign && type.order === 'little' : isPlainlyAligned(type);
}

function isPlainlyAligned(type: RecordType): boolean {
  const { layout } = type.definition;
  return type.align === (layout?.align ?? 1) && type.hasUserAlign === (layout?.hasUserAlign ?? false);
}

function nameNode(name: string): TypeNode {
  return { kind: 'name', name };
}

function ownAlign(node: TypeNode, { align }: CType, isOwn: boolean): TypeNode {
  return isOwn ? { kind: 'aligned', type: node, align } : node;
}

function ordered(node: TypeNode, own: Order, around: Order): TypeNode {
  return own === 'big' && around === 'little' ? { kind: 'ordered', type: node, order: 'big' } : node;
}

function qualified(node: TypeNode, type: CType): TypeNode {
  const { isConst, isVolatile } = type.kind === 'array' ? innermostElement(type) : type;
  return isConst || isVolatile ? { kind: 'qualified', type: node, isConst, isVolatile } : node;
}
