/**
 * What the chosen type says about the bytes: a tree of fields with their place, their text in the page and their value.
 * Children are made when they are asked for, as C text can nest structs without bounds.
 * @module
 */
import { type CType, type Field, isRecord, isTransparent, printFieldType, printType, type RecordType } from '../../../src/ctype/index.ts';
import { conversionFor } from '../../../src/view/convert.ts';
import { bitFieldBytes, bitFieldOf, type Raw, type Scalar, scalarOf } from '../../../src/view/index.ts';
import type { DeclaredBody, DeclaredNames, TextRange } from './declared.ts';
import { hexByte, parseHex } from './hex.ts';

/** A field's value as text. */
export interface FieldValue {
  /** The text, or null where the bytes are not there. */
  read(bytes: Uint8Array): string | null;
  /**
   * Changes the bytes.
   * @throws {Error} when the text is no value of the type
   */
  write(bytes: Uint8Array, text: string): void;
  /** Names that may be written in the place of numbers. */
  readonly names: readonly string[];
}

/** A field of the value that the bytes are looked at as. Bits count from the start of the bytes. */
export interface FieldNode {
  /** `points[1].x`; empty for the whole value. */
  readonly path: string;
  readonly name: string;
  readonly type: string;
  readonly kind: 'struct' | 'union' | 'array' | 'value' | 'rest';
  readonly startBits: number;
  readonly endBits: number;
  /** Which colour: that of the part of the whole value that the field is in. */
  readonly tint: number;
  /** Its name in the C text. */
  readonly declared: TextRange | null;
  readonly value: FieldValue | null;
  children(): readonly FieldNode[];
}

/** Elements of an array that are shown. */
const MOST_ELEMENTS = 512;
export const TINTS = 8;

const NO_CHILDREN = (): readonly FieldNode[] => [];

type Place = Pick<FieldNode, 'path' | 'name' | 'declared'> & {
  /** What the paths of its parts start with: of an unnamed member that of what is around it, as in C. */
  readonly prefix: string;
  readonly offset: number;
  readonly tint: number | null;
};

/** Makes the fields of a type over `length` bytes. */
export class Fields {
  readonly #names: DeclaredNames;
  readonly #length: number;

  constructor(names: DeclaredNames, length: number) {
    this.#names = names;
    this.#length = length;
  }

