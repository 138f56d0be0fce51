/**
 * `jit.p`: what its options mean, and the tables that it prints, which are those of LuaJIT's `-jp`.
 * @module
 */
import { latin1Of } from '../runtime/text.ts';
import type { Level, LuaSample, MachineState } from './samples.ts';

const DEFAULT_INTERVAL_MS = 10;
const DEFAULT_LEAST_PERCENT = 3;
/** Lines around those with samples that `a` shows. */
const CONTEXT = 3;
/** Levels of a stack for flame graphs. */
const WHOLE_STACK = -100;

/** How functions are named: `f` by name, `F` by module and name, `l` by module and line. */
type Scope = 'f' | 'F' | 'l';

export interface ProfileOptions {
  readonly intervalMs: number;
  readonly leastPercent: number;
  /** Levels of the stack, the innermost first; negative, the outermost first. */
  readonly depth: number;
  /** Null where stacks do not matter. */
  readonly scope: Scope | null;
  /** Functions and then their lines. */
  readonly isByLine: boolean;
  /** Callers, or callees, in a table of their own. */
  readonly isSplit: boolean;
  readonly states: 'v' | 'z' | null;
  /** States first. */
  readonly isByState: boolean;
  readonly hasPaths: boolean;
  readonly counts: 'percent' | 'raw' | 'graph';
  /** Lines around those to show; 0 for whole files, null for no source. */
  readonly annotation: number | null;
}

/** Reads the option letters: numbers with their letters first, all else wherever it stands. */
export function profileOptions(mode: string): ProfileOptions {
  let interval = '';
  let leastPercent = DEFAULT_LEAST_PERCENT;
  let depth = 1;
  const letters = mode
    .replace(/i(\d*)/g, (_, digits: string) => {
      interval = digits;
      return '';
    })
    .replace(/m(\d+)/g, (_, digits: string) => {
      leastPercent = Number(digits);
      return '';
    })
    .replace(/-?\d+/g, (digits) => {
      depth = Number(digits);
      return '';
    });
  const has = (letter: string): boolean => letters.includes(letter);
  const states = has('z') ? 'z' : has('v') ? 'v' : null;
  const annotation = has('A') ? 0 : has('a') ? CONTEXT : null;
  const named: Scope | null = has('l') ? 'l' : has('f') ? 'f' : has('F') ? 'F' : states === null ? 'f' : null;
  const isGraph = has('G') && named !== null && annotation === null;
  const isSplit = has('s') && annotation === null;
  if (isSplit && (depth === -1 || letters.includes('-'))) depth = -2;
  else if (isSplit && depth === 1) depth = 2;
  const isByLine = !isSplit && annotation === null && /[fF].*l/.test(letters);
  return {
    intervalMs: Math.max(1, Number(interval) || DEFAULT_INTERVAL_MS),
    leastPercent: isGraph ? 0 : leastPercent,
    depth: annotation !== null ? 1 : isGraph ? WHOLE_STACK : depth,
    scope: annotation !== null ? 'l' : isByLine ? (has('F') ? 'F' : 'f') : named,
    isByLine,
    isSplit,
    states,
    isByState: annotation === null && !isSplit && !isByLine && (named === null || /[zv].*[lfF]/.test(letters)),
    hasPaths: has('p') || annotation !== null,
    counts: isGraph ? 'graph' : has('r') ? 'raw' : 'percent',
    annotation,
  };
}

const STATES: Readonly<Record<MachineState, string>> = {
  N: 'Compiled',
  I: 'Interpreted',
  C: 'C code',
  G: 'Garbage Collector',
  J: 'JIT Compiler',
};

/** Counts samples by one or two names. */
export class ProfileCounts {
  readonly #options: ProfileOptions;
  readonly #first: Map<string, number> = new Map();
  readonly #second: Map<string, Map<string, number>> = new Map();
  #total = 0;

  constructor(options: ProfileOptions) {
    this.#options = options;
  }

  /** `zone` is the one that the sample is in. */
  add(sample: LuaSample, zone: string | undefined): void {
    const { weight } = sample;
    this.#total += weight;
    const [first, second] = this.#keys(sample, zone);
    this.#first.set(first, (this.#first.get(first) ?? 0) + weight);
    if (second === undefined) return;
    const counts = this.#second.get(first) ?? new Map<string, number>();
    this.#second.set(first, counts);
    counts.set(second, (counts.get(second) ?? 0) + weight);
  }

