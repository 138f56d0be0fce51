/**
 * The headers of Linux and of glibc, read as gcc's preprocessor leaves them and as they are: every declaration is
 * accepted, both readings agree, and sizes, alignments, offsets and constants are those that gcc computes.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { includeFrom, predefinedMacros, systemFolders } from '../../src/cli/headers.ts';
import { fieldsOf, isRecord } from '../../src/ctype/index.ts';
import { layoutAsJson } from '../../src/report/index.ts';
import { Cdef } from '../../src/view/index.ts';
import { whyNoGcc } from './gcc.ts';

const reason = whyNoGcc();
const run = promisify(execFile);

const GLIBC = [
  ...['stdio', 'stdlib', 'string', 'unistd', 'sys/types', 'sys/stat', 'sys/socket', 'netinet/in', 'netinet/ip', 'netinet/tcp'],
  ...['arpa/inet', 'signal', 'pthread', 'time', 'math', 'complex', 'fenv', 'wchar', 'locale', 'dirent', 'fcntl', 'poll', 'sys/epoll'],
  ...['termios', 'elf', 'link', 'dlfcn', 'netdb', 'net/if', 'sys/mman', 'semaphore', 'regex', 'search', 'ucontext', 'sys/user', 'aio'],
].map((name) => `${name}.h`);

/** What gcc says about a header: its preprocessed text, or why it does not compile on its own. */
type Read = { readonly text: string } | { readonly refusal: string };

interface Header {
  readonly name: string;
  readonly preprocessed: Cdef;
  readonly raw: Cdef;
  readonly errors: readonly string[];
  /** Declared names, all kinds. */
  readonly declarations: number;
}

/** Runs `work` on each item, as many at once as there are processors. */
async function each<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i] as Item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

let folder = '';

async function readByGcc(name: string): Promise<Read> {
  const file = join(folder, `${name.replaceAll('/', '-')}.c`);
  await writeFile(file, `#include <${name}>\n`);
  const args = ['-std=gnu11', '-w', file];
  try {
    await run('gcc', ['-fsyntax-only', ...args]);
  } catch (error) {
    const { stderr } = error as { stderr: string };
    return { refusal: /(?:fatal )?error: .*/.exec(stderr)?.[0] ?? stderr };
  }
  const { stdout } = await run('gcc', ['-E', ...args], { maxBuffer: 1 << 28 });
  return { text: stdout };
}

const include = includeFrom([], systemFolders());
const define = predefinedMacros('x86_64-linux-gnu');

function readByUs(name: string, text: string): Header {
  const preprocessed = new Cdef();
  const raw = new Cdef();
  const errors = [
    ...preprocessed.namespace.declareAll(text, name),
    ...raw.namespace.declareAll(`#include <${name}>\n`, name, { include, define }),
  ];
  const { names, tags } = preprocessed.namespace;
  return { name, preprocessed, raw, errors: errors.map(({ message }) => message), declarations: names.size + tags.size };
}

/** Questions to gcc as C expressions, and our answers to them. */
function questions(c: Cdef, preprocessed: Cdef): Map<string, bigint> {
  const asked = new Map<string, bigint>();
  const { namespace } = c;
  const spellings = [
    ...namespace.completed.flatMap(({ kind, definition: { tag } }) => (tag === null ? [] : [`${kind} ${tag}`])),
    ...[...namespace.names].flatMap(([name, { kind }]) => (kind === 'typedef' ? [name] : [])),
  ];
  for (const spelling of spellings) {
    const type = namespace.typeNamed(spelling);
    if (type.size === null) continue;
    asked.set(`sizeof(${spelling})`, BigInt(type.size));
    asked.set(`_Alignof(${spelling})`, BigInt(type.align));
    if (!isRecord(type)) continue;
    for (const field of fieldsOf(type).values()) {
      if (field.bits === null) asked.set(`__builtin_offsetof(${spelling}, ${field.name})`, BigInt(field.offset));
      if (field.bits === null && field.type.size !== null) {
        asked.set(`sizeof(((${spelling} *)0)->${field.name})`, BigInt(field.type.size));
      }
    }
  }
  const constants = [...namespace.names].flatMap(([name, named]) => (named.kind === 'constant' ? [{ name, value: named.value }] : []));
  const isMacro = ({ name }: { name: string }): boolean => !preprocessed.namespace.names.has(name);
  const signed = (value: number | bigint): bigint => BigInt.asIntN(64, BigInt(value));
  for (const { name, value } of constants.filter(isMacro)) asked.set(`(${name})`, signed(value));
  // What is an enumerator and a macro stays the enumerator here; to ask gcc for that, the macro has to go, behind all that uses it.
  for (const { name, value } of constants.filter((one) => !isMacro(one))) asked.set(`\n#undef ${name}\n(${name})`, signed(value));
  return asked;
}