  /** The whole value of `type` at `offset`. */
  root(type: CType, typedef: string | null, offset: number): FieldNode {
    return this.#node(type, printType(type), null, typedef, {
      path: '',
      prefix: '',
      name: typedef ?? printType(type),
      declared: null,
      offset,
      tint: null,
    });
  }

  #node(type: CType, shown: string, body: DeclaredBody | null, typedef: string | null, place: Place): FieldNode {
    const { path, name, declared, offset } = place;
    const open = this.#openEnd(type, offset);
    const size = this.#extent(open, offset);
    const node = {
      path,
      name,
      type: withoutIds(shown),
      declared,
      tint: place.tint ?? 0,
      startBits: offset * 8,
      endBits: (offset + size) * 8,
    };
    if (isRecord(open)) {
      const own = body ?? this.#names.body(open, typedef);
      return { ...node, kind: open.kind, value: null, children: once(() => this.#members(open, own, place)) };
    }
    if (open.kind === 'array' && !isBytes(open)) {
      return { ...node, kind: 'array', value: null, children: once(() => this.#elements(open, shown, body, typedef, place)) };
    }
    const scalar = scalarOf(open);
    const value = scalar === null ? bytesValue(open, offset, size) : scalarValue(open, scalar, null, { path, offset, first: offset, size });
    return { ...node, kind: 'value', value, children: NO_CHILDREN };
  }

  // Bytes, with those of an array at the end that takes what is left.
  #extent(type: CType, offset: number): number {
    if (!isRecord(type)) return type.size ?? 0;
    const { layout } = type.definition;
    const last = layout?.fields.at(-1);
    if (layout === null || last === undefined || type.kind === 'union') return layout?.size ?? 0;
    if (last.bits !== null) return layout.size;
    const start = offset + last.offset;
    return Math.max(layout.size, last.offset + this.#extent(this.#openEnd(last.type, start), start));
  }

  // `T a[]` takes what is left; so does LuaJIT's `T a[?]`.
  #openEnd(type: CType, offset: number): CType {
    if (type.kind !== 'array' || typeof type.length === 'number') return type;
    const stride = type.element.size ?? 0;
    const length = stride === 0 ? 0 : Math.max(0, Math.floor((this.#length - offset) / stride));
    return { ...type, length, size: length * stride };
  }

  #members(type: RecordType, body: DeclaredBody | null, place: Place): FieldNode[] {
    let unnamed = 0;
    return (type.definition.layout?.fields ?? []).flatMap((field, i) => {
      const { range, own } = this.#names.member(body, field, unnamed);
      if (isTransparent(field)) unnamed++;
      return this.#member(field, range, own, i, place);
    });
  }

  #member(field: Field, declared: TextRange | null, own: DeclaredBody | null, index: number, outer: Place): readonly FieldNode[] {
    const tint = outer.tint ?? index % TINTS;
    const offset = outer.offset + field.offset;
    const shown = printFieldType(field);
    if (isTransparent(field)) {
      const name = `(${field.type.kind})`;
      const place = { path: `${outer.path}${name}${index}`, prefix: outer.prefix, name, declared: null, offset };
      const node = this.#node(field.type, shown, own, null, { ...place, tint: outer.tint === null ? null : tint });
      return field.type.kind === 'struct' ? node.children() : [node];
    }
    const path = outer.prefix === '' ? field.name : `${outer.prefix}.${field.name}`;
    if (field.bits === null)
      return [
        this.#node(field.type, shown, own, field.typedef?.name ?? null, { path, prefix: path, name: field.name, declared, offset, tint }),
      ];
    const { bitOffset, bitWidth } = field.bits;
    const { first, count } = bitFieldBytes(field.bits);
    const startBits = outer.offset * 8 + bitOffset;
    const scalar = bitFieldOf(field.type, field.bits);
    const value = scalarValue(field.type, scalar, field.bits, { path, offset: outer.offset, first: outer.offset + first, size: count });
    const type = `${withoutIds(shown)} : ${bitWidth}`;
    return [
      {
        path,
        name: field.name,
        type,
        kind: 'value',
        startBits,
        endBits: startBits + bitWidth,
        tint,
        declared,
        value,
        children: NO_CHILDREN,
      },
    ];
  }

  #elements(type: CType & { kind: 'array' }, shown: string, body: DeclaredBody | null, typedef: string | null, place: Place): FieldNode[] {
    const stride = type.element.size ?? 0;
    const length = stride === 0 ? 0 : Number(type.length);
    const element = shown.replace(/ ?\[[^\]]*\]/, '');
    const nodes: FieldNode[] = [];
    for (let i = 0; i < Math.min(length, MOST_ELEMENTS); i++) {
      const path = `${place.prefix}[${i}]`;
      const tint = place.tint ?? i % TINTS;
      const offset = place.offset + i * stride;
      nodes.push(
        this.#node(type.element, element, body, typedef, { path, prefix: path, name: `[${i}]`, declared: place.declared, offset, tint }),
      );
    }
    if (length > MOST_ELEMENTS) {
      const from = (place.offset + MOST_ELEMENTS * stride) * 8;
      const path = `${place.path}[...]`;
      const rest = { path, name: `${length - MOST_ELEMENTS} more`, type: '', kind: 'rest' as const, startBits: from, endBits: from };
      nodes.push({ ...rest, tint: place.tint ?? 0, declared: null, value: null, children: NO_CHILDREN });
    }
    return nodes;
  }
}

/** Fields that are looked at for one question; little C text makes any number of them. */
const MOST_VISITS = 5000;