  #keys({ state, levels }: LuaSample, zone: string | undefined): [first: string, second?: string | undefined] {
    const { scope, states, isByState, isByLine, isSplit, depth, counts } = this.#options;
    const stateKey = states === null ? undefined : states === 'v' ? STATES[state] : (zone ?? '(none)');
    if (scope === null) return [stateKey ?? ''];
    const shown = levels.slice(0, Math.abs(depth)).map((level) => this.#name(level, scope));
    if (depth < 0) shown.reverse();
    const stack = shown.join(counts === 'graph' ? ';' : depth < 0 ? ' > ' : ' < ');
    if (isByState) return [stateKey ?? stack, stateKey === undefined ? undefined : stack];
    if (isSplit && shown.length > 1) return [shown[0] as string, shown.slice(1).join(depth < 0 ? ' > ' : ' < ')];
    if (isByLine) return [stack, this.#name(levels[0] as Level, 'l')];
    return [stack, stateKey];
  }

  #name({ kind, name, source, defined, line }: Level, scope: Scope): string {
    if (kind === 'built-in') return scope === 'l' ? name : (name.split('.').at(-1) as string);
    const module = this.#module(kind === 'lua' ? source : latin1Of(source));
    const title = kind === 'lua' ? name : latin1Of(name);
    if (scope === 'l' || title === '') return module === '' ? title : `${module}:${scope === 'l' ? line : defined}`;
    return scope === 'F' && module !== '' ? `${module}:${title}` : title;
  }

  #module(source: string): string {
    if (source.startsWith('[string')) return '[string]';
    return this.#options.hasPaths ? source : source.slice(source.lastIndexOf('/') + 1);
  }

  /** The report, in pieces. `linesOf` reads a file; it answers why it cannot where it cannot. */
  *report(linesOf: (path: string) => readonly string[] | string): Generator<string> {
    if (this.#total === 0) {
      if (this.#options.counts !== 'graph') yield '[No samples collected]\n';
    } else if (this.#options.annotation === null) yield* this.#top(this.#first, this.#total, '', true);
    else yield* this.#annotated(this.#options.annotation, linesOf);
  }

  *#top(counts: ReadonlyMap<string, number>, total: number, indent: string, isFirst: boolean): Generator<string> {
    const { leastPercent, isByLine, isByState, depth, counts: form } = this.#options;
    const below = isByLine || isByState ? '  -- ' : depth < 0 ? '  -> ' : '  <- ';
    for (const [key, count] of [...counts].sort(([, a], [, b]) => b - a)) {
      const percent = Math.round((count * 100) / total);
      if (percent < leastPercent) break;
      const whole = Math.round(count);
      if (form === 'percent') yield `${indent}${String(percent).padStart(2)}%  ${key}\n`;
      else if (form === 'raw') yield `${indent}${String(whole).padStart(5)}  ${key}\n`;
      else if (whole > 0) yield `${key} ${whole}\n`;
      const second = isFirst ? this.#second.get(key) : undefined;
      if (second !== undefined) yield* this.#top(second, count, below, false);
    }
  }

  *#annotated(context: number, linesOf: (path: string) => readonly string[] | string): Generator<string> {
    const { leastPercent, counts } = this.#options;
    const files = new Map<string, Map<number, number>>();
    for (const [key, count] of this.#first) {
      const percent = Math.round((count * 100) / this.#total);
      if (percent < leastPercent) continue;
      const [, file = key, line = '0'] = /^(.*):(\d+)$/.exec(key) ?? [];
      const marks = files.get(file) ?? new Map<number, number>();
      files.set(file, marks.set(Number(line), counts === 'raw' ? Math.round(count) : percent));
    }
    const width = counts === 'raw' ? Math.max(5, ...[...files.values()].flatMap((one) => [...one.values()].map((n) => `${n}`.length))) : 5;
    const mark = (value: number | undefined): string =>
      (value === undefined ? '' : counts === 'raw' ? `${value}` : `${value}%`).padStart(width);
    for (const [file, marks] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const lines = marks.has(0) ? 'non-file' : linesOf(file);
      if (typeof lines === 'string') {
        yield `\n====== ${file} ======\n[Cannot annotate ${lines}]\n`;
        continue;
      }
      yield `\n====== ${file} ======\n`;
      let last = 0;
      for (const [i, text] of lines.entries()) {
        const number = i + 1;
        if (context > 0 && ![...marks.keys()].some((one) => Math.abs(one - number) <= context)) continue;
        if (context > 0 && number !== last + 1) yield `@@ ${number} @@\n`;
        else if (context > 0 && number === 1) yield '@@ 1 @@\n';
        last = number;
        yield `${mark(marks.get(number))} | ${text}\n`;
      }
    }
  }
}
