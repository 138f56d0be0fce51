/**
 * `string.find`, `match`, `gmatch` and `gsub`. Functions that `gsub` is given cannot yield, as in LuaJIT.
 * @module
 */
import { fault } from '../runtime/errors.ts';
import { builtIn, type LuaFunction, NONE } from '../runtime/functions.ts';
import { helpersOf } from '../runtime/helpers.ts';
import { numberText } from '../runtime/operators.ts';
import type { LuaState } from '../runtime/state.ts';
import { LuaTable } from '../runtime/table.ts';
import { isTrue, typeOf } from '../runtime/values.ts';
import { badArgument, integerArgument, stringArgument } from './arguments.ts';
import { checkLength } from './limits.ts';
import { isPattern, type Match, Pattern, resultsOf } from './pattern.ts';

/** Patterns that a state keeps compiled. */
const MOST_PATTERNS = 500;

/** The functions, which share a state's compiled patterns. */
export function matchingFunctions(state: LuaState): Record<'find' | 'match' | 'gmatch' | 'gsub', LuaFunction> {
  const patterns = new PatternCache(true);
  return {
    find: findFunction(patterns),
    match: matchFunction(patterns),
    gmatch: gmatchFunction(new PatternCache(false)),
    gsub: gsubFunction(state, patterns),
  };
}

class KnownPattern extends Pattern {
  /** It is no more than the text that it matches. */
  readonly isPlain: boolean;

  constructor(source: string, hasAnchor: boolean) {
    super(source, hasAnchor);
    this.isPlain = !isPattern(source);
  }
}

class PatternCache {
  readonly #hasAnchor: boolean;
  readonly #patterns: Map<string, KnownPattern> = new Map();

  constructor(hasAnchor: boolean) {
    this.#hasAnchor = hasAnchor;
  }

  get(source: string): KnownPattern {
    return this.#patterns.get(source) ?? this.#add(source);
  }

