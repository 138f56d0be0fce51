/**
 * Structs as TypeScript code of their own: a class per struct and union over the bytes, without this library and without
 * `eval`, also ready for `node --experimental-strip-types`. The code reads and writes what the library's views do.
 *
 * Values are the views', except that a pointer is its address, `long double` its bytes, and an array of one-byte integers a
 * live `Uint8Array` or `Int8Array`.
 * @module
 */
import {
  type ArrayType,
  constantsOf,
  type CType,
  type Field,
  fieldsOf,
  innermostElement,
  isRecord,
  type Namespace,
  printFieldType,
  type RecordType,
} from '../ctype/index.ts';
import { commented, placeOf, propertyName, RecordNames } from './identifiers.ts';
import { withoutIds } from './json.ts';

/** How a type is read and written: expressions over the bytes `b` and the number `o`. */
interface Access {
  readonly type: string;
  read(b: string, o: string): string;
  /** The statement that writes; null where there is none. */
  readonly write: ((b: string, o: string, value: string) => string) | null;
  /** What the setter takes; the type itself where it is missing. */
  readonly from?: string;
}

/**
 * A TypeScript module with a class per struct and union, and `constants`.
 * @example
 * standaloneTypeScript(c.namespace); // new dhcp_msg(bytes, 42).xid
 */
export function standaloneTypeScript(space: Namespace): string {
  const writer = new Writer(space);
  const classes = space.completed.flatMap((type) => {
    const name = isRecord(type) ? writer.names.of(type) : null;
    return isRecord(type) && name !== null ? [writer.class(type, name)] : [];
  });
  const constants = [...space.names].flatMap(([name, entry]) => (entry.kind === 'constant' ? [[name, entry.value] as const] : []));
  const all =
    constants.length === 0
      ? ''
      : `/** Enumerators, macros and \`static const\`. */\nexport const constants = ${object(constants)} as const;\n`;
  const helpers = Object.entries(HELPERS).flatMap(([name, text]) => (writer.used.has(name) ? [text] : []));
  const scratch = helpers.some((text) => text.includes('scratch')) ? [SCRATCH] : [];
  return [...scratch, ...helpers, ...classes, all].filter((part) => part !== '').join('\n');
}

function literal(value: number | bigint): string {
  return typeof value === 'bigint' ? `${value}n` : String(value);
}

// `__proto__: 1` would set a prototype.
function key(name: string): string {
  return name === '__proto__' ? `['__proto__']` : propertyName(name);
}

function object(entries: Iterable<readonly [string, number | bigint]>, indent = ''): string {
  const lines = [...entries].map(([name, value]) => `${indent}  ${key(name)}: ${literal(value)},\n`);
  return lines.length === 0 ? '{}' : `{\n${lines.join('')}${indent}}`;
}

class Writer {
  readonly names: RecordNames;
  /** Names of the helpers that the classes need. */
  readonly used: Set<string> = new Set();

  constructor(space: Namespace) {
    this.names = new RecordNames(space);
  }

