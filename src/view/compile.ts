/**
 * Code made at run time, for what V8 does well only where names stand in the code: whole structs from objects, and as objects. Accessors
 * are closures, which are as fast. Everything that is generated has a twin in closures, which does the same where
 * `eval` is not allowed; the generated form may leave cases to it.
 *
 * Names of fields are put into the text as JSON strings only.
 * @module
 */

/** Makes functions of text, unless that is not wanted or not allowed. */
export class Compiler {
  #isAllowed: boolean;

  constructor(isAllowed: boolean) {
    this.#isAllowed = isAllowed;
  }

  /** Whether functions are made of text, as far as is known. */
  get isAllowed(): boolean {
    return this.#isAllowed;
  }

  /**
   * What `body` returns, with `parameters` in scope; null where code is not to be made. A content security policy, or what else
   * forbids it, shows as an `EvalError`; any other error is a mistake in the text.
   */
  compile<T>(parameters: Readonly<Record<string, unknown>>, body: string): T | null {
    if (!this.#isAllowed) return null;
    try {
      return new Function(...Object.keys(parameters), `'use strict';${body}`)(...Object.values(parameters)) as T;
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      this.#isAllowed = false;
      return null;
    }
  }
}

/** A field's value in an object of fields: how it is checked, and stored afterwards. */
export interface Storing {
  readonly name: string;
  /** JavaScript that is true of values stored as they are, with `$` for the value; null where there are none. */
  readonly accepts: string | null;
  /** Stores a value that is accepted. `at` is the struct's place. */
  readonly store: (bytes: Uint8Array, at: number, value: never, where: never) => void;
  /** The place in the struct of a field that is bytes; the values accepted are `Uint8Array`s. */
  readonly octets?: { readonly offset: number; readonly length: number };
}

/** Stores what an object names. False where that is not for it to do; then nothing has been stored. */
export type StoreAll<Where> = (bytes: Uint8Array, at: number, values: object, where: Where) => boolean;

/** More fields than that are not worth the code. */
const MAX_FIELDS = 256;
/** Bytes of a struct that are stored by a statement each. V8 unrolls no loops; for four bytes one takes three times as long. */
const MAX_UNROLLED = 64;

/**
 * Stores an object's fields, after a look at all of them: plain objects only, and nothing but fields whose values are
 * accepted. Null where code is not to be made, or names are those of `Object.prototype`.
 */
export function compileStore<Where>(compiler: Compiler, fields: readonly Storing[]): StoreAll<Where> | null {
  const [first] = fields;
  if (first === undefined || fields.length > MAX_FIELDS || fields.some(({ name }) => name in Object.prototype)) return null;
  const parameters: Record<string, unknown> = { ordinary: Object.prototype, prototypeOf: Object.getPrototypeOf };
  const checks: string[] = [];
  const stores: string[] = [];
  let unrolled = 0;
  fields.forEach(({ name, accepts, store, octets }, i) => {
    const value = `v${i}`;
    checks.push(`const ${value} = values[${JSON.stringify(name)}];`);
    // With the first value V8 knows what kind of object that is, and the prototype costs nothing.
    if (i === 0) checks.push('if (prototypeOf(values) !== ordinary) return false;');
    const test = accepts === null ? 'false' : accepts.replaceAll('$', value);
    checks.push(`if (${value} !== undefined) { if (!(${test})) return false; seen++; }`);
    if (accepts === null) return;
    parameters[`s${i}`] = store;
    const call = `s${i}(bytes, at, ${value}, where);`;
    if (octets === undefined || unrolled + octets.length > MAX_UNROLLED) {
      stores.push(`if (${value} !== undefined) ${call}`);
      return;
    }
    unrolled += octets.length;
    const { offset, length } = octets;
    const all = Array.from({ length }, (_, j) => `bytes[at + ${offset + j}] = ${value}[${j}];`);
    stores.push(`if (${value} !== undefined) { if (${value}.length === ${length}) { ${all.join(' ')} } else ${call} }`);
  });
  // All names are fields if there are as many names as fields that have been seen.
  const count = 'let given = 0; for (const name in values) given++; if (given !== seen) return false;';
  const body = `let seen = 0; ${checks.join('\n')}\n${count}\n${stores.join('\n')}\nreturn true;`;
  return compiler.compile(parameters, `return (bytes, at, values, where) => { ${body} };`);
}

/** A field as it is read for a plain object. `at` is the struct's place. */
export interface Reading {
  readonly name: string;
  readonly read: (bytes: Uint8Array, at: number) => unknown;
}

/** Makes a plain object of all fields; null where code is not to be made. */
export function compileRead(compiler: Compiler, fields: readonly Reading[]): ((bytes: Uint8Array, at: number) => object) | null {
  if (fields.length > MAX_FIELDS) return null;
  const parameters = Object.fromEntries(fields.map(({ read }, i) => [`r${i}`, read]));
  const members = fields.map(({ name }, i) => {
    const key = JSON.stringify(name);
    // In brackets `__proto__` is a name like any other.
    return `${name === '__proto__' ? `[${key}]` : key}: r${i}(bytes, at)`;
  });
  return compiler.compile(parameters, `return (bytes, at) => ({ ${members.join(',\n')} });`);
}
