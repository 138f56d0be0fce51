/**
 * C declarations in TypeScript: `struct('point', { x: int16, y: int16 })` describes what `struct point { int16_t x, y; };` declares.
 *
 * A description belongs to no ABI and no `Cdef`; `c.declare(description)` or `c.typeof(description)` brings it, with all that it
 * refers to, into one. Layouts and refusals are those of C text.
 * A string stands for a type by its name in C, such as `'unsigned long'` or `'struct node'`.
 * @module
 */
import { KEYWORDS } from '../cparser/keywords.ts';
import { type DeclarationNode, isTypeNode, type MemberNode, type RecordNode, type TypeNode } from '../ctype/index.ts';
import { declarationsOf, typeText } from './declare-text.ts';
import type { Empty } from './shapes.ts';

/** The key of what a description says. */
export const NODE: unique symbol = Symbol('node');
/** What a description is of, in the type system alone. */
declare const SHAPE: unique symbol;

/** A description of a C type or declaration: immutable, made by `struct`, `array`, `typedef` and the like. */
export class Description<out Shape = unknown> {
  declare readonly [SHAPE]?: Shape;
  /** @internal */
  readonly [NODE]: DeclarationNode;
  /** How deep descriptions contain descriptions, and how many there are where it is written out. */
  readonly #depth: number;
  readonly #weight: number;

