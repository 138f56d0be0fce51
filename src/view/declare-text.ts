/**
 * C declarations that have been described (`ctype/nodes.ts`), as C text: what `toC` gives, and people read.
 *
 * What C cannot say of a type where it stands, such as the alignment of an array's elements, is written
 * with `__typeof__`; a byte order of its own other than those of `be32_t` and the like as that of a big-endian struct's member.
 * @module
 */
import {
  bigEndianName,
  type DeclarationNode,
  type EnumNode,
  type MemberNode,
  type RecordNode,
  strip,
  type Stripped,
  type TypeNode,
} from '../ctype/index.ts';
import { unreachable } from '../util/assert.ts';

/** A declaration of its own, with the names of its kind: `struct s`, `T`. */
export interface DeclarationText {
  readonly key: string | null;
  readonly node: DeclarationNode;
  readonly lines: readonly string[];
}

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

/** A type as in a cast, without what it needs: `struct s *[4]`. */
export function typeText(node: TypeNode): string[] {
  // As a member, an alignment is the member's; here it is the type's.
  return written(node, '', null).lines;
}

/** What a mistake in an unnamed type is said to be in. */
export function pathOf(node: DeclarationNode): string {
  if (isTagged(node)) return node.tag === null ? `${node.kind} {...}` : `${node.kind} ${node.tag}`;
  return 'name' in node ? node.name : flat(typeText(node));
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
    this.declarations.push({ key: null, node: { kind: 'name', name: tag }, lines: [`${tag};`] });
  }

  #push(node: DeclarationNode, key: string | null): void {
    this.declarations.push({ key, node, lines: declaration(node) });
  }
}

// ---- Declarations

/** Lines, and how many `#pragma pack(pop)` belong behind the semicolon. */
interface Piece {
  readonly lines: string[];
  readonly pops: number;
}

const POP = '#pragma pack(pop)';

function declaration(node: DeclarationNode): string[] {
  switch (node.kind) {
    case 'struct':
    case 'union': {
      const lines = ended(body(node, node.pack), '');
      return node.pack === null ? lines : [`#pragma pack(push, ${node.pack})`, ...lines, POP];
    }
    case 'enum':
      return ended({ lines: enumBody(node), pops: 0 }, '');
    case 'typedef': {
      const stripped = strip(node.type);
      return started('typedef ', ended(written(stripped.type, node.name, null), attributesText(stripped)));
    }
    case 'variable':
      return started('extern ', ended(written(node.type, node.name, null), ''));
    case 'prototype':
      return ended(written(node.type, node.name, null), '');
    case 'constant':
      return started('static const ', ended(written(node.type, node.name, null), ` = ${literal(node.value)}`));
    default:
      return ended(written(node, '', null), '');
  }
}

function started(text: string, [first, ...rest]: readonly string[]): string[] {
  return first === undefined ? [] : [text + first, ...rest];
}

function followed(lines: readonly string[], text: string): string[] {
  const last = lines.at(-1);
  return last === undefined ? [] : [...lines.slice(0, -1), last + text];
}

function ended({ lines, pops }: Piece, text: string): string[] {
  return [...followed(lines, `${text};`), ...Array.from({ length: pops }, () => POP)];
}

function attributesText({ aligns, isPacked }: Stripped): string {
  const found = [...aligns.map((align) => `aligned(${align})`), ...(isPacked ? ['packed'] : [])];
  return found.length === 0 ? '' : ` __attribute__((${found.join(', ')}))`;
}

// ---- Structs, unions, enums

// `pack` is the `#pragma pack` in force around it.
function body(node: RecordNode, pack: number | null): Piece {
  const attributes = [
    ...(node.isPacked ? ['packed'] : []),
    ...(node.align === null ? [] : [`aligned(${node.align})`]),
    ...(node.order === null ? [] : [`scalar_storage_order("${node.order}-endian")`]),
    ...(node.rules === null ? [] : [node.rules]),
  ];
  const lines = [`${opening(node, attributes)} {`];
  for (const [name, value] of node.constants) {
    const type =
      BigInt.asIntN(32, BigInt(value)) === BigInt(value) ? 'int' : BigInt(value) >= 1n << 63n ? 'unsigned long long' : 'long long';
    lines.push(`  static const ${type} ${name} = ${literal(value)};`);
  }
  for (const one of node.members) for (const text of member(one, pack)) lines.push(text.startsWith('#') ? text : `  ${text}`);
  // What is in force at the closing brace counts, and what is written around a body would count for those in it, too.
  const isOther = node.pack !== pack;
  if (isOther && node.pack !== null) lines.push(`#pragma pack(push, ${node.pack})`);
  else if (isOther) lines.push('#pragma pack(push)', '#pragma pack()');
  lines.push('}');
  return { lines, pops: isOther ? 1 : 0 };
}

