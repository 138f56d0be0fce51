/**
 * Declarations as a TypeScript module of types, for headers that the compiler does not read itself: what `view/infer.ts` infers
 * from C text, `cdef<Types>(text)` has from this.
 *
 * It goes a step further in one place: fields of structs, arrays and pointers have a setter's type of their own, so that
 * `view.address = [192, 0, 2, 1]` compiles.
 * @module
 */
import {
  constantsOf,
  type CType,
  type EnumType,
  type Field,
  fieldsOf,
  type FunctionType,
  innermostElement,
  isRecord,
  type Namespace,
  printFieldType,
  type RecordType,
} from '../ctype/index.ts';
import { unreachable } from '../util/assert.ts';
import { RecordView } from '../view/index.ts';
import { commented, isFreeName, placeOf, propertyName, quoted, RecordNames } from './identifiers.ts';
import { withoutIds } from './json.ts';

/** Options of `typesAsTypeScript`. */
export interface TypeScriptOptions {
  /** The module that the vocabulary of types is imported from; `cdef` by default. */
  readonly module?: string;
}

// Types that are derived more deeply are loose; real ones are not.
const MAX_DEPTH = 30;

/**
 * A TypeScript module with an interface per struct and union, and `Types`, which has all that the namespace declares.
 * @example
 * typesAsTypeScript(c.namespace); // import type { Types } from './header.ts'; const c = cdef<Types>(text);
 */
export function typesAsTypeScript(space: Namespace, { module = 'cdef' }: TypeScriptOptions = {}): string {
  const body = new Writer(space).write();
  const vocabulary = ['ArrayView', 'Byte', 'ByteArrayView', 'Complex', 'Incomplete', 'Init', 'Loose', 'Pointer', 'RecordView'];
  const used = vocabulary.filter((name) => new RegExp(`\\b${name}\\b`).test(body));
  const imports = used.length === 0 ? '' : `import type { ${used.join(', ')} } from ${quoted(module)};\n\n`;
  return `${imports}${body}`;
}

class Writer {
  readonly #space: Namespace;
  readonly #names: RecordNames;

  constructor(space: Namespace) {
    this.#space = space;
    this.#names = new RecordNames(space);
  }

