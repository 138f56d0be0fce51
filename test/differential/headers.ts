/**
 * Header files as gcc and this library read them: preprocessed by gcc and raw, both have to give the same declarations,
 * and the sizes, alignments, offsets, bit-fields and constants that gcc computes. Nothing is run: gcc writes the answers
 * as data into an object file.
 * @module
 */
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { definedMacros, includeFrom, predefinedMacros, systemFolders } from '../../src/cli/headers.ts';
import { type AbiName, fieldsOf, isRecord, type RecordType } from '../../src/ctype/index.ts';
import { layoutAsJson } from '../../src/report/index.ts';
import { Cdef } from '../../src/view/index.ts';

const run = promisify(execFile);

/** What headers need around them. */
export interface Surroundings {
  /** Folders of `-I`. */
  readonly folders: readonly string[];
  /** Macros of `-D`, as `NAME` or `NAME=BODY`. */
  readonly macros: readonly string[];
  /** Headers to include before. */
  readonly before: readonly string[];
  /** Whether the folders of the C library are searched too. */
  readonly hasSystem: boolean;
  readonly abi: AbiName;
  /** The compiler for that. */
  readonly gcc: string;
}

export const PLAIN: Surroundings = { folders: [], macros: [], before: [], hasSystem: true, abi: 'x86_64-linux-gnu', gcc: 'gcc' };

/** A translation unit that includes some headers, as gcc preprocesses it. */
export interface Unit {
  readonly headers: readonly string[];
  readonly surroundings: Surroundings;
  /** Includes only. */
  readonly raw: string;
  readonly preprocessed: string;
}

/** A header that gcc does not compile on its own. */
export interface Refusal {
  readonly header: string;
  readonly reason: string;
}

/** What came of one unit. The lists are empty when all is well. */
export interface Findings {
  readonly counts: Counts;
  /** Declarations that were not accepted. */
  readonly errors: readonly string[];
  /** What is not the same preprocessed and raw. */
  readonly disagreements: readonly string[];
  /** Answers that are not gcc's. */
  readonly differences: readonly string[];
}

export interface Counts {
  headers: number;
  /** Declared names, all kinds. */
  declarations: number;
  structs: number;
  typedefs: number;
  constants: number;
  questions: number;
  equal: number;
}

export const noCounts = (): Counts => ({ headers: 0, declarations: 0, structs: 0, typedefs: 0, constants: 0, questions: 0, equal: 0 });

/** Adds counts to others. */
export function addCounts(sum: Counts, counts: Counts): void {
  for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += counts[key];
}

/** Runs `work` on each item, as many at once as there are processors. */
export async function each<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i] as Item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

/** Compiles in a folder, whose files it numbers. What gcc has answered as we do is not asked again. */
export class Compiler {
  readonly #folder: string;
  readonly #answered: Set<string> = new Set();
  #files = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  #file(ending: string): string {
    return join(this.#folder, `${this.#files++}${ending}`);
  }

  /**
   * Units of some headers each: all together if gcc takes them; else those with errors by themselves, which may be
   * because of the others, down to single ones.
   */
  async units(headers: readonly string[], surroundings: Surroundings): Promise<{ units: Unit[]; refusals: Refusal[] }> {
    const lines = [...surroundings.before, ...headers].map((header) => `#include <${header}>\n`);
    const raw = lines.join('');
    const read = await this.#preprocessed(raw, surroundings);
    if ('text' in read) return { units: [{ headers, surroundings, raw, preprocessed: read.text }], refusals: [] };
    if (headers.length === 1) return { units: [], refusals: [{ header: headers[0] as string, reason: read.reason }] };
    const blamed = new Set(read.blamed.map((line) => line - 1 - surroundings.before.length));
    if (blamed.size === 0 || blamed.size === headers.length) {
      blamed.clear();
      for (let i = 0; i < headers.length >> 1; i++) blamed.add(i);
    }
    const first = await this.units(
      headers.filter((_, i) => !blamed.has(i)),
      surroundings,
    );
    const second = await this.units(
      headers.filter((_, i) => blamed.has(i)),
      surroundings,
    );
    return { units: [...first.units, ...second.units], refusals: [...first.refusals, ...second.refusals] };
  }