function opening(node: RecordNode | EnumNode, attributes: readonly string[]): string {
  const words = [node.kind, attributes.length === 0 ? '' : `__attribute__((${attributes.join(', ')}))`, node.tag ?? ''];
  return words.filter((word) => word !== '').join(' ');
}

function member({ name, type: whole }: MemberNode, pack: number | null): string[] {
  const stripped = strip(whole);
  const { type, width } = stripped;
  const attributes = attributesText(stripped);
  const piece = written(type, name, pack);
  // Behind the body of an unnamed member they would be those of the struct.
  if (name === '' && width === null) return started(attributes === '' ? '' : `${attributes.trim()} `, ended(piece, ''));
  return ended(piece, `${width === null ? '' : ` : ${width}`}${attributes}`);
}

function enumBody(node: EnumNode): string[] {
  const head = `${opening(node, node.attribute === null ? [] : [node.attribute])}${node.underlying === null ? '' : ` : ${node.underlying}`} {`;
  return [head, ...node.values.map(([name, value]) => `  ${name} = ${literal(value)},`), '}'];
}

// ---- Types around declarators

function written(node: TypeNode, declarator: string, pack: number | null): Piece {
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
        const parameters = type.parameters.map(({ name, type: one }) => flat(written(one, name, pack).lines));
        if (type.isVariadic) parameters.push('...');
        inner += `(${parameters.join(', ') || 'void'})`;
        type = type.result;
        continue;
      }
    }
    const { lines, pops } = leaf(type, pack);
    return { lines: followed(started(qualifiers(), lines), inner === '' ? '' : ` ${inner}`), pops };
  }
}

// Bodies do not stand in parameters, so that there is one line.
function flat(lines: readonly string[]): string {
  return lines.map((text) => text.trim()).join(' ');
}

function bindsTighter(node: TypeNode): boolean {
  let type = node;
  while (type.kind === 'qualified') type = type.type;
  return type.kind === 'array' || type.kind === 'function';
}

type LeafNode = Exclude<TypeNode, { kind: 'pointer' | 'reference' | 'array' | 'function' | 'qualified' }>;

function leaf(node: LeafNode, pack: number | null): Piece {
  const one = (text: string): Piece => ({ lines: [text], pops: 0 });
  switch (node.kind) {
    case 'name':
    case 'typedef':
      return one(node.name);
    case 'struct':
    case 'union':
      return node.tag === null ? body(node, pack) : one(`${node.kind} ${node.tag}`);
    case 'enum':
      return node.tag === null ? { lines: enumBody(node), pops: 0 } : one(`enum ${node.tag}`);
    case 'ordered': {
      if (node.order === 'little') return written(node.type, '', pack);
      const named = bigEndianName(node.type);
      if (named !== undefined) return one(named);
      const of = flat(written(node.type, 'x', pack).lines);
      return one(`__typeof__(((struct __attribute__((scalar_storage_order("big-endian"))) { ${of}; } *)0)->x)`);
    }
    case 'vector':
      return typeofText(node.type, `vector_size(${node.size})`, pack);
    case 'aligned':
      return typeofText(node.type, `aligned(${node.align})`, pack);
    case 'packed':
    case 'bits':
      // Of a member only, which is where these are read.
      return written(node.type, '', pack);
    default:
      return unreachable(node);
  }
}

function typeofText(node: TypeNode, attribute: string, pack: number | null): Piece {
  const { lines, pops } = written(node, '', pack);
  // In front it is of the whole type, wherever that has parentheses or a body.
  return { lines: followed(started(`__typeof__(__attribute__((${attribute})) `, lines), ')'), pops };
}