  #use(helper: string): string {
    this.used.add(helper);
    return helper;
  }

  class(type: RecordType, name: string): string {
    const layout = type.definition.layout as NonNullable<typeof type.definition.layout>;
    const fields = [...fieldsOf(type).values()];
    const offsets = fields.map((field) => [field.name, field.offset] as const);
    const constants = constantsOf(type);
    const shown = this.names.shown(type);
    return `/** \`${commented(shown)}\`: size ${layout.size}, align ${layout.align}. */
export class ${name} {
  static readonly SIZE = ${layout.size};
  static readonly OFFSETS = ${object(offsets, '  ')} as const;
${constants.size === 0 ? '' : `  static readonly constants = ${object(constants, '  ')} as const;\n`}  readonly #b: Uint8Array;
  readonly #o: number;

  /** A live view of the bytes from \`offset\` on. */
  constructor(bytes: Uint8Array, offset = 0) {
    if (!(Number.isInteger(offset) && offset >= 0 && offset + ${layout.size} <= bytes.length)) {
      throw new RangeError(\`${commented(shown).replace(/[`\\$]/g, '\\$&')}: needs ${layout.size} bytes at offset \${offset}, have \${bytes.length - offset}\`);
    }
    this.#b = bytes;
    this.#o = offset;
  }

  /** The bytes of a view, shared. */
  static bytesOf(view: ${name}): Uint8Array {
    return view.#b.subarray(view.#o, view.#o + ${layout.size});
  }
${fields.map((field) => this.#field(field, type)).join('')}}
`;
  }

  #field(field: Field, parent: RecordType): string {
    const access = field.bits === null ? this.#access(field.type) : this.#bitField(field);
    const at = field.bits === null ? offsetFrom('this.#o', field.offset) : 'this.#o';
    // A name in brackets is a name like any other: classes give `constructor` a meaning of its own.
    const name = field.name === 'constructor' ? `['constructor']` : propertyName(field.name);
    const doc = `\n  /** \`${commented(withoutIds(printFieldType(field, field.name)))}\`: ${placeOf(field)} */\n`;
    const getter = `${doc}  get ${name}(): ${access.type} {\n    return ${access.read('this.#b', at)};\n  }\n`;
    const inner = field.type.kind === 'array' ? innermostElement(field.type) : field.type;
    if (access.write === null || inner.isConst || parent.isConst) return getter;
    return `${getter}  set ${name}(value: ${access.from ?? access.type}) {\n    ${access.write('this.#b', at, 'value')}\n  }\n`;
  }

  #access(type: CType): Access {
    switch (type.kind) {
      case 'bool':
        return { type: 'boolean', read: (b, o) => `${b}[${o}] !== 0`, write: (b, o, value) => `${b}[${o}] = ${value} ? 1 : 0;` };
      case 'integer':
        return this.#integer(type.size, type.isSigned, type.order === 'big');
      case 'enum':
        return this.#integer(type.size as number, type.definition.layout?.isSigned === true, type.order === 'big');
      case 'pointer':
      case 'reference':
        return this.#integer(type.size, false, false);
      case 'float':
        return type.size === 4 || type.size === 8 ? this.#float(type.size, type.order === 'big') : rawBytes(type.size);
      case 'complex':
        return this.#complex(type.part.size, type.size, type.part.order === 'big');
      case 'array':
        return this.#array(type);
      case 'struct':
      case 'union':
        return this.#record(type);
      default:
        return rawBytes(type.size ?? 0);
    }
  }

  #integer(size: number, isSigned: boolean, isBig: boolean): Access {
    if (size === 1) {
      return {
        type: 'number',
        read: (b, o) => (isSigned ? `(${b}[${o}]! << 24) >> 24` : `${b}[${o}]!`),
        write: (b, o, value) => `${b}[${o}] = ${value};`,
      };
    }
    const order = isBig ? 'be' : 'le';
    return this.#called(size > 4 ? 'bigint' : 'number', `${isSigned ? 'i' : 'u'}${size * 8}${order}`, `set${size * 8}${order}`);
  }

  #float(size: number, isBig: boolean): Access {
    const suffix = `${size * 8}${isBig ? 'be' : 'le'}`;
    return this.#called('number', `f${suffix}`, `setF${suffix}`);
  }

  #called(type: string, reader: string, writer: string): Access {
    return {
      type,
      read: (b, o) => `${this.#use(reader)}(${b}, ${o})`,
      write: (b, o, value) => `${this.#use(writer)}(${b}, ${o}, ${value});`,
    };
  }

  #complex(part: number, size: number, isBig: boolean): Access {
    if (part !== 4 && part !== 8) return rawBytes(size);
    const { read, write } = this.#float(part, isBig);
    return {
      type: '{ re: number; im: number }',
      read: (b, o) => `{ re: ${read(b, o)}, im: ${read(b, offsetFrom(o, part))} }`,
      write: (b, o, value) => `${write?.(b, o, `${value}.re`)} ${write?.(b, offsetFrom(o, part), `${value}.im`)}`,
    };
  }

  #record(type: RecordType): Access {
    const name = this.names.of(type);
    if (name === null) return rawBytes(type.size ?? 0);
    return {
      type: name,
      read: (b, o) => `new ${name}(${b}, ${o})`,
      write: (b, o, value) => `${b}.set(${name}.bytesOf(${value}), ${o});`,
    };
  }

  #array(type: ArrayType): Access {
    const { element } = type;
    const stride = element.size as number;
    const length = (b: string, o: string): string => {
      if (typeof type.length === 'number') return String(type.length);
      return stride === 0 ? '0' : `Math.max(0, Math.floor((${b}.length - (${o})) / ${stride}))`;
    };
    if (element.kind === 'integer' && element.size === 1) {
      const live = (b: string, o: string): string => `${b}.subarray(${o}, ${o} + ${length(b, o)})`;
      return {
        type: element.isSigned ? 'Int8Array' : 'Uint8Array',
        read: (b, o) => (element.isSigned ? `new Int8Array(${b}.buffer, ${b}.byteOffset + ${o}, ${length(b, o)})` : live(b, o)),
        from: 'ArrayLike<number>',
        write: (b, o, value) => `${this.#use('fill')}(${live(b, o)}, ${value});`,
      };
    }
    const inner = this.#access(element);
    this.#use('Elements');
    const types = `${inner.type}, ${inner.from ?? inner.type}`;
    const get = passed(inner.read('b', 'o'), '(b, o)');
    // Elements that are arrays know how to set themselves.
    const set = element.kind === 'array' && inner.type.startsWith('Elements') ? null : (inner.write?.('b', 'o', 'value') ?? null);
    const read = (b: string, o: string): string =>
      `new Elements<${types}>(${b}, ${o}, ${length(b, o)}, ${stride}, ${get}${set === null ? '' : `, ${passed(set, '(b, o, value)')}`})`;
    const from = `Iterable<${inner.from ?? inner.type}>`;
    return {
      type: `Elements<${types}>`,
      read,
      from,
      write: inner.write === null ? null : (b, o, value) => `${read(b, o)}.assign(${value});`,
    };
  }

  // ---- Bit-fields

  #bitField({ type, bits }: Field): Access {
    const { bitOffset, bitWidth } = bits as NonNullable<Field['bits']>;
    const first = Math.floor(bitOffset / 8);
    const count = Math.floor((bitOffset + bitWidth - 1) / 8) - first + 1;
    const isBig = 'order' in type && type.order === 'big';
    // Bits under the field once its bytes are one number.
    const below = isBig ? count * 8 - (bitOffset % 8) - bitWidth : bitOffset % 8;
    const isSigned = type.kind === 'integer' ? type.isSigned : type.kind === 'enum' && type.definition.layout?.isSigned === true;
    if ((type.size as number) > 4) {
      this.#use('readBits');
      const raw = (b: string, o: string): string => `readBits(${b}, ${offsetFrom(o, first)}, ${count}, ${isBig}) >> ${below}n`;
      return {
        type: 'bigint',
        read: (b, o) => `BigInt.as${isSigned ? 'Int' : 'Uint'}N(${bitWidth}, ${raw(b, o)})`,
        write: (b, o, value) =>
          `${this.#use('writeBits')}(${b}, ${offsetFrom(o, first)}, ${count}, ${isBig}, ${below}n, ${bitWidth}, ${value});`,
      };
    }
    const bytes = Array.from({ length: count }, (_, i) => bytePart(i, count, isBig, below, bitWidth));
    const isBool = type.kind === 'bool';
    const spare = 32 - bitWidth;
    return {
      type: isBool ? 'boolean' : 'number',
      read: (b, o) => {
        const parts = bytes.map(({ shift }, i) => shifted(`${b}[${offsetFrom(o, first + i)}]!`, -shift)).join(' | ');
        const all = bytes.length === 1 ? parts : `(${parts})`;
        if (isSigned) return `(${all} << ${spare}) >> ${spare}`;
        const value = bitWidth === 32 ? `${all} >>> 0` : `${all} & ${hex(2 ** bitWidth - 1)}`;
        return isBool ? `(${value}) !== 0` : value;
      },
      write: (b, o, value) =>
        bytes
          .map(({ shift, mask }, i) => {
            const at = `${b}[${offsetFrom(o, first + i)}]`;
            const part = `(${shifted(isBool ? `(${value} ? 1 : 0)` : value, shift)} & ${hex(mask)})`;
            return mask === 0xff ? `${at} = ${part};` : `${at} = (${at}! & ${hex(0xff ^ mask)}) | ${part};`;
          })
          .join('\n    '),
    };
  }
}