  async #preprocessed(raw: string, surroundings: Surroundings): Promise<{ text: string } | { reason: string; blamed: number[] }> {
    const source = this.#file('.c');
    const output = source.replace(/c$/, 'i');
    await writeFile(source, raw);
    try {
      await run(surroundings.gcc, ['-E', ...flags(surroundings), '-o', output, source]);
      await run(surroundings.gcc, ['-fsyntax-only', ...flags(PLAIN), output], { maxBuffer: 1 << 28 });
      return { text: await readFile(output, 'utf8') };
    } catch (error) {
      return { reason: firstError(error), blamed: blamedLines(error, source) };
    } finally {
      await Promise.all([source, output].map((file) => rm(file, { force: true })));
    }
  }

  /** Reads a unit in both ways, and asks gcc about all that it declares. */
  async compare(unit: Unit): Promise<Findings> {
    const { headers, surroundings } = unit;
    const name = headers.length === 1 ? `<${headers[0]}>` : `<${headers[0]}> to <${headers.at(-1)}>`;
    const { abi } = surroundings;
    const preprocessed = new Cdef({ abi });
    const raw = new Cdef({ abi });
    const include = includeFrom(surroundings.folders, surroundings.hasSystem ? systemFolders(abi) : []);
    const define = { ...predefinedMacros(abi), ...definedMacros(surroundings.macros) };
    const errors = [
      ...preprocessed.namespace.declareAll(unit.preprocessed, name),
      ...raw.namespace.declareAll(unit.raw, name, { include, define }),
    ];
    const layout = layoutAsJson(raw.namespace);
    const isNew = ({ text, ours }: Question): boolean => !this.#answered.has(`${text} ${ours}`);
    const asked = questions(preprocessed).filter(isNew);
    const macros = macroQuestions(raw, preprocessed).filter(isNew);
    const differences = [
      ...(await this.#differing(unit.preprocessed, '.i', surroundings, asked)),
      ...(await this.#differing(unit.raw, '.c', surroundings, macros)),
    ];
    const { names, tags } = preprocessed.namespace;
    const asking = asked.length + macros.length;
    return {
      counts: {
        headers: headers.length,
        declarations: names.size + tags.size,
        structs: layout.types.length,
        typedefs: Object.keys(layout.typedefs).length,
        constants: Object.keys(layout.constants).length,
        questions: asking,
        equal: asking - differences.length,
      },
      errors: errors.map(({ message }) => message),
      disagreements: disagreements(preprocessed, raw).map((text) => `${name} ${text}`),
      differences: differences.map((text) => `${name} ${text}`),
    };
  }

  async #differing(text: string, ending: '.c' | '.i', surroundings: Surroundings, asked: readonly Question[]): Promise<string[]> {
    if (asked.length === 0) return [];
    const file = this.#file(ending);
    const object = `${file}.o`;
    const data = `${file}.bin`;
    // Names such as size_t, which are known here without a header, are in the bodies of macros.
    const names = ending === '.c' && surroundings.hasSystem ? '#include <stddef.h>\n' : '';
    await writeFile(file, `${text}\n${names}${answering(asked)}`);
    try {
      // Optimising leaves out functions that are not called, whose assembly may be impossible without.
      const options = [...flags(ending === '.i' ? PLAIN : surroundings), '-O1', '-U__OPTIMIZE__', '-c', '-o', object];
      await run(surroundings.gcc, [...options, file], { maxBuffer: 1 << 28 });
      await run('objcopy', ['-O', 'binary', '-j', '.cdef', object, data]);
      const answers = await readFile(data);
      let offset = 0;
      return asked.flatMap((question) => {
        const end = offset + question.size;
        const found = question.read(answers.subarray(offset, end));
        offset = end;
        if (found !== question.ours) return [`${question.text}: ours ${question.ours}, gcc ${found}`];
        this.#answered.add(`${question.text} ${found}`);
        return [];
      });
    } catch (error) {
      return refused(error, asked);
    } finally {
      await Promise.all([file, object, data].map((one) => rm(one, { force: true })));
    }
  }
}

function flags({ folders, macros, hasSystem }: Surroundings): string[] {
  return [
    ...['-std=gnu11', '-w', ...(hasSystem ? [] : ['-nostdinc'])],
    ...folders.map((folder) => `-I${folder}`),
    ...macros.map((macro) => `-D${macro}`),
  ];
}

function firstError(error: unknown): string {
  const { stderr = '', message } = error as { stderr?: string; message: string };
  return /(?:fatal )?error: .*/.exec(stderr)?.[0] ?? `${message}\n${stderr}`;
}

/** The lines of the unit whose headers have errors. gcc names the including files of each only where they change. */
function blamedLines(error: unknown, source: string): number[] {
  const { stderr = '' } = error as { stderr?: string };
  const lines = new Set<number>();
  let current: number | null = null;
  for (const line of stderr.split('\n')) {
    const at = line.indexOf(`${source}:`);
    if (at >= 0) current = Number.parseInt(line.slice(at + source.length + 1), 10);
    if (line.includes('error: ') && current !== null) lines.add(current);
  }
  return [...lines];
}

/** One question to gcc, the bytes its answer has, and how they are read. */
interface Question {
  readonly text: string;
  readonly ours: string;
  /** The type of the answer, and its initialiser. */
  readonly type: string;
  readonly value: string;
  readonly size: number;
  read(bytes: Buffer): string;
}

function integer(expression: string, ours: number | bigint): Question {
  return {
    ...{ text: expression, ours: String(BigInt.asIntN(64, BigInt(ours))), type: 'long long', value: expression, size: 8 },
    read: (bytes) => String(bytes.readBigInt64LE()),
  };
}