  write(): string {
    const interfaces = this.#space.completed.flatMap((type) => {
      const name = isRecord(type) ? this.#names.of(type) : null;
      return isRecord(type) && name !== null ? [this.#interface(type, name)] : [];
    });
    return `${interfaces.join('')}${this.#declarations()}`;
  }

  // ---- Structs

  #interface(type: RecordType, name: string): string {
    const fields = fieldsOf(type);
    const hidden = Object.getOwnPropertyNames(RecordView.prototype).filter((name) => name !== 'constructor' && fields.has(name));
    const base = hidden.length === 0 ? 'RecordView' : `Omit<RecordView, ${hidden.map(quoted).join(' | ')}>`;
    const { size, align } = type.definition.layout as NonNullable<typeof type.definition.layout>;
    const members = [...fields.values()].map((field) => this.#field(field));
    return `/** \`${commented(this.#names.shown(type))}\`: size ${size}, align ${align}. */
export interface ${name} extends ${base} {
${members.join('')}}

`;
  }

  #field(field: Field): string {
    const { type } = field;
    const name = propertyName(field.name);
    const value = this.#value(type, 0);
    const doc = `  /** \`${commented(withoutIds(printFieldType(field, field.name)))}\`: ${placeOf(field)} */\n`;
    if ((type.kind === 'array' ? innermostElement(type) : type).isConst) return `${doc}  readonly ${name}: ${value};\n`;
    const isPlain = !(type.kind === 'array' || type.kind === 'pointer' || isRecord(type)) || value === 'never' || value === 'Loose';
    if (isPlain) return `${doc}  ${name}: ${value};\n`;
    return `${doc}  get ${name}(): ${value};\n  set ${name}(value: Init<${value}>);\n`;
  }

  // ---- Types

  /** The value that JavaScript sees. */
  #value(type: CType, depth: number): string {
    const text = this.#described(type, depth);
    return text === 'Byte' ? 'number' : text;
  }

  /** An entry of `Declarations.types`. */
  #described(type: CType, depth: number): string {
    if (depth > MAX_DEPTH) return 'Loose';
    switch (type.kind) {
      case 'void':
        return 'void';
      case 'bool':
        return 'boolean';
      case 'integer':
        return type.size === 1 ? 'Byte' : type.size > 4 ? 'bigint' : 'number';
      case 'enum':
        return type.size === null ? 'Loose' : type.size > 4 ? 'bigint' : 'number';
      case 'float':
        return type.size === 4 || type.size === 8 ? 'number' : 'never';
      case 'complex':
        return type.part.size === 4 || type.part.size === 8 ? 'Complex' : 'never';
      case 'pointer':
      case 'reference':
        return `Pointer<${this.#value(type.target, depth + 1)}> | null`;
      case 'array': {
        const element = this.#described(type.element, depth + 1);
        if (element === 'never') return element;
        const length = typeof type.length === 'number' ? String(type.length) : 'number';
        return element === 'Byte' ? `ByteArrayView<${length}>` : `ArrayView<${element}, ${length}>`;
      }
      case 'struct':
      case 'union':
        if (type.definition.layout !== null) return this.#names.of(type) ?? 'Loose';
        return `Incomplete<${quoted(`${type.kind} ${type.definition.tag ?? ''}`)}>`;
      case 'function':
        return this.#function(type, depth + 1);
      default:
        return unreachable(type);
    }
  }

  // ---- Functions, as host functions are

  #function(type: FunctionType, depth: number): string {
    const taken = new Set<string>();
    const parameters = type.parameters.map((parameter, i) => {
      const wanted = parameter.name ?? '';
      const name = isFreeName(wanted) && !taken.has(wanted) ? wanted : `arg${i}`;
      taken.add(name);
      return `${name}: ${this.#parameter(parameter.type, depth)}`;
    });
    if (type.variadic) parameters.push(`...rest${type.parameters.length}: unknown[]`);
    return `((${parameters.join(', ')}) => ${this.#result(type.result, depth)})`;
  }

  #parameter(type: CType, depth: number): string {
    if (type.kind !== 'pointer') return this.#value(type, depth);
    const { target } = type;
    if (target.kind === 'integer' && target.name === 'char' && target.isConst) return 'string | null';
    if (isRecord(target) && target.size !== null) return `${this.#value(target, depth)} | null`;
    return this.#value(type, depth);
  }

  #result(type: CType, depth: number): string {
    const value = this.#value(type, depth);
    if (isRecord(type) || type.kind === 'complex') return value === 'never' ? value : `Init<${value}>`;
    if (type.kind !== 'pointer') return value;
    const { target } = type;
    if (target.kind === 'void' || (target.kind === 'integer' && target.size === 1)) return `string | ${value} | ArrayBufferView`;
    if (isRecord(target) && target.size !== null) return `${this.#value(target, depth)} | ${value} | ArrayBufferView`;
    return `${value} | ArrayBufferView`;
  }

  // ---- Names

  #declarations(): string {
    const { tags, names, types } = this.#space;
    const named: [string, CType][] = [...tags.values()].map((type) => [`${type.kind} ${type.definition.tag}`, type]);
    for (const [name, entry] of names) if (entry.kind === 'typedef') named.push([name, entry.type]);
    const described = named.map(([name, type]) => [name, this.#described(type, 0)] as const);
    const constants = [...names].flatMap(([name, entry]) => (entry.kind === 'constant' ? [[name, literal(entry.value)] as const] : []));
    const functions = [...names].flatMap(([name, entry]) =>
      entry.kind === 'function' ? [[name, this.#function(entry.type, 0).slice(1, -1)] as const] : [],
    );
    const members = named.flatMap(([name, type]) => {
      const values = isRecord(type) ? constantsOf(type) : type.kind === 'enum' ? enumerators(type) : new Map<string, number | bigint>();
      return values.size === 0 ? [] : [[name, literals(values)] as const];
    });
    return `/** All that is declared: \`cdef<Types>(text)\`. */
export interface Types {
  readonly abi: ${quoted(types.abi.name)};
  readonly types: ${object(described)};
  readonly constants: ${object(constants)};
  readonly functions: ${object(functions)};
  readonly members: ${object(members)};
}
`;
  }
}

function enumerators(type: EnumType): ReadonlyMap<string, number | bigint> {
  return type.definition.layout?.constants ?? new Map();
}

/** A constant's type. */
function literal(value: number | bigint): string {
  return typeof value === 'bigint' ? `${value}n` : String(value);
}

function literals(values: ReadonlyMap<string, number | bigint>): string {
  return `{ ${[...values].map(([name, value]) => `readonly ${propertyName(name)}: ${literal(value)}`).join('; ')} }`;
}

function object(entries: readonly (readonly [string, string])[]): string {
  if (entries.length === 0) return '{}';
  return `{\n${entries.map(([name, type]) => `    readonly ${propertyName(name)}: ${type};\n`).join('')}  }`;
}
