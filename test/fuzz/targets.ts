/**
 * What is fuzzed: each target takes the number of an input, which with the seed says all about it.
 * @module
 */
import { compare } from '../differential/compare.ts';
import { accepts, COMPILERS, whyNot } from '../differential/compilers.ts';
import { unit, unitText, type Writer } from '../differential/random.ts';
import { fc } from '../helpers/properties.ts';
import { Random } from '../helpers/random.ts';
import { checkText, checkTypeName, Finding } from './checks.ts';
import { corpus } from './corpus.ts';
import { minimise } from './minimise.ts';
import { randomText, randomTypeName, tokens } from './mutate.ts';

/** Counters, by what they count. */
export type Counts = Record<string, number>;

export interface Target {
  readonly name: string;
  /** Runs one input; adds to `counts`; a finding is thrown. */
  run(index: number, counts: Counts): void;
  /** The input as text, where it can be had without running it. */
  text(index: number): string;
  /** Seconds that it runs for, before it is the next target's turn. */
  readonly slice: number;
  /** Milliseconds after which an input counts as hanging. */
  readonly patience: number;
}

/** Milliseconds of processor time that a text may take, which is read three times. */
const MOST_TIME = 6000;
const MINIMISING_TIME = 15_000;

function add(counts: Counts, name: string, number = 1): void {
  counts[name] = (counts[name] ?? 0) + number;
}

function seeded(seed: number, index: number): Random {
  return new Random(unitSeed(seed, index));
}

// The seed of a compiler's declarations: those of other seeds of the fuzzer are others.
function unitSeed(seed: number, index: number): number {
  return Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b);
}

// Runs a check on a text, and again on ever smaller ones if it fails.
function check(text: string, run: (text: string) => void, timed: boolean): void {
  const outcome = (one: string): Finding | null => {
    const start = process.cpuUsage().user;
    try {
      run(one);
    } catch (error) {
      return error instanceof Finding ? error : new Finding('check throws', String(error), (error as Error).stack);
    }
    const milliseconds = (process.cpuUsage().user - start) / 1000;
    return timed && milliseconds > MOST_TIME ? new Finding('slow', `${Math.round(milliseconds / 1000)} s`) : null;
  };
  const finding = outcome(text);
  if (finding === null) return;
  // Slow once more, or something else was.
  if (finding.message.startsWith('slow') && outcome(text) === null) return;
  const isSame = (one: string): boolean => outcome(one)?.key === finding.key;
  const small = minimise(
    text,
    finding.message.startsWith('slow') ? (one) => outcome(one)?.message.startsWith('slow') === true : isSame,
    MINIMISING_TIME,
  );
  const last = outcome(small) ?? finding;
  last.message += `\n--- ${small.length} of ${text.length} characters\n${small}`;
  throw last;
}

function texts(seed: number, root: string): Target {
  const { snippets, tests, cdefs, system } = corpus(root);
  const all = [snippets, tests, tests, cdefs, ...(system.length > 0 ? [system] : [])].filter((list) => list.length > 0);
  const text = (index: number): string => randomText(seeded(seed, index), all);
  return {
    name: 'text',
    slice: 60,
    patience: 30_000,
    text,
    run: (index, counts) => {
      add(counts, 'texts');
      check(text(index), (one) => add(counts, checkText(one, seeded(index, seed)) ? 'accepted' : 'refused'), true);
    },
  };
}

function typeNames(seed: number): Target {
  const text = (index: number): string => randomTypeName(seeded(seed, index));
  return {
    name: 'type name',
    slice: 5,
    patience: 30_000,
    text,
    run: (index, counts) => {
      add(counts, 'type names');
      check(text(index), checkTypeName, true);
    },
  };
}

const BATCH = 120;

function layouts(seed: number): Target[] {
  return COMPILERS.filter((compiler) => whyNot(compiler) === null).map((compiler) => ({
    name: `layout ${compiler.name}`,
    slice: 15,
    patience: 300_000,
    text: (index) => `seed ${unitSeed(seed, index)}`,
    run: (index, counts) => {
      let found = '';
      const { failed, errorInstance } = fc.check(
        fc.property(fc.array(unit, { minLength: 1, maxLength: BATCH, size: 'max' }), (writers) => {
          const { differences, types, answers, refused } = compare(
            compiler,
            writers.map((writer, i) => unitText(writer, compiler.abi, i)).filter((text) => compiler.unlike?.test(text) !== true),
          );
          add(counts, `types ${compiler.name}`, types);
          add(counts, `answers ${compiler.name}`, answers);
          add(counts, 'units refused by gcc', refused);
          if (differences[0] === undefined) return true;
          const { text, question, ours, theirs } = differences[0];
          found = `${question} ${question === 'names and types' ? theirs.replace(/^q\S+/, '') : ''}\n${text}\n  ours ${ours}\n  gcc  ${theirs}`;
          return false;
        }),
        { seed: unitSeed(seed, index), numRuns: 2, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false },
      );
      const detail = found === '' && failed ? String(errorInstance).slice(0, 2000) : found;
      if (detail !== '') throw new Finding(`layout ${compiler.name}`, `${detail}\nseed ${unitSeed(seed, index)}`);
    },
  }));
}

// `const x;` is an int to gcc, which warns.
const IMPLICIT_INT = /: error: (?:unknown type|expected a type)/;

/** Nearly valid declarations: what both gcc and we take, must be laid out alike. */
function mutants(seed: number): Target[] {
  return COMPILERS.filter((compiler) => whyNot(compiler) === null).map((compiler) => {
    const text = (index: number): string => {
      const random = seeded(seed, index);
      const [writer] = fc.sample(unit, { numRuns: 1, seed: unitSeed(seed, index) });
      const list = tokens(unitText(writer as Writer, compiler.abi, 0));
      for (let i = random.below(3); i >= 0; i--) {
        const [a, b] = [random.below(list.length), random.below(list.length)];
        const kind = random.below(4);
        if (kind === 0) list.splice(a, 1);
        else if (kind === 1) list.splice(a, 0, list[b] as string);
        else if (kind === 2) list[a] = list[b] as string;
        else [list[a], list[b]] = [list[b] as string, list[a] as string];
      }
      return list.join('');
    };
    return {
      name: `mutant ${compiler.name}`,
      slice: 10,
      patience: 60_000,
      text,
      run: (index: number, counts: Counts) => {
        add(counts, 'mutants');
        const differs = (one: string): void => {
          if (compiler.unlike?.test(one) === true || !accepts(compiler, one)) return;
          const { differences, types, answers } = compare(compiler, [one]);
          add(counts, `types ${compiler.name}`, types);
          add(counts, `answers ${compiler.name}`, answers);
          for (const { question, ours, theirs } of differences) {
            if (question === 'accepted' && IMPLICIT_INT.test(ours)) continue;
            throw new Finding(
              'mutant',
              `${question.split(' ')[0]?.replace(/\(.*/, '')} ${question === 'accepted' ? ours.split('\n')[0] : ''} ${compiler.name}\n${question}: ours ${ours}, gcc ${theirs}`,
            );
          }
        };
        check(text(index), differs, false);
      },
    };
  });
}

/** All targets of a seed. */
export function targets(seed: number, root: string): Target[] {
  return [texts(seed, root), typeNames(seed), ...layouts(seed), ...mutants(seed)];
}