/** Where a bit-field is: gcc sets all of its bits in an object of the struct. */
function bitField(spelling: string, path: string, size: number, first: number, width: number): Question {
  return {
    ...{ text: `bits of ${spelling}.${path}`, ours: `${first}+${width}`, type: spelling, value: `{ .${path} = -1 }`, size },
    read: (bytes) => {
      const set = [...bytes].flatMap((byte, i) => [...Array(8).keys()].flatMap((bit) => (byte & (1 << bit) ? [i * 8 + bit] : [])));
      const [start, end] = [set[0] ?? 0, set.at(-1) ?? -1];
      return end - start + 1 === set.length ? `${start}+${set.length}` : set.join(',');
    },
  };
}

/** Every type that has a size, by its tag or its typedef name, and the enumerators. */
function questions(c: Cdef): Question[] {
  const { namespace } = c;
  const spellings = [
    ...namespace.completed.flatMap(({ kind, definition: { tag } }) => (tag === null ? [] : [`${kind} ${tag}`])),
    ...[...namespace.names].flatMap(([name, { kind }]) => (kind === 'typedef' ? [name] : [])),
  ];
  const ofTypes = spellings.flatMap((spelling) => {
    const type = namespace.typeNamed(spelling);
    if (type.size === null) return [];
    return [
      integer(`sizeof(${spelling})`, type.size),
      integer(`__alignof__(${spelling})`, type.align),
      ...(isRecord(type) ? memberQuestions(spelling, type.size, type, '', 0) : []),
    ];
  });
  const ofEnumerators = [...namespace.names].flatMap(([name, named]) =>
    named.kind === 'constant' ? [integer(`(${name})`, named.value)] : [],
  );
  return [...ofTypes, ...ofEnumerators];
}

/** The members of a struct, and those of its untagged members, which no other name leads to. */
function memberQuestions(spelling: string, size: number, type: RecordType, prefix: string, base: number): Question[] {
  return [...fieldsOf(type).values()].flatMap((field) => {
    const path = `${prefix}${field.name}`;
    if (field.bits !== null) return [bitField(spelling, path, size, base * 8 + field.bits.bitOffset, field.bits.bitWidth)];
    const offset = base + field.offset;
    const asked = [integer(`__builtin_offsetof(${spelling}, ${path})`, offset)];
    if (field.type.size !== null) asked.push(integer(`sizeof(((${spelling} *)0)->${path})`, field.type.size));
    let element = field.type;
    let index = '';
    while (element.kind === 'array' && typeof element.length === 'number' && element.length > 0) {
      element = element.element;
      index += '[0]';
    }
    if (isRecord(element) && element.definition.tag === null && element.size !== null) {
      asked.push(...memberQuestions(spelling, size, element, `${path}${index}.`, offset));
    }
    return asked;
  });
}

/** The macros that are constants. What is a declaration too stays that here. */
function macroQuestions(raw: Cdef, preprocessed: Cdef): Question[] {
  return [...raw.namespace.names].flatMap(([name, named]) =>
    named.kind === 'constant' && !preprocessed.namespace.names.has(name) ? [integer(`(${name})`, named.value)] : [],
  );
}

const MARKER = '# 1 "answers"';

/** C that puts the answers into a section, one after the other; a line each for the types, then one for the values. */
function answering(asked: readonly Question[]): string {
  return `${MARKER}
const struct __attribute__((__packed__)) {
${asked.map(({ type }, i) => `${type} cdef_answer${i};`).join('\n')}
} cdef_answers __attribute__((__section__(".cdef"), __used__)) = {
${asked.map(({ value }, i) => `.cdef_answer${i} = ${value},`).join('\n')}
};
`;
}

/** The questions that gcc refuses. */
function refused(error: unknown, asked: readonly Question[]): string[] {
  const { stderr = '', message } = error as { stderr?: string; message: string };
  const found = new Map<Question, string>();
  for (const [, line, reason] of stderr.matchAll(/^answers:(\d+):.*error: (.*)$/gm)) {
    const at = Number(line) - 2;
    const question = asked[at >= asked.length ? at - asked.length - 1 : at];
    if (question !== undefined && !found.has(question)) found.set(question, reason as string);
  }
  if (found.size === 0) return [message + stderr.slice(0, 2000)];
  return [...found].map(([{ text, ours }, reason]) => `${text}: ours ${ours}, gcc: ${reason}`);
}

/** Names of what two readings of the same declarations do not agree on; macros apart, which only one of them has. */
function disagreements(preprocessed: Cdef, raw: Cdef): string[] {
  const [expected, found] = [layoutAsJson(preprocessed.namespace), layoutAsJson(raw.namespace)];
  const named = (layout: typeof expected): Map<string, string> =>
    new Map([
      ...[...layout.types, ...layout.enums].map((type) => [type.name, JSON.stringify(type)] as const),
      ...Object.entries(layout.typedefs).map(([name, type]) => [`typedef ${name}`, JSON.stringify(type)] as const),
      ...layout.functions.map((name) => [`${name}()`, name] as const),
    ]);
  const [ofExpected, ofFound] = [named(expected), named(found)];
  return [...new Set([...ofExpected.keys(), ...ofFound.keys()])]
    .filter((name) => ofExpected.get(name) !== ofFound.get(name))
    .map((name) => `${name}: ${ofExpected.get(name) ?? 'missing'} preprocessed, ${ofFound.get(name) ?? 'missing'} raw`);
}