  #add(source: string): KnownPattern {
    const pattern = new KnownPattern(source, this.#hasAnchor);
    if (this.#patterns.size >= MOST_PATTERNS) this.#patterns.clear();
    this.#patterns.set(source, pattern);
    return pattern;
  }
}

// Where to start, from 0, of what `find` and `match` are given.
function startOf(init: unknown, name: string, length: number, count: number): number {
  const start = init === undefined ? 1 : integerArgument(init, 3, name, count);
  if (start > length) return length;
  return start > 0 ? start - 1 : start < 0 ? Math.max(0, start + length) : 0;
}

function findFunction(patterns: PatternCache): LuaFunction {
  return function find(text: unknown, what: unknown, init: unknown, isPlain: unknown): unknown {
    const count = arguments.length;
    const subject = typeof text === 'string' ? text : stringArgument(text, 1, 'find', count);
    const source = typeof what === 'string' ? what : stringArgument(what, 2, 'find', count);
    const from = init === undefined || init === 1 ? 0 : startOf(init, 'find', subject.length, count);
    const pattern = isTrue(isPlain) ? null : patterns.get(source);
    if (pattern === null || pattern.isPlain) {
      const at = subject.indexOf(source, from);
      return at < 0 ? undefined : [at + 1, at + source.length];
    }
    const found = pattern.match(subject, from);
    if (found === null) return undefined;
    pattern.checkFinished();
    const end = found.index + (found[0] as string).length;
    return pattern.captures === 0 ? [found.index + 1, end] : [found.index + 1, end, ...found.slice(1)];
  };
}

function matchFunction(patterns: PatternCache): LuaFunction {
  return function match(text: unknown, what: unknown, init: unknown): unknown {
    const count = arguments.length;
    const subject = typeof text === 'string' ? text : stringArgument(text, 1, 'match', count);
    const source = typeof what === 'string' ? what : stringArgument(what, 2, 'match', count);
    const from = init === undefined || init === 1 ? 0 : startOf(init, 'match', subject.length, count);
    const pattern = patterns.get(source);
    const found = pattern.match(subject, from);
    if (found === null) return undefined;
    pattern.checkFinished();
    return resultsOf(found, pattern.captures);
  };
}

function gmatchFunction(patterns: PatternCache): LuaFunction {
  return function gmatch(text: unknown, what: unknown): LuaFunction {
    const count = arguments.length;
    const subject = stringArgument(text, 1, 'gmatch', count);
    const pattern = patterns.get(stringArgument(what, 2, 'gmatch', count));
    let at = 0;
    return builtIn('for iterator', () => {
      if (at > subject.length) return NONE;
      const found = pattern.match(subject, at);
      if (found === null) {
        at = subject.length + 1;
        return NONE;
      }
      pattern.checkFinished();
      const { length } = found[0] as string;
      at = found.index + (length === 0 ? 1 : length);
      return resultsOf(found, pattern.captures);
    });
  };
}

// ---- gsub

type Index = (object: unknown, key: unknown) => unknown;

/** What comes in the place of a match. */
type Replacement = (match: Match, pattern: KnownPattern) => string;

function gsubFunction(state: LuaState, patterns: PatternCache): LuaFunction {
  const { index } = helpersOf(state) as { index: Index };
  return function gsub(text: unknown, what: unknown, by: unknown, most: unknown): unknown {
    const count = arguments.length;
    const subject = stringArgument(text, 1, 'gsub', count);
    const pattern = patterns.get(stringArgument(what, 2, 'gsub', count));
    const replacement = replacementOf(state, index, by);
    const limit = most === undefined ? Number.POSITIVE_INFINITY : integerArgument(most, 4, 'gsub', count);
    const { stringLimit } = state;
    let replaced = '';
    let copied = 0;
    let at = 0;
    let number = 0;
    while (number < limit && at <= subject.length) {
      const found = pattern.match(subject, at);
      if (found === null) break;
      number++;
      replaced += subject.slice(copied, found.index) + (typeof replacement === 'string' ? replacement : replacement(found, pattern));
      if (replaced.length > stringLimit) checkLength(state, replaced.length);
      copied = found.index + (found[0] as string).length;
      // Behind an empty match the next one is a character further.
      at = copied === found.index ? copied + 1 : copied;
      if (pattern.isAnchored) break;
    }
    return [number === 0 ? subject : replaced + subject.slice(copied), number];
  };
}

function replacementOf(state: LuaState, index: Index, by: unknown): string | Replacement {
  if (typeof by === 'string') return by.includes('%') ? template(by) : by;
  if (typeof by === 'number') return numberText(by);
  if (by instanceof LuaTable) {
    return (match, pattern) =>
      replacedBy(by.mt === null ? by.get(keyOf(match, pattern)) : calls_gsub(index, by, keyOf(match, pattern)), match);
  }
  if (typeof by !== 'function') throw badArgument(3, 'gsub', 'string/function/table expected');
  const { calls } = state;
  const callee = by as LuaFunction;
  return (match, pattern) => {
    pattern.checkFinished();
    let raw: unknown;
    if (pattern.captures === 0) raw = calls_gsub(callee, match[0]);
    else if (pattern.captures === 1) raw = calls_gsub(callee, match[1]);
    else raw = calls_gsub(callee, ...match.slice(1));
    return replacedBy(Array.isArray(raw) ? calls.first(raw) : raw, match);
  };
}

// Its name says that a function of Lua's is called by `gsub`: see `frames.ts`.
const { calls_gsub } = {
  calls_gsub(callee: LuaFunction, ...args: unknown[]): unknown {
    return callee(...args);
  },
};

function keyOf(match: Match, pattern: KnownPattern): unknown {
  pattern.checkFinished(1);
  return match[pattern.captures === 0 ? 0 : 1];
}

function replacedBy(value: unknown, match: Match): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === false) return match[0] as string;
  if (typeof value === 'number') return numberText(value);
  throw fault(`invalid replacement value (a ${typeOf(value)})`);
}

// `%0` to `%9` in a replacement are captures; what else has a percent sign in front is itself.
function template(text: string): Replacement {
  const pieces: (string | number)[] = [];
  for (let at = 0; at < text.length; ) {
    const percent = text.indexOf('%', at);
    if (percent < 0) {
      pieces.push(text.slice(at));
      break;
    }
    if (percent > at) pieces.push(text.slice(at, percent));
    // A percent sign at the end has the string's NUL behind it.
    const character = percent + 1 < text.length ? text.charAt(percent + 1) : '\0';
    pieces.push(/\d/.test(character) ? Number(character) : character);
    at = percent + 2;
  }
  return (match, pattern) => {
    let replaced = '';
    for (const piece of pieces) replaced += typeof piece === 'string' ? piece : captureText(match, pattern, piece);
    return replaced;
  };
}

function captureText(match: Match, pattern: KnownPattern, capture: number): string {
  if (capture === 0) return match[0] as string;
  // `%1` is the match where the pattern has no captures.
  if (capture > pattern.captures && !(capture === 1 && pattern.captures === 0)) throw fault('invalid capture index');
  pattern.checkFinished(capture);
  const value = match[pattern.captures === 0 ? 0 : capture];
  return typeof value === 'number' ? numberText(value) : (value as string);
}
