/**
 * What must hold for every text: the only error is a `CdefError` with a place in the text, a refused text changes
 * nothing, all ways to read a text agree, and what is accepted can be listed, dumped, viewed and written.
 * @module
 */
import { DecodeStream, EncodeStream } from 'restructure';
import { inspect } from 'node:util';
import { codec } from '../../src/codec/index.ts';
import { type IncludeResolver, needsPreprocessing, preprocess } from '../../src/cparser/index.ts';
import { type AbiName, isRecord, type Namespace, printType } from '../../src/ctype/index.ts';
import { dump, layoutAsJson, layoutAsSvg, layoutAsText, layoutSummary, typeNames } from '../../src/report/index.ts';
import { CdefError } from '../../src/util/errors.ts';
import { Source } from '../../src/util/source.ts';
import { Cdef, type TypeObject } from '../../src/view/index.ts';
import type { Random } from '../helpers/random.ts';

/** A broken promise. `key` is the same for findings that are probably the same. */
export class Finding extends Error {
  readonly key: string;

  constructor(what: string, detail: string, stack = '') {
    super(`${what}: ${detail}`);
    const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
    const frame = frames.find((line) => line.includes('/src/')) ?? '';
    this.key = `${what}: ${detail
      .split('\n')[0]
      ?.replace(/'[^']*'|\d+/g, '#')
      .slice(0, 120)} ${frame.replace(/^.*\/src\//, '').replace(/[):].*$/, '')}`;
    this.stack = `${what}: ${detail}\n${stack}`;
  }
}

