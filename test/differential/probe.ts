/**
 * The same questions about a type to gcc and to this library: sizes, alignments, offsets, and the bytes that come of
 * setting each scalar member and bit-field to all ones and to a pattern.
 * @module
 */
import { type CType, fieldsOf, isRecord, type RecordType } from '../../src/ctype/index.ts';
import type { Cdef, TypeObject } from '../../src/view/index.ts';

/** Answers by question, such as `offsetof inner.flag` to `12`. */
export type Answers = Record<string, string>;

interface Leaf {
  readonly path: readonly string[];
  readonly type: CType;
  readonly isBitField: boolean;
  /** Whether gcc knows of the byte order (`be32_t` is this library's own). */
  readonly hasBytes: boolean;
}

const ONES = -1n;
const PATTERN = 0x5a3c_96f0_1e87_4bd2n;

// Every member that can be named from the outside, in order; those of untagged members by their path.
function leaves(type: RecordType, prefix: readonly string[] = []): Leaf[] {
  const order = type.definition.layout?.order;
  return [...fieldsOf(type).values()].flatMap((field): Leaf[] => {
    const path = [...prefix, field.name];
    const isInteger = field.type.kind === 'integer' || field.type.kind === 'bool' || field.type.kind === 'enum';
    const leaf = {
      path,
      type: field.type,
      isBitField: field.bits !== null,
      hasBytes: isInteger && !field.type.isConst && (field.type.order === order || field.type.size === 1 || prefixed(type, field.name)),
    };
    if (isRecord(field.type) && field.type.definition.tag === null) {
      const inner = leaves(field.type, path);
      return [leaf, ...(field.type.isConst ? inner.map((one) => ({ ...one, hasBytes: false })) : inner)];
    }
    return [leaf];
  });
}

// Members of transparent structs have the byte order of those.
function prefixed(type: RecordType, name: string): boolean {
  return !(type.definition.layout?.fields ?? []).some((field) => field.name === name);
}

const MAX_PROBED_SIZE = 4096;

/** C statements that print gcc's answers about `spelling`, a line each. */
export function questions(c: Cdef, spelling: string): string {
  const type = c.typeof(spelling).ctype;
  const print = (question: string, format: string, expression: string): string => `  printf("${question}\\t${format}\\n", ${expression});`;
  const lines = [print('sizeof', '%zu', `sizeof(${spelling})`), print('__alignof__', '%zu', `__alignof__(${spelling})`)];
  if (type.kind === 'enum') lines.push(print('signed', '%d', `(${spelling})-1 < 0`));
  if (!isRecord(type)) return lines.join('\n');
  const isSmall = (type.definition.layout?.size ?? 0) <= MAX_PROBED_SIZE;
  for (const { path, type: member, isBitField, hasBytes } of leaves(type)) {
    const name = path.join('.');
    if (!isBitField) lines.push(print(`offsetof ${name}`, '%zu', `offsetof(${spelling}, ${name})`));
    if (!isBitField && member.size !== null) lines.push(print(`sizeof ${name}`, '%zu', `sizeof(((${spelling} *)0)->${name})`));
    if (!hasBytes || !isSmall) continue;
    for (const value of [ONES, PATTERN]) {
      lines.push(`  { ${spelling} object; memset(&object, 0, sizeof object); object.${name} = ${value}LL;`);
      lines.push(`    printf("${name} = ${value}\\t%lld ", (long long)object.${name}); bytes(&object, sizeof object); }`);
    }
  }
  return lines.join('\n');
}

/** A program that prints the answers for all types, each under a line with its spelling. */
export function program(declarations: string, asked: readonly { readonly c: Cdef; readonly spelling: string }[]): string {
  const functions = asked.map(
    ({ c, spelling }, i) => `static void ask${i}(void) {\n  puts("@${spelling}");\n${questions(c, spelling)}\n}\n`,
  );
  return `#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <uchar.h>
#include <sys/types.h>
static void bytes(const void *object, size_t size) {
  for (size_t i = 0; i < size; i++) printf("%02x", ((const unsigned char *)object)[i]);
  puts("");
}
${declarations}
${functions.join('')}
int main(void) {
${asked.map((_, i) => `  ask${i}();`).join('\n')}
  return 0;
}
`;
}

/** What the program printed, by type. */
export function answersOf(output: string): Map<string, Answers> {
  const all = new Map<string, Answers>();
  let current: Answers = {};
  for (const line of output.split('\n')) {
    if (line.startsWith('@')) {
      current = {};
      all.set(line.slice(1), current);
    } else if (line !== '') {
      const [question, answer] = line.split('\t') as [string, string];
      current[question] = answer;
    }
  }
  return all;
}

/** This library's answers. Values are read back from gcc's bytes where it gave some, so that readers are tested alone. */
export function ourAnswers(c: Cdef, spelling: string, gcc: Answers): Answers {
  const object = c.typeof(spelling);
  const type = object.ctype;
  const answers: Answers = { sizeof: String(object.size), __alignof__: String(object.align) };
  if (type.kind === 'enum') answers['signed'] = type.definition.layout?.isSigned ? '1' : '0';
  if (!isRecord(type)) return answers;
  for (const { path, type: member, isBitField } of leaves(type)) {
    const name = path.join('.');
    if (!isBitField) answers[`offsetof ${name}`] = String(c.offsetof(object, name));
    if (!isBitField && member.size !== null) answers[`sizeof ${name}`] = String(member.size);
    for (const value of [ONES, PATTERN]) {
      const question = `${name} = ${value}`;
      if (question in gcc) answers[question] = assigned(object, path, value, gcc[question] as string);
    }
  }
  return answers;
}

function assigned(object: TypeObject, path: readonly string[], value: bigint, expected: string): string {
  const written = new Uint8Array(object.size as number);
  const { holder, name } = holderOf(object.view(written), path);
  holder[name] = value;
  const hex = Buffer.from(written).toString('hex');
  const gccBytes = Buffer.from(expected.split(' ')[1] as string, 'hex');
  const reading = holderOf(object.view(gccBytes), path);
  const read = reading.holder[reading.name] as number | bigint | boolean;
  return `${BigInt.asIntN(64, BigInt(read))} ${hex}`;
}

type Holder = Record<string, unknown>;

function holderOf(view: Holder, path: readonly string[]): { holder: Holder; name: string } {
  let holder = view;
  for (const step of path.slice(0, -1)) holder = holder[step] as Holder;
  return { holder, name: path.at(-1) as string };
}
