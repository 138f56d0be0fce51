/**
 * Names of C as names of TypeScript: structs as interfaces and classes, members as properties.
 * @module
 */
import { type CType, type Field, fieldsOf, isRecord, type Namespace, type RecordDefinition, type RecordType } from '../ctype/index.ts';
import { typeNames } from './json.ts';

// What cannot be declared, or what generated code uses itself.
const RESERVED: readonly string[] = `
  any arguments as async await bigint boolean break case catch class const continue debugger declare default delete do else enum eval
  export extends false finally for from function get if implements import in infer instanceof interface is keyof let module namespace
  never new null number object of package private protected public readonly return set static string super switch symbol this throw
  true try type typeof undefined unique unknown var void while with yield
  Array ArrayBuffer ArrayBufferView ArrayLike BigInt DataView Int8Array Iterable IterableIterator Math Number Object RangeError String
  Symbol Uint8Array Get Set TypeError
  ArrayView Byte ByteArrayView Complex Incomplete Init Loose Omit Pointer RecordView Types
  constants Elements scratch fill readBits writeBits
  u16le u16be i16le i16be u32le u32be i32le i32be u64le u64be i64le i64be u128le u128be i128le i128be f32le f32be f64le f64be
  set16le set16be set32le set32be set64le set64be set128le set128be setF32le setF32be setF64le setF64be`
  .trim()
  .split(/\s+/);

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** Whether a name may be a parameter's or a variable's. */
export function isFreeName(name: string): boolean {
  return IDENTIFIER.test(name) && !RESERVED.includes(name);
}

/** A property's name in a type or a class, quoted where need be. */
export function propertyName(name: string): string {
  return IDENTIFIER.test(name) ? name : quoted(name);
}

/** A string literal. */
export function quoted(text: string): string {
  return `'${text.replace(/[\\'\n\r\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`;
}

/** Text within a comment. */
export function commented(text: string): string {
  return text.replace(/\*\//g, '* /');
}

/**
 * Unique names for the structs and unions of a namespace: the tag, the typedef name, or that of the member or typedef that
 * leads to it. Those whose members are their parent's have none.
 */
export class RecordNames {
  readonly #given: Map<RecordDefinition, string> = new Map();
  readonly #taken: Set<string> = new Set(RESERVED);
  readonly #known: ReturnType<typeof typeNames>;

  constructor(space: Namespace) {
    this.#known = typeNames(space);
    const records = space.completed.filter((type) => isRecord(type));
    for (const { definition } of records) {
      const name = this.#known.get(definition);
      if (name !== undefined) this.#give(definition, name.replace(/^(?:struct|union) /, ''));
    }
    // What is inside is complete before what is around it.
    for (const type of records.reverse()) {
      const name = this.#given.get(type.definition);
      if (name === undefined) continue;
      for (const field of fieldsOf(type).values()) this.#lead(field.type, `${name}_${field.name}`);
    }
    for (const [name, { kind, ...entry }] of space.names) if (kind === 'typedef' && 'type' in entry) this.#lead(entry.type, name);
  }

  /** The name in C, for comments. */
  shown(type: RecordType): string {
    return this.#known.get(type.definition) ?? `${type.kind} {...}`;
  }

  /** The name of a struct with a body; null where only the code that declares it could name it. */
  of(type: RecordType): string | null {
    return this.#given.get(type.definition) ?? null;
  }

  // Names the struct that arrays of it and pointers to it lead to.
  #lead(type: CType, wanted: string): void {
    let inner = type;
    while (inner.kind === 'array' || inner.kind === 'pointer') inner = inner.kind === 'array' ? inner.element : inner.target;
    if (!isRecord(inner) || inner.definition.layout === null || this.#given.has(inner.definition)) return;
    const name = this.#give(inner.definition, wanted);
    for (const field of fieldsOf(inner).values()) this.#lead(field.type, `${name}_${field.name}`);
  }

  #give(definition: RecordDefinition, wanted: string): string {
    const plain = wanted.replace(/[^\w$]/g, '_').replace(/^(?=\d)/, '_');
    let name = plain;
    for (let i = 2; this.#taken.has(name); i++) name = `${plain}_${i}`;
    this.#taken.add(name);
    this.#given.set(definition, name);
    return name;
  }
}

/** Where a field is: bytes, or bits for a bit-field. */
export function placeOf({ offset, bits, type }: Field): string {
  if (bits !== null) return `bit ${bits.bitOffset}, ${bits.bitWidth} bit${bits.bitWidth === 1 ? '' : 's'}`;
  return type.size === null ? `offset ${offset}, up to the end` : `offset ${offset}, size ${type.size}`;
}