async function askGcc(header: string, asked: Iterable<string>): Promise<bigint[]> {
  const file = join(folder, `${header.replaceAll('/', '-')}.ask.c`);
  const lines = [...asked].map((expression) => `${expression},`);
  await writeFile(
    file,
    `#include <${header}>
#include <stddef.h>
#include <stdint.h>
static const long long answers[] = {\n${lines.join('\n')}\n};
int main(void) {
  for (unsigned i = 0; i < sizeof answers / sizeof *answers; i++) __builtin_printf("%lld\\n", answers[i]);
  return 0;
}
`,
  );
  const program = file.replace(/\.c$/, '');
  await run('gcc', ['-std=gnu11', '-w', '-O0', '-o', program, file]);
  const { stdout } = await run(program, { maxBuffer: 1 << 28 });
  await rm(program);
  return stdout.trim().split('\n').map(BigInt);
}

describe.skipIf(reason !== null)(`headers${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  const headers: Header[] = [];
  const counts = { headers: 0, declarations: 0, structs: 0, typedefs: 0, constants: 0, questions: 0, equal: 0 };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cdef-headers-'));
    const linux = (await readdir('/usr/include/linux')).filter((name) => name.endsWith('.h')).sort();
    const names = [...GLIBC, ...linux.map((name) => `linux/${name}`)];
    const read = await each(names, readByGcc);
    names.forEach((name, i) => {
      const answer = read[i] as Read;
      if ('text' in answer) headers.push(readByUs(name, answer.text));
      else console.log(`left out, as gcc does not compile it on its own: <${name}>: ${answer.refusal}`);
    });
    counts.headers = headers.length;
  });

  afterAll(async () => {
    console.log(`headers: ${JSON.stringify(counts)}`);
    await rm(folder, { recursive: true, force: true });
  });

  it('are nearly all that are there', () => {
    expect(headers.length).toBeGreaterThan(500);
  });

  it('are accepted to the last declaration, preprocessed and raw', () => {
    for (const { name, errors, declarations } of headers) {
      counts.declarations += declarations;
      expect({ [name]: errors }).toEqual({ [name]: [] });
    }
  });

  it('give the same types, enums, typedefs and functions, preprocessed and raw', () => {
    for (const { name, preprocessed, raw } of headers) {
      const { constants: _, ...expected } = layoutAsJson(preprocessed.namespace);
      const { constants: __, ...found } = layoutAsJson(raw.namespace);
      expect({ [name]: found }).toEqual({ [name]: expected });
    }
  });

  it('have the sizes, alignments, offsets and constants that gcc gives them', async () => {
    const different = await each(headers, async ({ name, preprocessed, raw }) => {
      const asked = questions(raw, preprocessed);
      const answers = asked.size === 0 ? [] : await askGcc(name, asked.keys());
      const { types, typedefs, constants } = layoutAsJson(raw.namespace);
      counts.structs += types.length;
      counts.typedefs += Object.keys(typedefs).length;
      counts.constants += Object.keys(constants).length;
      counts.questions += asked.size;
      return [...asked].flatMap(([question, ours], i) => {
        if (answers[i] === ours) counts.equal++;
        return answers[i] === ours ? [] : [`<${name}> ${question}: ours ${ours}, gcc ${answers[i]}`];
      });
    });
    expect(different.flat()).toEqual([]);
    expect(counts.questions).toBeGreaterThan(100_000);
  });
});
