/**
 * C declarations as a tree without places, and that tree as C text: what `struct(...)` and the like describe, and what
 * `toC` makes of types. `cdef` reads the text back, so that there is one set of rules for layouts.
 *
 * The tree knows no ABI. What C cannot say of a type where it stands, such as the alignment of an array's elements, is written
 * with `__typeof__`; a byte order of its own other than those of `be32_t` and the like as that of a big-endian struct's member.
 * @module
 */
import { unreachable } from '../util/assert.ts';

/** Where a mistake in the text is looked up: `path` names what the line declares, such as `struct dhcp_msg.xid`. */
export interface Line {
  readonly text: string;
  readonly path: string;
}

/** A declaration of its own, with the names of its kind: `struct s`, `T`. */
export interface DeclarationText {
  readonly key: string | null;
  readonly lines: readonly Line[];
}

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

// Byte orders that have names; a byte has none.
const BIG_ENDIAN: ReadonlyMap<string, string> = new Map(
  [16, 32, 64].flatMap((bits): [string, string][] => [
    [`uint${bits}_t`, `be${bits}_t`],
    [`int${bits}_t`, `sbe${bits}_t`],
  ]),
);

/** A whole number as C writes it, of a type that holds it. */
export function literal(value: number | bigint): string {
  const n = BigInt(value);
  if (n === -(1n << 63n)) return '(-9223372036854775807LL - 1)';
  if (n >= 1n << 63n) return `${n}ULL`;
  return n >= -(1n << 31n) && n < 1n << 31n ? String(n) : `${n}LL`;
}

/** The declarations that `nodes` consist of, each behind those it needs. */
export function declarationsOf(nodes: readonly DeclarationNode[]): DeclarationText[] {
  const writer = new Writer();
  for (const node of nodes) writer.declare(node);
  return writer.declarations;
}

/** The declarations that a type needs where it is written as by `typeText`. */
export function declarationsFor(node: TypeNode): DeclarationText[] {
  const writer = new Writer();
  writer.need(node);
  return writer.declarations;
}

export function isTypeNode(node: DeclarationNode): node is TypeNode {
  return node.kind !== 'prototype' && node.kind !== 'variable' && node.kind !== 'constant';
}

/** A type as in a cast, without what it needs: `struct s *[4]`. */
export function typeText(node: TypeNode, path: string): Line[] {
  // As a member, an alignment is the member's; here it is the type's.
  return written(node, '', { path, pack: null }).lines;
}

/** What a mistake in an unnamed type is said to be in. */
export function pathOf(node: DeclarationNode): string {
  if (isTagged(node)) return node.tag === null ? `${node.kind} {...}` : `${node.kind} ${node.tag}`;
  return 'name' in node
    ? node.name
    : typeText(node, '')
        .map(({ text }) => text.trim())
        .join(' ');
}

function isTagged(node: DeclarationNode): node is RecordNode | EnumNode {
  return node.kind === 'struct' || node.kind === 'union' || node.kind === 'enum';
}

class Writer {
  readonly declarations: DeclarationText[] = [];
  readonly #done: Set<DeclarationNode> = new Set();
  /** Tags that have been declared, with or without a body. */
  readonly #tags: Set<string> = new Set();

  need(node: DeclarationNode): void {
    this.#needed(node, null);
  }

  declare(node: DeclarationNode): void {
    this.need(node);
    if (isTagged(node) && node.tag === null) this.#push(node, null);
  }

  // Declares what `node` needs, and then itself if it has a name; `within` is the tag of the struct it is in.
  #needed(node: DeclarationNode, within: string | null): void {
    if (node.kind === 'name') this.#mentioned(node.name, within);
    if (this.#done.has(node)) return;
    this.#done.add(node);
    const key = isTagged(node) ? (node.tag === null ? null : pathOf(node)) : node.kind !== 'name' && 'name' in node ? node.name : null;
    const inner = isTagged(node) ? (key ?? within) : within;
    if (node.kind === 'struct' || node.kind === 'union') for (const { type } of node.members) this.#needed(type, inner);
    else if (node.kind === 'function') for (const { type } of [node.parameters, { type: node.result }].flat()) this.#needed(type, inner);
    else if ('type' in node) this.#needed(node.type, inner);
    if (key === null) return;
    if (isTagged(node)) this.#tags.add(key);
    this.#push(node, key);
  }

