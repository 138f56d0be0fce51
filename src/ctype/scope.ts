/**
 * The names that one `cdef` object knows: tags, typedefs, functions, variables and constants, with the order they
 * were declared in.
 * @module
 */
import { baseType, FLOAT_N, KEYWORDS } from '../cparser/keywords.ts';
import { ABIS, type AbiName, DEFAULT_ABI } from './abi.ts';
import { predefinedTypedefs } from './predefined.ts';
import { CTypes } from './table.ts';
import type { CType, EnumType, FunctionType, RecordType } from './types.ts';

interface Linked {
  /** What the linker knows it by, where that is not its name: `int f(void) asm("g");` */
  readonly symbol?: string;
}

/** What an ordinary identifier can stand for. */
export type Named =
  | { readonly kind: 'typedef'; readonly type: CType }
  | ({ readonly kind: 'function'; readonly type: FunctionType } & Linked)
  | ({ readonly kind: 'variable'; readonly type: CType } & Linked)
  | { readonly kind: 'constant'; readonly value: number | bigint; readonly type: CType };

export type TaggedType = RecordType | EnumType;

/** One name space of C declarations, for one ABI. */
export class Scope {
  readonly types: CTypes;
  readonly names: Map<string, Named> = new Map();
  readonly tags: Map<string, TaggedType> = new Map();
  /** Every struct, union and enum with a body, in the order of their completion. */
  readonly completed: TaggedType[] = [];
  /** What names mean that nobody has declared. */
  readonly predefined: ReadonlyMap<string, Named>;

  /**
   * `msBitFields` places members by Microsoft's rules where no attribute says otherwise, as gcc's `-mms-bitfields`.
   * @throws {RangeError} for an ABI that is not known, or that has no such choice
   */
  constructor(abi: AbiName = DEFAULT_ABI, { msBitFields = false }: { readonly msBitFields?: boolean } = {}) {
    if (!Object.hasOwn(ABIS, abi)) throw new RangeError(`unknown ABI '${abi}', expected ${Object.keys(ABIS).join(' or ')}`);
    if (msBitFields && !ABIS[abi].hasMsStruct) throw new RangeError(`no msBitFields for the ABI '${abi}'`);
    this.types = new CTypes(msBitFields ? { ...ABIS[abi], rules: 'gcc-ms' } : ABIS[abi]);
    this.predefined = new Map(Array.from(predefinedTypedefs(this.types), ([name, type]) => [name, { kind: 'typedef', type }]));
  }

  /** What `name` stands for, predefined typedefs included. */
  lookup(name: string): Named | null {
    return this.names.get(name) ?? this.predefined.get(name) ?? null;
  }

  /** Forgets what texts meant as types: a predefined name means something else now. */
  forgetTypeNames(): void {}

  /**
   * The type that `text` names. Here that is what `typeOfWords` takes; a `Namespace` reads all of C's type names.
   * @throws {TypeError} when it names none
   */
  typeNamed(text: string, _parameters?: readonly unknown[]): CType {
    return this.typeOfWords(text, (reason) => {
      throw new TypeError(reason);
    });
  }

  /** The type that words name: `unsigned long`, `const uint8_t`, `struct dhcp_msg`. */
  typeOfWords(text: string, fail: (reason: string) => never): CType {
    const { base, names, tag, qualifiers } = wordsOf(text);
    const [name] = names;
    let type: CType | null = null;
    if (name === undefined) {
      const known = tag === null ? baseType(base) : undefined;
      if (known !== undefined && this.types.abi.missing.includes(known)) fail(`'${known}' is not supported for ${this.types.abi.name}`);
      if (known !== undefined) type = this.types.base(known);
    } else if (names.length === 1 && base === '') {
      const named = this.lookup(name);
      if (tag !== null) type = this.tags.get(name) ?? null;
      else if (named?.kind === 'typedef') type = named.type;
    }
    if (type === null || (tag !== null && type.kind !== tag)) return fail(`unknown type '${text}'`);
    return this.types.qualify(type, qualifiers);
  }
}

// The words of a type's name by what they are.
function wordsOf(text: string) {
  const base: string[] = [];
  const names: string[] = [];
  let tag: string | null = null;
  let isConst = false;
  let isVolatile = false;
  for (const word of text.split(' ')) {
    const { kind, name } = KEYWORDS.get(word) ?? {};
    if (kind === 'qualifier') {
      isConst ||= name === 'const';
      isVolatile ||= name === 'volatile';
    } else if (kind === 'tagged') tag = name as string;
    else if (kind === 'base') base.push(name as string);
    else if (tag === null && FLOAT_N.has(word)) base.push(FLOAT_N.get(word) as string);
    else names.push(word);
  }
  return { base: base.join(' '), names, tag, qualifiers: { isConst, isVolatile } };
}