// How V8 words errors that no one meant to throw.
const ACCIDENT =
  /Cannot (?:read|set|convert|mix|destructure|access|redefine|create|perform|add|assign|define)|is not (?:a function|iterable|defined|a constructor|extensible|an object)|call stack|Invalid (?:array|string|typed|count|regular)|out of bounds|outside the bounds|Reduce of empty|\bNaN\b|\bundefined\b|\[object |must be (?:of type|an (?:instance|integer))|precision is out|toFixed|Maximum|allocation failed/;

const PRELUDE =
  'struct known { int x; }; typedef struct known known_t; enum known_e { KNOWN = 3 }; struct fwd; union known_u { int a; char b[4]; };';
const ABIS: readonly AbiName[] = ['x86_64-linux-gnu', 'x86_64-linux-gnu', 'i386-linux-gnu', 'aarch64-linux-gnu', 'arm-linux-gnueabihf'];

function prepared(abi: AbiName): Cdef {
  const c = new Cdef({ abi });
  c.cdef(PRELUDE);
  return c;
}

/** `self.h` is the text itself, `a.h` and `b.h` include each other. */
function including(text: string): IncludeResolver {
  return ({ name }) => {
    if (name === 'self.h') return { name, text };
    if (name === 'a.h') return { name, text: '#include "b.h"\nint from_a;\n' };
    if (name === 'b.h') return { name, text: '#ifndef B\n#define B 1\n#include "a.h"\n#endif\n#include "self.h"\n' };
    return null;
  };
}

function checkError(error: unknown, what: string): asserts error is CdefError {
  const thrown = error as Error;
  if (!(error instanceof CdefError))
    throw new Finding(`${what} throws`, `${thrown?.name}: ${thrown?.message}`.slice(0, 500), thrown?.stack);
  const { position, length, source, reason, message } = error;
  if (
    /call stack|Invalid (?:string|array)|\bNaN\b|\[object|\bundefined\b(?! (?:type|macro))/.test(reason.replace(/'[^']*'|^#error.*/g, ''))
  ) {
    throw new Finding(`${what} fails oddly`, reason.slice(0, 300));
  }
  const isWithin = position.offset >= 0 && position.offset <= source.text.length && length >= 1;
  if (!isWithin)
    throw new Finding(
      `${what} fails outside of the text`,
      `${reason.slice(0, 200)} at ${position.offset}, ${length} long, of ${source.text.length}`,
    );
  if (!/^[^\n]*:-?\d+:\d+: error: [^\n]+\n *-?\d+ \| [^\n]*\n *\| *\^~*(?:\nnote: [^\n]*)*$/.test(message)) {
    throw new Finding(`${what} fails without an excerpt`, message.slice(0, 500));
  }
  if (message.length > 20_000 + source.text.length) throw new Finding(`${what} fails at length`, `${message.length} characters`);
}

/** Everything that a refused text must leave alone. */
function snapshot(space: Namespace): string {
  const names = [...space.names].map(([name, named]) => `${name} ${named.kind}`);
  const tags = [...space.tags].map(([tag, type]) => `${tag} ${type.definition.layout !== null} ${type.size}`);
  return [...names, '', ...tags, '', ...space.completed.map((type) => printType(type))].join('\n');
}

function listing(space: Namespace): string {
  return JSON.stringify(layoutAsJson(space));
}

/** Checks a text; answers whether it is accepted. */
export function checkText(text: string, random: Random): boolean {
  const abi = random.one(ABIS);
  const options = { include: including(text) };
  const c = prepared(abi);
  const before = snapshot(c.namespace);
  let refusal: CdefError | null = null;
  try {
    c.cdef(text, options);
  } catch (error) {
    checkError(error, 'cdef()');
    refusal = error;
  }
  const all = prepared(abi);
  let errors: CdefError[];
  try {
    errors = all.namespace.declareAll(text, '<cdef>', options);
  } catch (error) {
    throw new Finding('declareAll() throws', String(error).slice(0, 500), (error as Error).stack);
  }
  for (const error of errors) checkError(error, 'declareAll()');
  // Only cdef() knows of `$`, and that none were given.
  if ((refusal === null) !== (errors.length === 0) && !text.includes('$')) {
    throw new Finding('cdef() and declareAll() disagree', `${refusal?.message} and ${errors[0]?.message}`);
  }
  if (refusal === null) {
    if (listing(c.namespace) !== listing(all.namespace)) throw new Finding('cdef() and declareAll() disagree', 'on layouts');
    checkPreprocessed(text, abi, c, options);
  } else {
    if (refusal.message !== errors[0]?.message && !text.includes('$'))
      throw new Finding('cdef() and declareAll() disagree', `${refusal.message} and ${errors[0]?.message}`);
    if (snapshot(c.namespace) !== before) throw new Finding('a refused text changes the namespace', snapshot(c.namespace).slice(0, 500));
    c.cdef('struct fwd { known_t k; enum known_e e; }; typedef struct fwd fwd_t;');
    if (c.sizeof('fwd_t') !== 8) throw new Finding('a refused text changes the namespace', `sizeof(fwd_t) is ${c.sizeof('fwd_t')}`);
  }
  checkReports(all.namespace);
  checkValues(all, random);
  return refusal === null;
}

// Preprocessed text is text like any other, and means the same. Macros are no constants any more.
function checkPreprocessed(text: string, abi: AbiName, c: Cdef, options: { include: IncludeResolver }): void {
  if (!needsPreprocessing(text)) return;
  const { source } = preprocess(new Source('<cdef>', text), options);
  if (needsPreprocessing(source.text)) return;
  const again = prepared(abi);
  try {
    again.cdef(source.text);
  } catch (error) {
    throw new Finding('preprocessed text is refused', String(error).slice(0, 500));
  }
  const layouts = [c, again].map(({ namespace }) => JSON.stringify({ ...layoutAsJson(namespace), constants: null }));
  if (layouts[0] !== layouts[1]) throw new Finding('preprocessed text means something else', `${layouts[0]}\n${layouts[1]}`.slice(0, 1000));
}

/** Checks a type name. */
export function checkTypeName(text: string): void {
  const c = prepared('x86_64-linux-gnu');
  const before = snapshot(c.namespace);
  try {
    const type = c.typeof(text);
    if (c.typeof(text).ctype !== type.ctype && c.namespace.completed.length === 2)
      throw new Finding('typeof() answers twice', text.slice(0, 100));
    String(type);
    c.alignof(text);
  } catch (error) {
    if (error instanceof Finding) throw error;
    checkError(error, 'typeof()');
    if (snapshot(c.namespace) !== before)
      throw new Finding('a refused type name changes the namespace', snapshot(c.namespace).slice(0, 300));
  }
}

function checkReports(space: Namespace): void {
  guarded('report', () => {
    const json = layoutAsJson(space);
    if (JSON.stringify(JSON.parse(JSON.stringify(json))) !== JSON.stringify(json)) throw new Finding('JSON changes', '');
    const names = typeNames(space);
    for (const type of space.completed) {
      const name = names.get(type.definition) ?? printType(type);
      if (!isRecord(type)) continue;
      layoutAsText(type, name);
      layoutSummary(type);
      layoutAsSvg(type, name);
    }
  });
}

// Errors here may be anything that says what is wrong on purpose.
function guarded(what: string, work: () => void, mayFail = false): void {
  try {
    work();
  } catch (error) {
    if (error instanceof Finding) throw error;
    const { name, message, stack } = error as Error;
    const isMeant =
      mayFail &&
      (error instanceof TypeError || error instanceof RangeError) &&
      !ACCIDENT.test(message.replace(/'[^']*'|got [^,;]*|\S+ is no integer/g, ''));
    if (!isMeant) throw new Finding(`${what} throws`, `${name}: ${message}`.slice(0, 500), stack);
  }
}

const HOSTILE: readonly unknown[] = [
  ...[0, -1, 1, 2 ** 53, 1e308, Number.NaN, Number.POSITIVE_INFINITY, -0, 0.5, 2n ** 64n, -(2n ** 70n), 'text', '', null, undefined, true],
  ...[[], [1, 2, 3], {}, { x: 1 }, { length: 1e9 }, { re: 1 }, new Uint8Array(3), Symbol('s'), () => 1, new Date(0), /x/],
];
const LARGEST_VIEWED = 1 << 16;

function checkValues(c: Cdef, random: Random): void {
  const { names, completed } = c.namespace;
  const typedefs = [...names].flatMap(([, named]) => (named.kind === 'typedef' ? [named.type] : []));
  const types = [...completed.slice(-4), ...typedefs.slice(-4)];
  for (const type of types) {
    let object: TypeObject | null = null;
    guarded('type object', () => {
      const text = printType(type);
      // Bodies without a tag cannot be named.
      object = /<\d+>/.test(text) ? null : c.typeof(text);
      if (object !== null && object.ctype !== type && c.namespace.types.unqualified(object.ctype) !== c.namespace.types.unqualified(type)) {
        if (!type.hasUserAlign && !/be\d+_t/.test(text))
          throw new Finding('a printed type is another type', `${text} gives ${printType(object.ctype)}`);
      }
    });
    if (object !== null) checkObject(c, object, random);
  }
}

function checkObject(c: Cdef, object: TypeObject, random: Random): void {
  const { size, ctype } = object;
  const isVariable = isRecord(ctype) && ctype.definition.layout?.isVariable === true;
  if ((size ?? 0) > LARGEST_VIEWED) return;
  const length = (size ?? 8) + random.below(3) - 1;
  const bytes = new Uint8Array(Math.max(0, length) + 5);
  for (let i = 0; i < bytes.length; i++) bytes[i] = random.below(256);
  const short = bytes.subarray(0, Math.max(0, length));
  const offset = random.one([0, 0, 0, 1, 5, -1, 0.5, Number.NaN, 2 ** 40]);
  guarded('view of short bytes', () => void object.view(short, offset), true);
  guarded('array', () => void object.array(bytes, random.below(3), random.one([undefined, 0, 1, 1e9, -1])), true);
  guarded('new', () => void object.new(random.one(HOSTILE)), true);
  if (size !== null || isVariable) {
    const most = isRecord(ctype) ? Math.max(size ?? 0, ctype.definition.layout?.size ?? 0) : (size ?? 0);
    const whole = new Uint8Array(most + 4);
    whole.set(bytes.subarray(0, whole.length));
    guarded('dump', () => void dump(ctype, whole));
    guarded('inspect', () => inspectView(object, whole), true);
    guarded('offsetof', () => void c.offsetof(object, random.one(['x', '', 'a.b', '[0]', 'x[99999999999]', '__proto__'])), true);
  }
  if (size === null) return;
  guarded(
    'codec',
    () => {
      const type = codec(object);
      const stream = new DecodeStream(bytes);
      const value = type.decode(stream);
      type.encode(new EncodeStream(new Uint8Array(size + 8)), random.often(0.5) ? value : random.one(HOSTILE));
      type.size(value);
    },
    true,
  );
}

// Reads and writes every field, prints the view.
function inspectView(object: TypeObject, bytes: Uint8Array): void {
  const view: unknown = object.view(bytes);
  guarded('inspect', () => void inspect(view, { depth: 4 }), true);
  guarded('JSON', () => void JSON.stringify(view, (_, value) => (typeof value === 'bigint' ? String(value) : value)), true);
  if (typeof view !== 'object' || view === null) return;
  const holder = view as Record<string, unknown>;
  const names = isRecord(object.ctype) ? object.ctype.definition.layout?.fields.map(({ name }) => name) : ['0', '-1', '7', 'length'];
  for (const name of names ?? []) {
    if (name === '') continue;
    guarded('read', () => void holder[name], true);
    for (const value of HOSTILE) {
      guarded(
        'write',
        () => {
          holder[name] = value;
        },
        true,
      );
    }
  }
}