  // A struct that is not declared in front of a prototype is known to that prototype only (C11 6.2.1p4).
  #mentioned(name: string, within: string | null): void {
    const tag = /\b(?:struct|union|enum) \S+$/.exec(name)?.[0];
    if (tag === undefined || tag === within || this.#tags.has(tag)) return;
    this.#tags.add(tag);
    this.declarations.push({ key: null, lines: [{ text: `${tag};`, path: tag }] });
  }

  #push(node: DeclarationNode, key: string | null): void {
    this.declarations.push({ key, lines: declaration(node) });
  }
}

// ---- Declarations

/** Lines, and how many `#pragma pack(pop)` belong behind the semicolon. */
interface Piece {
  readonly lines: Line[];
  readonly pops: number;
}

interface Place {
  readonly path: string;
  /** `#pragma pack` in force. */
  readonly pack: number | null;
}

function declaration(node: DeclarationNode): Line[] {
  const path = pathOf(node);
  const place = { path, pack: null };
  switch (node.kind) {
    case 'struct':
    case 'union': {
      const lines = ended(body(node, { path, pack: node.pack }), '', path);
      if (node.pack === null) return lines;
      return [{ text: `#pragma pack(push, ${node.pack})`, path }, ...lines, { text: '#pragma pack(pop)', path }];
    }
    case 'enum':
      return ended({ lines: enumBody(node, path), pops: 0 }, '', path);
    case 'typedef': {
      const { type, attributes } = attributesOf(node.type);
      return started('typedef ', ended(written(type, node.name, place), attributes, path));
    }
    case 'variable':
      return started('extern ', ended(written(node.type, node.name, place), '', path));
    case 'prototype':
      return ended(written(node.type, node.name, place), '', path);
    case 'constant':
      return started('static const ', ended(written(node.type, node.name, place), ` = ${literal(node.value)}`, path));
    default:
      return ended(written(node, '', place), '', path);
  }
}

function started(text: string, [first, ...rest]: readonly Line[]): Line[] {
  return first === undefined ? [] : [{ ...first, text: text + first.text }, ...rest];
}

function followed(lines: readonly Line[], text: string, path: string): Line[] {
  const last = lines.at(-1);
  return last === undefined ? [] : [...lines.slice(0, -1), { text: last.text + text, path }];
}

function ended({ lines, pops }: Piece, text: string, path: string): Line[] {
  const pop = { text: '#pragma pack(pop)', path };
  return [...followed(lines, `${text};`, path), ...Array.from({ length: pops }, () => pop)];
}

/** The attributes of a member or typedef, which stand behind its declarator. */
function attributesOf(node: TypeNode): { type: TypeNode; width: number | null; attributes: string } {
  let type = node;
  let width: number | null = null;
  const found: string[] = [];
  while (type.kind === 'aligned' || type.kind === 'packed' || type.kind === 'bits') {
    if (type.kind === 'aligned') found.push(`aligned(${type.align})`);
    else if (type.kind === 'packed') found.push('packed');
    else width = type.width;
    type = type.type;
  }
  return { type, width, attributes: found.length === 0 ? '' : ` __attribute__((${found.join(', ')}))` };
}

// ---- Structs, unions, enums

function body(node: RecordNode, { path, pack }: Place): Piece {
  const attributes = [
    ...(node.isPacked ? ['packed'] : []),
    ...(node.align === null ? [] : [`aligned(${node.align})`]),
    ...(node.order === null ? [] : [`scalar_storage_order("${node.order}-endian")`]),
    ...(node.rules === null ? [] : [node.rules]),
  ];
  const lines: Line[] = [{ text: `${opening(node, attributes)} {`, path }];
  for (const [name, value] of node.constants) {
    const type =
      BigInt.asIntN(32, BigInt(value)) === BigInt(value) ? 'int' : BigInt(value) >= 1n << 63n ? 'unsigned long long' : 'long long';
    lines.push({ text: `  static const ${type} ${name} = ${literal(value)};`, path: `${path}.${name}` });
  }
  for (const one of node.members) {
    for (const { text, path: at } of member(one, { path, pack })) lines.push({ text: text.startsWith('#') ? text : `  ${text}`, path: at });
  }
  // What is in force at the closing brace counts, and what is written around a body would count for those in it, too.
  const isOther = node.pack !== pack;
  if (isOther && node.pack !== null) lines.push({ text: `#pragma pack(push, ${node.pack})`, path });
  else if (isOther) lines.push({ text: '#pragma pack(push)', path }, { text: '#pragma pack()', path });
  lines.push({ text: '}', path });
  return { lines, pops: isOther ? 1 : 0 };
}