// The part of a bit-field in its `i`th byte: the value shifted left by `shift` (right where negative), under `mask`.
function bytePart(i: number, count: number, isBig: boolean, below: number, bitWidth: number): { shift: number; mask: number } {
  const weight = (isBig ? count - 1 - i : i) * 8;
  const shift = below - weight;
  const low = Math.max(0, shift);
  const high = Math.min(8, below + bitWidth - weight);
  return { shift, mask: (2 ** high - 1) ^ (2 ** low - 1) };
}

function shifted(text: string, shift: number): string {
  return shift === 0 ? text : shift > 0 ? `(${text} << ${shift})` : `(${text} >> ${-shift})`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

function offsetFrom(o: string, offset: number): string {
  return offset === 0 ? o : `${o} + ${offset}`;
}

// What is done at (b, o), as a function to pass: by its name where it has one.
function passed(code: string, parameters: string): string {
  const name = code.replace(`${parameters};`, '').replace(parameters, '');
  if (/^\w+$/.test(name)) return name;
  if (code.endsWith(';')) return `${parameters} => { ${code} }`;
  return `${parameters} => ${code.startsWith('{') ? `(${code})` : code}`;
}

// What JavaScript has no number for: its bytes.
function rawBytes(size: number): Access {
  return { type: 'Uint8Array', read: (b, o) => `${b}.subarray(${o}, ${o} + ${size})`, write: null };
}

// ---- Helpers, of which a module has those it needs

const SCRATCH = `// Numbers of more than 32 bits and floating ones are put together here.
const scratch = new DataView(new ArrayBuffer(8));
`;

const HELPERS: Readonly<Record<string, string>> = {
  u16le: 'const u16le = (b: Uint8Array, o: number): number => b[o]! | (b[o + 1]! << 8);\n',
  u16be: 'const u16be = (b: Uint8Array, o: number): number => (b[o]! << 8) | b[o + 1]!;\n',
  i16le: 'const i16le = (b: Uint8Array, o: number): number => ((b[o + 1]! << 24) >> 16) | b[o]!;\n',
  i16be: 'const i16be = (b: Uint8Array, o: number): number => ((b[o]! << 24) >> 16) | b[o + 1]!;\n',
  u32le: `const u32le = (b: Uint8Array, o: number): number => (${word('le')}) >>> 0;\n`,
  u32be: `const u32be = (b: Uint8Array, o: number): number => (${word('be')}) >>> 0;\n`,
  i32le: `const i32le = (b: Uint8Array, o: number): number => ${word('le')};\n`,
  i32be: `const i32be = (b: Uint8Array, o: number): number => ${word('be')};\n`,
  ...wide('u64le', 'bigint', 'getBigUint64'),
  ...wide('u64be', 'bigint', 'getBigUint64'),
  ...wide('i64le', 'bigint', 'getBigInt64'),
  ...wide('i64be', 'bigint', 'getBigInt64'),
  f32le: single('le'),
  f32be: single('be'),
  ...wide('f64le', 'number', 'getFloat64'),
  ...wide('f64be', 'number', 'getFloat64'),
  ...long(),
  set16le: setter('set16le', 'number', ['value', 'value >> 8']),
  set16be: setter('set16be', 'number', ['value >> 8', 'value']),
  set32le: setter('set32le', 'number', ['value', 'value >> 8', 'value >> 16', 'value >> 24']),
  set32be: setter('set32be', 'number', ['value >> 24', 'value >> 16', 'value >> 8', 'value']),
  ...stored('set64', 'bigint', 'setBigUint64', 8),
  ...stored('setF32', 'number', 'setFloat32', 4),
  ...stored('setF64', 'number', 'setFloat64', 8),
  set128le: `function set128le(b: Uint8Array, o: number, value: bigint): void {
  for (let i = 0; i < 16; i++) b[o + i] = Number((value >> BigInt(8 * i)) & 0xffn);
}
`,
  set128be: `function set128be(b: Uint8Array, o: number, value: bigint): void {
  for (let i = 0; i < 16; i++) b[o + 15 - i] = Number((value >> BigInt(8 * i)) & 0xffn);
}
`,
  readBits: `function readBits(b: Uint8Array, o: number, count: number, isBig: boolean): bigint {
  let all = 0n;
  for (let i = 0; i < count; i++) all = (all << 8n) | BigInt(b[o + (isBig ? i : count - 1 - i)]!);
  return all;
}
`,
  writeBits: `function writeBits(b: Uint8Array, o: number, count: number, isBig: boolean, below: bigint, width: number, value: bigint): void {
  const mask = ((1n << BigInt(width)) - 1n) << below;
  let all = (value << below) & mask;
  for (let i = 0; i < count; i++) {
    const at = o + (isBig ? count - 1 - i : i);
    const kept = 0xff ^ Number((mask >> BigInt(8 * i)) & 0xffn);
    b[at] = (b[at]! & kept) | Number(all & 0xffn);
    all >>= 8n;
  }
}
`,
  fill: `// As C initialises an array: what is given from the start, the rest zero.
function fill(bytes: Uint8Array, value: ArrayLike<number>): void {
  if (value.length > bytes.length) throw new RangeError(\`\${value.length} bytes do not fit \${bytes.length}\`);
  const given = Array.from(value);
  bytes.fill(0, given.length);
  bytes.set(given);
}
`,
  Elements: `type Get<T> = (b: Uint8Array, o: number) => T;
type Set<T> = (b: Uint8Array, o: number, value: T) => void;

/** A live view of an array. */
export class Elements<T, From = T> implements Iterable<T> {
  readonly length: number;
  readonly #b: Uint8Array;
  readonly #o: number;
  readonly #stride: number;
  readonly #get: Get<T>;
  readonly #set: Set<From> | undefined;

  constructor(bytes: Uint8Array, offset: number, length: number, stride: number, get: Get<T>, set?: Set<From>) {
    this.#b = bytes;
    this.#o = offset;
    this.length = length;
    this.#stride = stride;
    this.#get = get;
    this.#set = set;
  }

  at(index: number): T {
    return this.#get(this.#b, this.#place(index));
  }

  set(index: number, value: From): void {
    const place = this.#place(index);
    if (this.#set !== undefined) {
      this.#set(this.#b, place, value);
      return;
    }
    const element: unknown = this.#get(this.#b, place);
    if (!(element instanceof Elements)) throw new TypeError('these elements cannot be set');
    element.assign(value as Iterable<unknown>);
  }

  /** As C initialises an array: what is given from the start, the rest zero. */
  assign(values: Iterable<From>): void {
    const given = [...values];
    if (given.length > this.length) throw new RangeError(\`\${given.length} elements do not fit \${this.length}\`);
    this.#b.fill(0, this.#o + given.length * this.#stride, this.#o + this.length * this.#stride);
    given.forEach((value, i) => this.set(i, value));
  }

  #place(index: number): number {
    if (!(Number.isInteger(index) && index >= 0 && index < this.length)) throw new RangeError(\`index \${index} is outside \${this.length} elements\`);
    return this.#o + index * this.#stride;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }
}
`,
};

function word(order: 'le' | 'be'): string {
  const [a, b, c, d] = order === 'le' ? ['b[o]!', 'b[o + 1]!', 'b[o + 2]!', 'b[o + 3]!'] : ['b[o + 3]!', 'b[o + 2]!', 'b[o + 1]!', 'b[o]!'];
  return `${a} | (${b} << 8) | (${c} << 16) | (${d} << 24)`;
}

function single(order: 'le' | 'be'): string {
  return `function f32${order}(b: Uint8Array, o: number): number {
  scratch.setInt32(0, ${word(order)});
  return scratch.getFloat32(0);
}
`;
}

function wide(name: string, type: string, method: string): Record<string, string> {
  const order = name.endsWith('le') ? 'le' : 'be';
  const [high, low] = [word(order), word(order)].map((text, i) => {
    const more = (order === 'le') === (i === 0) ? 4 : 0;
    return more === 0 ? text : text.replace(/o(?: \+ (\d))?\]/g, (_, digit) => `o + ${Number(digit ?? 0) + 4}]`);
  }) as [string, string];
  return {
    [name]: `function ${name}(b: Uint8Array, o: number): ${type} {
  scratch.setInt32(0, ${high});
  scratch.setInt32(4, ${low});
  return scratch.${method}(0);
}
`,
  };
}

