import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CType, isRecord } from '../../src/ctype/index.ts';
import { layoutAsJson } from '../../src/report/index.ts';
import { type Cdef, cdef } from '../../src/view/index.ts';
import { fc } from '../helpers/properties.ts';
import { takenByBoth } from './compare.ts';
import { type Compiler, COMPILERS } from './compilers.ts';
import { runC, whyNoGcc } from './gcc.ts';
import { TRICKY } from './layouts.ts';
import { type Answers, answersOf, ourAnswers, program } from './probe.ts';
import { unit, unitText } from './random.ts';

const reason = whyNoGcc();
const CDEFS = new URL('../../cdefs/', import.meta.url);
// A new one each time, unless one is asked for; a failure names it.
const SEED = Number(process.env['LAYOUT_SEED'] ?? (process.env['CI'] === undefined ? Math.floor(Math.random() * 2 ** 31) : 1));
const RANDOM_UNITS = 200;

/** What a text declares and completes, by the name to use for it in C. */
function spellings(c: Cdef): string[] {
  const { types, enums, typedefs } = layoutAsJson(c.namespace);
  const sized = Object.keys(typedefs).filter((name) => {
    const type: CType = c.typeof(name).ctype;
    // A variable-length or incomplete type has no sizeof.
    return type.size !== null && (isRecord(type) || type.kind === 'enum');
  });
  const tagged = [...types, ...enums].map(({ name }) => name).filter((name) => /^(?:struct|union|enum) \w+$/.test(name));
  return [...new Set([...tagged, ...sized])];
}

/** Asks gcc about all texts in one program, and returns both sides' answers by type. */
function compare(texts: readonly { readonly ours: string; readonly gcc: string }[]): Map<string, { gcc: Answers; ours: Answers }> {
  const asked = texts.flatMap(({ ours }) => {
    const c = cdef(ours);
    return spellings(c).map((spelling) => ({ c, spelling }));
  });
  const answers = answersOf(runC(program(texts.map(({ gcc }) => gcc).join('\n#pragma pack()\n'), asked)));
  return new Map(
    asked.map(({ c, spelling }) => {
      const gcc = answers.get(spelling) ?? {};
      return [spelling, { gcc, ours: ourAnswers(c, spelling, gcc) }];
    }),
  );
}

describe.skipIf(reason !== null)(`layouts as gcc makes them${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  describe('of tricky structs', () => {
    let answers: ReturnType<typeof compare>;
    beforeAll(() => {
      answers = compare(TRICKY.map(([, text]) => ({ ours: text, gcc: text })));
    });

    it.each(TRICKY)('%s', (_, text) => {
      const names = spellings(cdef(text));
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) expect({ [name]: answers.get(name)?.ours }).toEqual({ [name]: answers.get(name)?.gcc });
    });

    it('are compared byte by byte where they have integers', () => {
      const questions = [...answers.values()].flatMap(({ gcc }) => Object.keys(gcc));
      expect(questions.filter((question) => question.includes(' = ')).length).toBeGreaterThan(500);
    });
  });

  it.each(readdirSync(CDEFS).filter((file) => file.endsWith('.h')))('of cdefs/%s', (file) => {
    const text = readFileSync(new URL(file, CDEFS), 'utf8');
    // What only LuaJIT knows: constants within structs. What only this library knows: names of byte orders.
    const names = [16, 32, 64].flatMap((bits) => ['be', 'le'].map((order) => `typedef uint${bits}_t ${order}${bits}_t;`));
    const signed = [16, 32, 64].flatMap((bits) => ['sbe', 'sle'].map((order) => `typedef int${bits}_t ${order}${bits}_t;`));
    const gcc = `${[...names, ...signed].join('\n')}\n${text.replace(/^\s+static const [^;]*;$/gm, '')}`;
    const answers = compare([{ ours: text, gcc }]);
    expect(answers.size).toBeGreaterThan(0);
    for (const [name, { ours, gcc: theirs }] of answers) expect({ [name]: ours }).toEqual({ [name]: theirs });
  });

  // What is only seen at run time: the signs of bit-fields, and what gcc reads.
  it(`of ${RANDOM_UNITS} random units of declarations (LAYOUT_SEED=${SEED})`, () => {
    const writers = fc.sample(unit, { seed: SEED, numRuns: RANDOM_UNITS });
    const units = writers.map((writer, i) => unitText(writer, 'x86_64-linux-gnu', i));
    // Members of unnamed const structs are not to be assigned to.
    const writable = units.filter((text) => !/const (?:volatile )?(?:struct|union)\b/.test(text));
    const texts = takenByBoth(COMPILERS[0] as Compiler, writable);
    expect(texts.length).toBeGreaterThan(RANDOM_UNITS * 0.7);
    const answers = compare(texts.map((text) => ({ ours: text, gcc: text })));
    expect(answers.size).toBeGreaterThanOrEqual(texts.length);
    for (const [name, { ours, gcc }] of answers) expect({ seed: SEED, [name]: ours }).toEqual({ seed: SEED, [name]: gcc });
  });
});