function opening(node: RecordNode | EnumNode, attributes: readonly string[]): string {
  const words = [node.kind, attributes.length === 0 ? '' : `__attribute__((${attributes.join(', ')}))`, node.tag ?? ''];
  return words.filter((word) => word !== '').join(' ');
}

function member({ name, type: whole }: MemberNode, { path: parent, pack }: Place): Line[] {
  const path = name === '' ? parent : `${parent}.${name}`;
  const { type, width, attributes } = attributesOf(whole);
  const piece = written(type, name, { path, pack });
  // Behind the body of an unnamed member they would be those of the struct.
  if (name === '' && width === null) return started(attributes === '' ? '' : `${attributes.trim()} `, ended(piece, '', path));
  return ended(piece, `${width === null ? '' : ` : ${width}`}${attributes}`, path);
}

function enumBody(node: EnumNode, path: string): Line[] {
  const head = `${opening(node, node.attribute === null ? [] : [node.attribute])}${node.underlying === null ? '' : ` : ${node.underlying}`} {`;
  const values = node.values.map(([name, value]) => ({ text: `  ${name} = ${literal(value)},`, path: `${path}.${name}` }));
  return [{ text: head, path }, ...values, { text: '}', path }];
}

// ---- Types around declarators

function written(node: TypeNode, declarator: string, place: Place): Piece {
  let inner = declarator;
  let isConst = false;
  let isVolatile = false;
  const qualifiers = (): string => `${isConst ? 'const ' : ''}${isVolatile ? 'volatile ' : ''}`;
  let type = node;
  while (true) {
    switch (type.kind) {
      case 'qualified':
        isConst ||= type.isConst;
        isVolatile ||= type.isVolatile;
        type = type.type;
        continue;
      case 'pointer':
      case 'reference':
        inner = `${type.kind === 'pointer' ? '*' : '&'}${qualifiers()}${inner}`.trimEnd();
        isConst = isVolatile = false;
        if (bindsTighter(type.type)) inner = `(${inner})`;
        type = type.type;
        continue;
      case 'array':
        inner += `[${type.length ?? ''}]`;
        type = type.type;
        continue;
      case 'function': {
        const parameters = type.parameters.map(({ name, type: one }) => flat(written(one, name, place)));
        if (type.isVariadic) parameters.push('...');
        inner += `(${parameters.join(', ') || 'void'})`;
        type = type.result;
        continue;
      }
    }
    const { lines, pops } = leaf(type, place);
    return { lines: followed(started(qualifiers(), lines), inner === '' ? '' : ` ${inner}`, place.path), pops };
  }
}

// Bodies do not stand in parameters, so that there is one line.
function flat({ lines }: Piece): string {
  return lines.map(({ text }) => text.trim()).join(' ');
}

function bindsTighter(node: TypeNode): boolean {
  let type = node;
  while (type.kind === 'qualified') type = type.type;
  return type.kind === 'array' || type.kind === 'function';
}

type LeafNode = Exclude<TypeNode, { kind: 'pointer' | 'reference' | 'array' | 'function' | 'qualified' }>;

function leaf(node: LeafNode, place: Place): Piece {
  const one = (text: string): Piece => ({ lines: [{ text, path: place.path }], pops: 0 });
  switch (node.kind) {
    case 'name':
    case 'typedef':
      return one(node.name);
    case 'struct':
    case 'union':
      return node.tag === null ? body(node, place) : one(`${node.kind} ${node.tag}`);
    case 'enum':
      return node.tag === null ? { lines: enumBody(node, place.path), pops: 0 } : one(`enum ${node.tag}`);
    case 'ordered': {
      if (node.order === 'little') return written(node.type, '', place);
      const named = node.type.kind === 'name' ? BIG_ENDIAN.get(node.type.name) : undefined;
      if (named !== undefined) return one(named);
      const of = flat(written(node.type, 'x', place));
      return one(`__typeof__(((struct __attribute__((scalar_storage_order("big-endian"))) { ${of}; } *)0)->x)`);
    }
    case 'vector':
      return typeofText(node.type, `vector_size(${node.size})`, place);
    case 'aligned':
      return typeofText(node.type, `aligned(${node.align})`, place);
    case 'packed':
    case 'bits':
      // Of a member only, which is where these are read.
      return written(node.type, '', place);
    default:
      return unreachable(node);
  }
}

function typeofText(node: TypeNode, attribute: string, place: Place): Piece {
  const { lines, pops } = written(node, '', place);
  // In front it is of the whole type, wherever that has parentheses or a body.
  return { lines: followed(started(`__typeof__(__attribute__((${attribute})) `, lines), ')', place.path), pops };
}