// 128 bits.
function long(): Record<string, string> {
  return Object.fromEntries(
    (['u', 'i'] as const).flatMap((sign) =>
      (['le', 'be'] as const).map((order): [string, string] => {
        const name = `${sign}128${order}`;
        return [
          name,
          `function ${name}(b: Uint8Array, o: number): bigint {
  let all = 0n;
  for (let i = 0; i < 16; i++) all = (all << 8n) | BigInt(b[o + ${order === 'le' ? '15 - i' : 'i'}]!);
  return ${sign === 'i' ? 'BigInt.asIntN(128, all)' : 'all'};
}
`,
        ];
      }),
    ),
  );
}

function setter(name: string, type: string, values: readonly string[]): string {
  const lines = values.map((value, i) => `  b[${i === 0 ? 'o' : `o + ${i}`}] = ${value};\n`);
  return `function ${name}(b: Uint8Array, o: number, value: ${type}): void {\n${lines.join('')}}\n`;
}

function stored(name: string, type: string, method: string, size: number): Record<string, string> {
  return Object.fromEntries(
    (['le', 'be'] as const).map((order) => [
      `${name}${order}`,
      `function ${name}${order}(b: Uint8Array, o: number, value: ${type}): void {
  scratch.${method}(0, value${order === 'le' ? ', true' : ''});
  for (let i = 0; i < ${size}; i++) b[o + i] = scratch.getUint8(i);
}
`,
    ]),
  );
}
