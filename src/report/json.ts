/**
 * Declarations as data: what `cdef layout --json` prints, and other tools read.
 * @module
 */
import {
  type Abi,
  type CType,
  type Field,
  isRecord,
  isTransparent,
  leastAlign,
  type Namespace,
  printFieldType,
  printType,
  type RecordType,
  type TaggedType,
} from '../ctype/index.ts';

/** A number, or a string of digits beyond 2^53. */
export type JsonInteger = number | string;

/**
 * A placed member. Offsets are bytes from the start of the type that lists it; bits count from its start too. Members of
 * a body without a tag are listed with each member of that type; hostile text can make that many, and then they are not.
 */
export type JsonMember =
  | { name: string; type: string; offset: number; size: number; members?: JsonMember[] }
  | { name: string; type: string; bitOffset: number; bitSize: number };

export interface JsonType {
  name: string;
  kind: 'struct' | 'union';
  size: number;
  align: number;
  members: JsonMember[];
  constants?: Record<string, JsonInteger>;
}

export interface JsonEnum {
  name: string;
  size: number;
  signed: boolean;
  constants: Record<string, JsonInteger>;
}

/** All that a namespace declares. Alignments are what C's `_Alignof` says. */
export interface JsonLayout {
  abi: string;
  types: JsonType[];
  enums: JsonEnum[];
  typedefs: Record<string, { type: string; size: number | null; align: number }>;
  constants: Record<string, JsonInteger>;
  functions: string[];
}

function integer(value: number | bigint): JsonInteger {
  return typeof value === 'bigint' ? String(value) : value;
}

// Built with defineProperty: `__proto__` is a C name like any other.
function record<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const object: Record<string, T> = {};
  for (const [name, value] of entries) Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  return object;
}

/** How many members of untagged bodies are listed that were listed before. */
const MOST_REPEATED = 10_000;

// Untagged bodies that are listed already, and how many members may still be repeated.
interface Listed {
  readonly bodies: Set<TaggedType['definition']>;
  repeats: number;
}

/** The layouts and names of a namespace. */
export function layoutAsJson(space: Namespace): JsonLayout {
  const names = typeNames(space);
  const types: JsonType[] = [];
  const enums: JsonEnum[] = [];
  const listed: Listed = { bodies: new Set(), repeats: MOST_REPEATED };
  for (const type of space.completed) {
    const name = names.get(type.definition);
    if (type.kind === 'enum') {
      const { size, isSigned, constants } = type.definition.layout as NonNullable<typeof type.definition.layout>;
      enums.push({
        name: name ?? printType(type),
        size,
        signed: isSigned,
        constants: record([...constants].map(([key, value]) => [key, integer(value)] as const)),
      });
    } else if (name !== undefined) {
      types.push(typeAsJson(type, name, alignOf(space, type, name), listed));
    }
  }
  const { abi } = space.types;
  const named = [...space.names];
  const enumerators = new Set(enums.flatMap((one) => Object.keys(one.constants)));
  return {
    abi: abi.name,
    types,
    enums,
    typedefs: record(named.flatMap(([name, entry]) => (entry.kind === 'typedef' ? [[name, typedef(entry.type, abi)] as const] : []))),
    constants: record(
      named.flatMap(([name, entry]) =>
        entry.kind === 'constant' && !enumerators.has(name) ? [[name, integer(entry.value)] as const] : [],
      ),
    ),
    functions: named.flatMap(([name, entry]) => (entry.kind === 'function' ? [name] : [])),
  };
}

/** Names of complete structs, unions and enums: by tag, or by the first typedef of an untagged body. */
export function typeNames(space: Namespace): Map<TaggedType['definition'], string> {
  const names = new Map<TaggedType['definition'], string>();
  for (const type of space.completed) if (type.definition.tag !== null) names.set(type.definition, printType(type));
  for (const [name, entry] of space.names) {
    if (entry.kind !== 'typedef') continue;
    const { type } = entry;
    if ((isRecord(type) || type.kind === 'enum') && !names.has(type.definition)) names.set(type.definition, name);
  }
  return names;
}

function typedef(type: CType, abi: Abi): { type: string; size: number | null; align: number } {
  return { type: withoutIds(printType(type)), size: type.size, align: leastAlign(type, abi) };
}

/** Bodies without a tag are `struct {...}` in a listing. */
export function withoutIds(text: string): string {
  return text.replace(/(struct|union|enum) <\d+>/g, '$1 {...}');
}

// A type that is known by its typedef has the alignment the typedef gives it.
function alignOf(space: Namespace, type: RecordType, name: string): number {
  const entry = space.names.get(name);
  return leastAlign(type.definition.tag === null && entry?.kind === 'typedef' ? entry.type : type, space.types.abi);
}

function typeAsJson(type: RecordType, name: string, align: number, listed: Listed): JsonType {
  const layout = type.definition.layout as NonNullable<typeof type.definition.layout>;
  const json: JsonType = { name, kind: type.kind, size: layout.size, align, members: membersOf(type, 0, listed) };
  if (layout.constants.size > 0) json.constants = record([...layout.constants].map(([key, value]) => [key, integer(value)] as const));
  return json;
}

/** The members of a struct; those of transparent members stand among them. */
function membersOf(type: RecordType, base: number, listed: Listed): JsonMember[] {
  const members: JsonMember[] = [];
  for (const field of type.definition.layout?.fields ?? []) {
    if (isTransparent(field) && isRecord(field.type)) members.push(...membersOf(field.type, base + field.offset, listed));
    else members.push(memberAsJson(field, base, listed));
  }
  return members;
}

function memberAsJson(field: Field, base: number, listed: Listed): JsonMember {
  const { name, type } = field;
  const shown = withoutIds(printFieldType(field));
  if (field.bits !== null) {
    return { name, type: shown, bitOffset: field.bits.bitOffset + base * 8, bitSize: field.bits.bitWidth };
  }
  const member = { name, type: shown, offset: base + field.offset, size: type.size ?? 0 };
  const element = elementOf(type);
  if (!isRecord(element) || element.definition.tag !== null) return member;
  const { definition } = element;
  if (listed.bodies.has(definition)) listed.repeats -= definition.layout?.fields.length ?? 0;
  if (listed.repeats < 0) return member;
  listed.bodies.add(definition);
  return { ...member, members: membersOf(element, 0, listed) };
}

function elementOf(type: CType): CType {
  let element = type;
  while (element.kind === 'array') element = element.element;
  return element;
}