  /** @internal */
  constructor(node: DeclarationNode, parts: readonly Description[] = []) {
    this[NODE] = node;
    this.#depth = 1 + parts.reduce((most, part) => Math.max(most, part.#depth), 0);
    const weight = parts.reduce((sum, part) => sum + (hasName(part[NODE]) ? 1 : part.#weight), 1);
    this.#weight = weight;
    if (this.#depth > MAX_DEPTH) throw new RangeError(`description nested deeper than ${MAX_DEPTH} levels`);
    if (weight > MAX_WEIGHT) throw new RangeError(`description with more than ${MAX_WEIGHT} parts; give a tag to what repeats`);
    Object.freeze(this);
  }

  /** The C text of the declaration, without those it needs; see `toC` in `cdef/report`. */
  toString(): string {
    const node = this[NODE];
    const lines = isTypeNode(node) && !hasName(node) ? typeText(node) : (declarationsOf([node]).at(-1)?.lines ?? []);
    return lines.join('\n');
  }
}

/** Limits of one description; C text has such limits too. */
const MAX_DEPTH = 400;
const MAX_WEIGHT = 100_000;

function hasName(node: DeclarationNode): boolean {
  return 'tag' in node ? node.tag !== null : 'name' in node && node.kind !== 'name';
}

/** A type: a description of one, or its name in C. */
export type Type = string | Description;

/** Members by name, in order. */
export type Fields = { readonly [name: string]: Type };

/**
 * Members in parts: objects of named members, and between them what C leaves without a name, which is structs and unions whose
 * members are the parent's, and bit-fields.
 */
export type Parts = readonly (Fields | Description)[];

export interface RecordOptions<C extends Constants = Constants> {
  /** No padding, as `__attribute__((packed))`. */
  readonly packed?: boolean;
  /** The least alignment in bytes, a power of two. */
  readonly align?: number;
  /** The greatest alignment of members in bytes, as `#pragma pack(n)`. */
  readonly pack?: 1 | 2 | 4 | 8 | 16;
  /** The byte order of all numbers and bit-fields in it; `little` by default. */
  readonly order?: 'little' | 'big';
  /** Microsoft's or gcc's placement of bit-fields, where the ABI leaves the choice. */
  readonly rules?: 'ms_struct' | 'gcc_struct';
  /** `static const` members: `c.typeof(type).NAME`. */
  readonly constants?: C;
}

/** Constants by name. */
export type Constants = { readonly [name: string]: number | bigint };

// ---- Shapes

export interface NameShape<Name> {
  readonly kind: 'name';
  readonly name: Name;
}
/** What has the value of another type: qualified, aligned, a bit-field. */
export interface SameShape<Kind, T> {
  readonly kind: Kind;
  readonly type: T;
}
export interface ArrayShape<T, N> {
  readonly kind: 'array';
  readonly type: T;
  readonly length: N;
}
export interface RecordShape<Kind, Tag, F, C> {
  readonly kind: Kind;
  readonly tag: Tag;
  readonly fields: F;
  readonly constants: C;
}
export interface EnumShape<Tag, V, T> {
  readonly kind: 'enum';
  readonly tag: Tag;
  readonly values: V;
  readonly underlying: T;
}
export interface FunctionShape<R, P, V> {
  readonly kind: 'function';
  readonly result: R;
  readonly parameters: P;
  readonly variadic: V;
}
export interface NamedShape<Kind, Name, T> {
  readonly kind: Kind;
  readonly name: Name;
  readonly type: T;
}

// ---- Checks

// `{ __proto__: int }` has a description's prototype, and is none.
function isDescription(value: unknown): value is Description {
  return value instanceof Description && Object.hasOwn(value, NODE);
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'object' && value !== null ? `an object` : String(value);
}

const IDENTIFIER = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u;
const WORDS = /^[A-Za-z_]\w*(?: [A-Za-z_]\w*)*$/;

function checkName(what: string, name: unknown): string {
  if (typeof name !== 'string' || !IDENTIFIER.test(name)) throw new TypeError(`${what}: expected a name, got ${show(name)}`);
  if (KEYWORDS.has(name) || name === '_Pragma') throw new TypeError(`${what}: '${name}' is a word of C's own`);
  return name;
}

function checkWhole(what: string, value: unknown, least: number): number {
  if (typeof value !== 'number') throw new TypeError(`${what} must be a number, got ${show(value)}`);
  if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`${what} must be a whole number from ${least}, got ${value}`);
  return value;
}

// A type that was given, which is the name of one or a description; `where` names the place for errors.
function described(where: string, type: unknown): Description {
  if (typeof type !== 'string') {
    if (isDescription(type) && isTypeNode(type[NODE])) return type;
    throw new TypeError(`${where}: expected a type or the name of one, got ${isDescription(type) ? type[NODE].kind : show(type)}`);
  }
  const isName =
    WORDS.test(type) && type.split(' ').every((word) => ['base', 'qualifier', 'tagged', undefined].includes(KEYWORDS.get(word)?.kind));
  if (!isName) throw new TypeError(`${where}: expected the name of a type such as 'unsigned long' or 'struct node', got ${show(type)}`);
  return new Description({ kind: 'name', name: type });
}

// The type of what is no member, which has no width.
function typeOf(where: string, type: unknown): { part: Description; node: TypeNode } {
  const part = described(where, type);
  const node = part[NODE] as TypeNode;
  if (isMemberOnly(node)) throw new TypeError(`${where}: a bit-field is a member of a struct or union`);
  return { part, node };
}

function isMemberOnly(node: TypeNode): boolean {
  return node.kind === 'bits' || (node.kind === 'aligned' && isMemberOnly(node.type));
}

function plainEntries<T>(what: string, object: { readonly [name: string]: T }): [string, T][] {
  if (typeof object !== 'object' || object === null || Array.isArray(object) || isDescription(object))
    throw new TypeError(`${what}: expected an object, got ${show(object)}`);
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new TypeError(`${what}: expected a plain object; a member '__proto__' is written ['__proto__']`);
  return Object.entries(object);
}

// ---- Structs, unions, enums

/**
 * A struct. With a tag it is `struct tag` to C; without one it may be an unnamed part of another struct, whose members it shares.
 * @param fields members by name, or a list where some have none
 * @throws {TypeError} for names that C does not have, or what is no type
 * @throws {RangeError} for alignments that are no powers of two
 * @example
 * const point = struct('point', { x: be(int16), y: be(int16) }, { packed: true });
 * const c = cdef(point); // as cdef('struct __attribute__((packed)) point { sbe16_t x; sbe16_t y; };')
 * c.typeof(point).view(new Uint8Array(4)).x = 5;
 */
export function struct<const Tag extends string, const F extends Fields | Parts, const C extends Constants = Empty>(
  tag: Tag,
  fields: F,
  options?: RecordOptions<C>,
): Description<RecordShape<'struct', Tag, F, C>>;
export function struct<const F extends Fields | Parts, const C extends Constants = Empty>(
  fields: F,
  options?: RecordOptions<C>,
): Description<RecordShape<'struct', null, F, C>>;
export function struct(...given: unknown[]): Description<never> {
  return record('struct', given as RecordArguments);
}

/** A union; as `struct`. */
export function union<const Tag extends string, const F extends Fields | Parts, const C extends Constants = Empty>(
  tag: Tag,
  fields: F,
  options?: RecordOptions<C>,
): Description<RecordShape<'union', Tag, F, C>>;
export function union<const F extends Fields | Parts, const C extends Constants = Empty>(
  fields: F,
  options?: RecordOptions<C>,
): Description<RecordShape<'union', null, F, C>>;
export function union(...given: unknown[]): Description<never> {
  return record('union', given as RecordArguments);
}

type RecordArguments = [string, Fields | Parts, RecordOptions?] | [Fields | Parts, RecordOptions?];

function record(kind: 'struct' | 'union', given: RecordArguments): Description<never> {
  const [tag, fields, options = {}] = (typeof given[0] === 'string' ? given : [null, ...given]) as [
    string | null,
    Fields | Parts,
    RecordOptions?,
  ];
  if (tag !== null) checkName(kind, tag);
  const where = tag === null ? kind : `${kind} ${tag}`;
  const order = options.order ?? null;
  if (order !== null && order !== 'big' && order !== 'little')
    throw new TypeError(`${where}: order must be 'big' or 'little', got ${show(order)}`);
  const { align, pack, packed, rules = null, constants = {} } = options;
  if (rules !== null && rules !== 'ms_struct' && rules !== 'gcc_struct')
    throw new TypeError(`${where}: rules must be 'ms_struct' or 'gcc_struct', got ${show(rules)}`);
  const parts: Description[] = [];
  const members: MemberNode[] = [];
  const names = new Set<string>();
  const add = (name: string, part: Description): void => {
    const path = `${where}.${name}`;
    if (name !== '') unique(path, name, names);
    if (order === 'big' && isLittle(part[NODE])) throw new TypeError(`${path}: little-endian, in a struct whose order is 'big'`);
    parts.push(part);
    members.push({ name, type: part[NODE] as TypeNode });
  };
  for (const part of Array.isArray(fields) ? (fields as Parts) : [fields as Fields]) {
    if (isDescription(part)) add('', unnamed(where, part, names));
    else for (const [name, type] of plainEntries(where, part)) add(name, described(`${where}.${name}`, type));
  }
  const node: RecordNode = {
    kind,
    tag,
    members,
    constants: plainEntries(where, constants).map(([name, value]) => [
      unique(`${where}.${name}`, name, names),
      whole(`${where}.${name}`, value),
    ]),
    isPacked: packed === true,
    align: align === undefined ? null : powerOfTwo(`${where}: align`, align),
    pack: pack === undefined ? null : powerOfTwo(`${where}: pack`, pack),
    order,
    rules,
  };
  return new Description(node, parts);
}

function unique(path: string, name: string, names: Set<string>): string {
  checkName(path, name);
  if (names.has(name)) throw new TypeError(`${path}: duplicate member '${name}'`);
  names.add(name);
  return name;
}

function whole(what: string, value: unknown): number | bigint {
  if (typeof value !== 'bigint' && typeof value !== 'number') throw new TypeError(`${what} must be a number or bigint, got ${show(value)}`);
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError(`${what} must be a whole number, got ${value}`);
  if (value < -(2n ** 63n) || value >= 2n ** 64n) throw new RangeError(`${what} needs more than 64 bits: ${value}`);
  return value;
}

function powerOfTwo(what: string, value: unknown): number {
  const number = checkWhole(what, value, 1);
  if (2 ** Math.round(Math.log2(number)) !== number) throw new RangeError(`${what} must be a power of two, got ${number}`);
  return number;
}

// A part of a struct that has no name; its members get into `names`.
function unnamed(where: string, part: Description, names: Set<string>): Description {
  const node = part[NODE];
  if (isMemberOnly(node as TypeNode)) return part;
  const inner = node.kind === 'aligned' ? node.type : node;
  if ((inner.kind !== 'struct' && inner.kind !== 'union') || inner.tag !== null)
    throw new TypeError(`${where}: only untagged structs and unions, and bit-fields, stand without a name; got ${inner.kind}`);
  for (const name of namesIn(inner)) unique(`${where}.${name}`, name, names);
  return part;
}

function namesIn(node: RecordNode): string[] {
  const members = node.members.flatMap(({ name, type }) => {
    const inner = type.kind === 'aligned' ? type.type : type;
    if (name !== '') return [name];
    return inner.kind === 'struct' || inner.kind === 'union' ? namesIn(inner) : [];
  });
  return [...members, ...node.constants.map(([name]) => name)];
}

// Whether it, or the elements of it, are little-endian because somebody said so.
function isLittle(node: DeclarationNode): boolean {
  if (node.kind === 'ordered') return node.order === 'little';
  const isAround =
    node.kind === 'array' || node.kind === 'qualified' || node.kind === 'aligned' || node.kind === 'bits' || node.kind === 'typedef';
  return isAround && isLittle(node.type);
}

export interface EnumOptions<T extends Type = Type> {
  /** The integer type it has (C23), by its name or description; by default C chooses. */
  readonly type?: T;
  /** The smallest integer type that holds the values, as `__attribute__((packed))`. */
  readonly packed?: boolean;
}

/**
 * An enum, whose enumerators become constants: `c.C.NAME`.
 * @example
 * const op = enumeration('bootp_op', { BOOTREQUEST: 1, BOOTREPLY: 2 }, { type: uint8 });
 */
export function enumeration<const Tag extends string, const V extends Constants, T extends Type = 'int'>(
  tag: Tag,
  values: V,
  options?: EnumOptions<T>,
): Description<EnumShape<Tag, V, T>>;
export function enumeration<const V extends Constants, T extends Type = 'int'>(
  values: V,
  options?: EnumOptions<T>,
): Description<EnumShape<null, V, T>>;
export function enumeration(...given: unknown[]): Description<never> {
  const [tag, values, options = {}] = (typeof given[0] === 'string' ? given : [null, ...given]) as [string | null, Constants, EnumOptions?];
  if (tag !== null) checkName('enum', tag);
  const where = tag === null ? 'enum' : `enum ${tag}`;
  const entries = plainEntries(where, values).map(([name, value]) => {
    const path = `${where}.${name}`;
    return [checkName(path, name), whole(path, value)] as const;
  });
  if (entries.length === 0) throw new TypeError(`${where}: expected enumerators`);
  const { type, packed } = options;
  const underlying = type === undefined ? null : described(`${where}: type`, type)[NODE];
  if (underlying !== null && underlying.kind !== 'name') throw new TypeError(`${where}: type must be an integer type`);
  return new Description({
    kind: 'enum',
    tag,
    values: entries,
    attribute: packed === true ? 'packed' : null,
    underlying: underlying?.name ?? null,
  });
}

// ---- Derived types

/** A pointer to `type`; `pointer('struct node')` for what is declared elsewhere, or around it. */
export function pointer<const T extends Type>(type: T): Description<SameShape<'pointer', T>> {
  const { part, node } = typeOf('pointer', type);
  return new Description({ kind: 'pointer', type: node }, [part]);
}

/**
 * An array of `length` elements. Without a length it is the flexible array at the end of a struct; with `'?'` that struct is
 * LuaJIT's, whose objects are made with a length each.
 * @throws {RangeError} for a length that is no whole number
 */
export function array<const T extends Type, const N extends number | '?' | null = null>(
  type: T,
  length?: N,
): Description<ArrayShape<T, N>> {
  const { part, node } = typeOf('array', type);
  const count = length === undefined || length === null || length === '?' ? (length ?? null) : checkWhole('array: length', length, 0);
  return new Description({ kind: 'array', type: node, length: count as number | null | '?' }, [part]);
}

/**
 * A bit-field of `width` bits, as a member. In a list of parts it has no name: padding, and with width 0 the end of a unit.
 * @throws {RangeError} for a width that is no whole number; one that `type` does not have is refused where it is declared
 */
export function bits<const T extends Type>(type: T, width: number): Description<SameShape<'bits', T>> {
  const { part, node } = typeOf('bits', type);
  return new Description({ kind: 'bits', type: node, width: checkWhole('bits: width', width, 0) }, [part]);
}

/**
 * `type` aligned to at least `align` bytes.
 * @throws {RangeError} where that is no power of two
 */
export function aligned<const T extends Type>(align: number, type: T): Description<SameShape<'aligned', T>> {
  const part = described('aligned', type);
  return new Description({ kind: 'aligned', type: part[NODE] as TypeNode, align: powerOfTwo('aligned: alignment', align) }, [part]);
}

/** `const` `type`: views do not write it. */
export function constant<const T extends Type>(type: T): Description<SameShape<'const', T>> {
  const { part, node } = typeOf('constant', type);
  if (node.kind === 'function') throw new TypeError('constant: a function has no qualifiers');
  return new Description({ kind: 'qualified', type: node, isConst: true, isVolatile: false }, [part]);
}

/** A number type, an enum or an array of these, in big-endian byte order. */
export function be<const T extends Type>(type: T): Ordered<T> {
  return ordered('be', described('be', type), 'big') as Ordered<T>;
}

/** The same in little-endian order, which is the default. */
export function le<const T extends Type>(type: T): Ordered<T> {
  return ordered('le', described('le', type), 'little') as Ordered<T>;
}

/** What `be` and `le` answer: the type behind a typedef, which is of another order itself. */
export type Ordered<T> = T extends string
  ? Description<NameShape<T>>
  : T extends Description<NamedShape<'typedef', string, infer U>>
    ? Ordered<U>
    : T;

// Base words and names whose byte order is known to change nothing, or to be there.
const BYTES = /^(?:(?:(?:un)?signed )?char|u?int(?:_least|_fast)?8_t|_?[Bb]ool)$/;
const NUMBERS =
  /^(?:(?:(?:un)?signed|short|int|long|float|double|_Float16|_Float128|_Decimal(?:32|64|128)|__int128|_Complex)(?: |$))+$|^(?:u?int(?:_least|_fast)?(?:16|32|64|128|ptr|max)|s?size|ptrdiff|wchar|char16|char32)_t$/;

function ordered(what: 'be' | 'le', part: Description, order: 'big' | 'little'): Description {
  const node = part[NODE] as TypeNode;
  switch (node.kind) {
    case 'array':
    case 'qualified':
    case 'aligned':
    case 'bits': {
      const inner = ordered(what, new Description(node.type), order);
      return new Description({ ...node, type: inner[NODE] as TypeNode }, [part]);
    }
    case 'typedef':
    case 'ordered':
      return ordered(what, new Description(node.type), order);
    case 'enum':
      return new Description({ kind: 'ordered', order, type: node }, [part]);
    case 'name':
      if (BYTES.test(node.name)) return part;
      if (NUMBERS.test(node.name)) return new Description({ kind: 'ordered', order, type: node }, [part]);
      throw new TypeError(`${what}: '${node.name}' is not known to be a number`);
    case 'struct':
    case 'union':
      throw new TypeError(`${what}: a ${node.kind} takes the option 'order'`);
    default:
      throw new TypeError(`${what}: expected a number type, got ${node.kind}`);
  }
}

// ---- Names and functions

/** `typedef type name;`, which is also used as that type. */
export function typedef<const Name extends string, const T extends Type>(name: Name, type: T): Description<NamedShape<'typedef', Name, T>> {
  checkName('typedef', name);
  const { part, node } = typeOf(`typedef ${name}`, type);
  return new Description({ kind: 'typedef', name, type: node }, [part]);
}

export interface FunctionOptions<V extends boolean = boolean> {
  /** Whether more arguments may follow, C's `...`. */
  readonly variadic?: V;
}

/** A function type: for pointers to functions, and for `prototype`. */
export function fn<const R extends Type, const P extends readonly Type[], const V extends boolean = false>(
  result: R,
  parameters: P,
  { variadic }: FunctionOptions<V> = {},
): Description<FunctionShape<R, P, V>> {
  if (!Array.isArray(parameters)) throw new TypeError(`fn: expected a list of parameter types, got ${show(parameters)}`);
  const given = [result, ...parameters].map((type, i) => {
    const found = typeOf(i === 0 ? 'fn: result' : `fn: parameter ${i}`, type);
    if (holdsBody(found.node)) throw new TypeError(`fn: a struct, union or enum in a function's type needs a tag`);
    return found;
  });
  const [first, ...rest] = given.map(({ node }) => node) as [TypeNode, ...TypeNode[]];
  const list = rest.map((type) => ({ name: '', type }));
  return new Description(
    { kind: 'function', result: first, parameters: list, isVariadic: variadic === true },
    given.map(({ part }) => part),
  );
}

function holdsBody(node: TypeNode): boolean {
  if (node.kind === 'typedef' || node.kind === 'function') return false;
  if ('tag' in node) return node.tag === null;
  return 'type' in node && holdsBody(node.type);
}

/** A C function by name; `c.define` gives it an implementation. */
export function prototype<const Name extends string, R, P, V>(
  name: Name,
  type: Description<FunctionShape<R, P, V>>,
): Description<NamedShape<'prototype', Name, Description<FunctionShape<R, P, V>>>> {
  checkName('prototype', name);
  const { part, node } = typeOf(`prototype ${name}`, type);
  if (node.kind !== 'function') throw new TypeError(`prototype ${name}: expected what fn() answers, got ${node.kind}`);
  return new Description({ kind: 'prototype', name, type: node }, [part]);
}

// ---- Numbers

function named<const Name extends string>(name: Name): Description<NameShape<Name>> {
  return new Description({ kind: 'name', name });
}

type Named<Name> = Description<NameShape<Name>>;

export const int8: Named<'int8_t'> = /* @__PURE__ */ named('int8_t');
export const uint8: Named<'uint8_t'> = /* @__PURE__ */ named('uint8_t');
export const int16: Named<'int16_t'> = /* @__PURE__ */ named('int16_t');
export const uint16: Named<'uint16_t'> = /* @__PURE__ */ named('uint16_t');
export const int32: Named<'int32_t'> = /* @__PURE__ */ named('int32_t');
export const uint32: Named<'uint32_t'> = /* @__PURE__ */ named('uint32_t');
export const int64: Named<'int64_t'> = /* @__PURE__ */ named('int64_t');
export const uint64: Named<'uint64_t'> = /* @__PURE__ */ named('uint64_t');
export const intptr: Named<'intptr_t'> = /* @__PURE__ */ named('intptr_t');
export const uintptr: Named<'uintptr_t'> = /* @__PURE__ */ named('uintptr_t');
export const size: Named<'size_t'> = /* @__PURE__ */ named('size_t');
export const ptrdiff: Named<'ptrdiff_t'> = /* @__PURE__ */ named('ptrdiff_t');
export const bool: Named<'bool'> = /* @__PURE__ */ named('bool');
export const char: Named<'char'> = /* @__PURE__ */ named('char');
export const short: Named<'short'> = /* @__PURE__ */ named('short');
export const int: Named<'int'> = /* @__PURE__ */ named('int');
export const long: Named<'long'> = /* @__PURE__ */ named('long');
export const float: Named<'float'> = /* @__PURE__ */ named('float');
export const double: Named<'double'> = /* @__PURE__ */ named('double');
export const float32: Named<'float'> = float;
export const float64: Named<'double'> = double;
