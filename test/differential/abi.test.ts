/**
 * Layouts for other machines, against gcc's cross compilers. Nothing is run: the compiler writes sizes and offsets as
 * data into its assembly, which is read back.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type AbiName, fieldsOf, isRecord } from '../../src/ctype/index.ts';
import { Cdef, cdef } from '../../src/view/index.ts';
import { TRICKY } from './layouts.ts';
import { randomStructs } from './random.ts';

const SEED = Number(process.env['LAYOUT_SEED'] ?? (process.env['CI'] === undefined ? Date.now() % 2 ** 31 : 1));
const RANDOM_STRUCTS = 300;

const COMPILERS: readonly (readonly [AbiName, readonly string[]])[] = [
  ['x86_64-linux-gnu', ['gcc']],
  ['i386-linux-gnu', ['gcc', '-m32']],
  ['aarch64-linux-gnu', ['aarch64-linux-gnu-gcc']],
  ['arm-linux-gnueabihf', ['arm-linux-gnueabihf-gcc']],
];

function whyNot([command, ...flags]: readonly string[]): string | null {
  const { status } = spawnSync(command as string, [...flags, '-S', '-x', 'c', '-o', '/dev/null', '-'], { input: 'int x;' });
  if (status === 0) return null;
  const reason = `${[command, ...flags].join(' ')} does not work`;
  if (process.env['CI'] !== undefined) throw new Error(reason);
  return reason;
}

/** What each struct is asked for: size, alignment, and the offsets of members that are no bit-fields. */
function questions(c: Cdef, name: string): { ask: string; answer: number }[] {
  const type = c.typeof(name).ctype;
  if (!isRecord(type)) throw new TypeError(`${name} is no struct`);
  const asked = [
    { ask: `sizeof(${name})`, answer: c.sizeof(name) as number },
    { ask: `__alignof__(${name})`, answer: c.alignof(name) },
  ];
  for (const field of fieldsOf(type).values()) {
    if (field.bits === null) asked.push({ ask: `__builtin_offsetof(${name}, ${field.name})`, answer: field.offset });
  }
  return asked;
}

// The compilers' own headers, as the cross compilers have no C library here.
const PRELUDE = `
#include <stdint.h>
#include <stddef.h>
#include <stdbool.h>
typedef __CHAR16_TYPE__ char16_t;
typedef __CHAR32_TYPE__ char32_t;
typedef __PTRDIFF_TYPE__ ssize_t;
`;

/** The values that a compiler gives a list of constant expressions. */
function compiled([command, ...flags]: readonly string[], declarations: string, expressions: readonly string[]): number[] {
  const text = `${PRELUDE}\n${declarations}\nconst unsigned int answers[] = {\n${expressions.join(',\n')},\n 0x7ffffffful };\n`;
  const assembly = execFileSync(command as string, [...flags, '-std=gnu11', '-ffreestanding', '-w', '-S', '-x', 'c', '-o', '-', '-'], {
    input: text,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const values: number[] = [];
  // Runs of zeros are written as room.
  for (const [, kind, value] of assembly.slice(assembly.indexOf('answers:')).matchAll(/^\s*\.(word|long|zero|space)\s+(\d+)/gm)) {
    if (kind === 'word' || kind === 'long') values.push(Number(value));
    else for (let i = 0; i < Number(value) / 4; i++) values.push(0);
    if (values.at(-1) === 0x7fffffff) break;
  }
  return values.slice(0, -1);
}

function namesIn(c: Cdef): string[] {
  return c.namespace.completed.flatMap((type) =>
    isRecord(type) && type.definition.tag !== null ? [`${type.kind} ${type.definition.tag}`] : [],
  );
}

describe.each(COMPILERS)('layouts for %s', (abi, compiler) => {
  const reason = whyNot(compiler);

  // What an ABI does not have (128 bits, a `long` of 64) is left out: declarations that we refuse, and those after them
  // that need them. Should gcc refuse one that we take, it does not compile.
  function compare(texts: readonly string[]): void {
    const accepting = new Cdef({ abi });
    const declarations = texts.filter((text) => accepting.namespace.declareAll(text, 'struct.h').length === 0).join('\n#pragma pack()\n');
    const c = cdef(declarations, { abi });
    const asked = namesIn(c).flatMap((name) => questions(c, name));
    expect(asked.length).toBeGreaterThan(5);
    const values = compiled(
      compiler,
      declarations,
      asked.map(({ ask }) => ask),
    );
    expect(values).toHaveLength(asked.length);
    const differing = asked
      .filter(({ answer }, i) => answer !== values[i])
      .map(({ ask, answer }) => `${ask}: ${answer}, gcc says ${values[asked.findIndex((one) => one.ask === ask)]}`);
    expect(differing).toEqual([]);
  }

  it.skipIf(reason !== null)(`are gcc's for tricky structs${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
    compare(TRICKY.map(([, text]) => text));
  });

  it.skipIf(reason !== null)(
    `are gcc's for ${RANDOM_STRUCTS} random structs (LAYOUT_SEED=${SEED})${reason === null ? '' : ` (skipped: ${reason})`}`,
    () => {
      compare(randomStructs(SEED, RANDOM_STRUCTS).split('\n'));
    },
  );
});