/** The first field for which something holds; of an array's elements only the first is asked. Null where there is none near. */
export function firstOf(root: FieldNode, holds: (node: FieldNode) => boolean): FieldNode | null {
  let left = MOST_VISITS;
  const find = (node: FieldNode): FieldNode | null => {
    if (left-- <= 0) return null;
    if (holds(node)) return node;
    const children = node.kind === 'value' ? [] : node.children();
    for (const child of node.kind === 'array' ? children.slice(0, 1) : children) {
      const found = find(child);
      if (found !== null) return found;
      if (left <= 0) break;
    }
    return null;
  };
  return find(root);
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function withoutIds(text: string): string {
  return text.replace(/(struct|union|enum) <\d+>/g, '$1 {...}');
}

function isBytes(type: CType & { kind: 'array' }): boolean {
  return type.element.kind === 'integer' && type.element.size === 1;
}

interface ScalarPlace {
  readonly path: string;
  /** What the reader counts from. */
  readonly offset: number;
  readonly first: number;
  readonly size: number;
}

function scalarValue(type: CType, scalar: Scalar, bits: Field['bits'], { path, offset, first, size }: ScalarPlace): FieldValue {
  const enumerators = type.kind === 'enum' ? [...(type.definition.layout?.constants ?? [])] : [];
  const { convert } = conversionFor(scalar, type, bits, 'throw');
  return {
    names: enumerators.map(([name]) => name),
    read: (bytes) => {
      if (first + size > bytes.length) return null;
      const raw = scalar.read(bytes, offset);
      if (type.kind === 'pointer') return `0x${BigInt.asUintN(64, BigInt(raw)).toString(16)}`;
      const named = enumerators.find(([, value]) => value === raw);
      return named === undefined ? String(raw) : `${raw} (${named[0]})`;
    },
    write: (bytes, text) => {
      if (first + size > bytes.length) throw new RangeError(`needs ${size} bytes at offset ${first}`);
      // The name that `read` puts behind an enum's number says nothing: the number may have been changed.
      const typed = text.replace(/\s*\(\w+\)\s*$/, '').trim();
      const value = enumerators.find(([name]) => name === typed)?.[1] ?? numberOf(typed, scalar);
      (scalar.write as (bytes: Uint8Array, offset: number, value: unknown) => void)(bytes, offset, convert(value, path));
    },
  };
}

function numberOf(text: string, scalar: Scalar): Raw {
  const trimmed = text.trim();
  if (scalar.kind === 'boolean' && (trimmed === 'true' || trimmed === 'false')) return trimmed === 'true';
  if (scalar.kind === 'number' && scalar.isFloat === true) {
    const number = Number(trimmed);
    if (trimmed === '' || (Number.isNaN(number) && trimmed !== 'NaN')) throw new TypeError(`'${trimmed}' is no number`);
    return number;
  }
  const character = /^'(.)'$/u.exec(trimmed);
  if (character !== null) return (character[1] as string).codePointAt(0) as number;
  const match = /^(-?)(0x[0-9a-f]+|0b[01]+|0o[0-7]+|\d+)$/i.exec(trimmed);
  if (match === null) throw new TypeError(`'${trimmed}' is no integer`);
  const value = BigInt(match[2] as string) * (match[1] === '-' ? -1n : 1n);
  return scalar.kind === 'number' && value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value;
}

// Arrays of bytes, and what JavaScript has no number for: text in quotes where it is one, else hex.
function bytesValue(type: CType, offset: number, size: number): FieldValue {
  const isText = type.kind === 'array' && type.element.kind === 'integer' && type.element.name === 'char';
  return {
    names: [],
    read: (bytes) => {
      if (offset + size > bytes.length) return null;
      const part = bytes.subarray(offset, offset + size);
      return (isText ? quoted(part) : null) ?? Array.from(part, hexByte).join(' ');
    },
    write: (bytes, text) => {
      if (offset + size > bytes.length) throw new RangeError(`needs ${size} bytes at offset ${offset}`);
      const literal = /^\s*"(.*)"\s*$/su.exec(text);
      let next: Uint8Array;
      if (literal === null) {
        const parsed = parseHex(text);
        if (parsed.error !== null) throw new TypeError(`${parsed.error.message}; text stands in "quotes"`);
        next = parsed.bytes;
      } else next = new TextEncoder().encode(literal[1]);
      if (next.length > size) throw new RangeError(`${next.length} bytes do not fit in ${size}`);
      bytes.fill(0, offset, offset + size);
      bytes.set(next, offset);
    },
  };
}

// Printable text up to zeros that fill the rest; null where it is none.
function quoted(bytes: Uint8Array): string | null {
  const used = bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1);
  if (!used.every((byte) => byte >= 0x20 && byte < 0x7f && byte !== 0x22)) return null;
  return `"${String.fromCharCode(...used.subarray(0, 4096))}"`;
}
