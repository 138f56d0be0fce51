/**
 * Calls, their results, and tail calls that were put off: see `functions.ts`. A function in tail position now and then answers `mark`
 * instead of calling, having said here what is to be called. There is one such call at a time, as the mark is looked at at once.
 * @module
 */
import { CData, CTypeObject } from '../../../ffi/index.ts';
import { fault } from './errors.ts';
import { builtIn, type LuaFunction, NONE, twinOf } from './functions.ts';
import type { LuaState } from './state.ts';
import { typeOf } from './values.ts';

const NO_ARGUMENTS: readonly unknown[] = [];

export class Calls {
  /** The answer that is a tail call. */
  readonly mark: readonly unknown[] = Object.freeze([]);
  #callee: LuaFunction | null = null;
  #args: readonly unknown[] = NO_ARGUMENTS;
  readonly #state: LuaState;

  constructor(state: LuaState) {
    this.#state = state;
  }

  /** Puts a tail call off. */
  tail(callee: LuaFunction, args: readonly unknown[]): readonly unknown[] {
    this.#callee = callee;
    this.#args = args;
    return this.mark;
  }

  // Makes the calls that `mark` stands for.
  #run(): unknown {
    let raw: unknown = this.mark;
    while (raw === this.mark) {
      const callee = this.#callee as LuaFunction;
      const args = this.#args;
      this.#callee = null;
      this.#args = NO_ARGUMENTS;
      raw = callee(...args);
    }
    return raw;
  }

  *#runTwin(): Generator<unknown, unknown, unknown> {
    let raw: unknown = this.mark;
    while (raw === this.mark) {
      const callee = this.#callee as LuaFunction;
      const args = this.#args;
      this.#callee = null;
      this.#args = NO_ARGUMENTS;
      const twin = twinOf(callee);
      raw = twin === null ? callee(...args) : yield* twin(...args);
    }
    return raw;
  }

  /** An answer that is no tail call. */
  settled(raw: unknown): unknown {
    return raw === this.mark ? this.#run() : raw;
  }

  /** The calls that `mark` stands for, in a coroutine. */
  putOffTwin(): Generator<unknown, unknown, unknown> {
    return this.#runTwin();
  }

  /** The first of the results in an array that a call answered. */
  first(raw: readonly unknown[]): unknown {
    // What is not there takes long to read.
    if (raw === NONE) return undefined;
    if (raw !== this.mark) return raw[0];
    const result = this.#run();
    return Array.isArray(result) ? result[0] : result;
  }

  /** The same inside a coroutine. */
  *firstTwin(raw: readonly unknown[]): Generator<unknown, unknown, unknown> {
    if (raw !== this.mark) return raw[0];
    const result = yield* this.#runTwin();
    return Array.isArray(result) ? result[0] : result;
  }

  /** All results of a call, from what it answered. Not to be written to. */
  results(raw: unknown): readonly unknown[] {
    if (!Array.isArray(raw)) return [raw];
    if (raw !== this.mark) return raw;
    const result = this.#run();
    return Array.isArray(result) ? result : [result];
  }

  *resultsTwin(raw: unknown): Generator<unknown, readonly unknown[], unknown> {
    if (!Array.isArray(raw)) return [raw];
    if (raw !== this.mark) return raw;
    const result = yield* this.#runTwin();
    return Array.isArray(result) ? result : [result];
  }

  /** What to call for a value that is called; `name` as messages call it, such as `local 'f'`. Short, as V8 puts short functions into their callers. */
  callable(value: unknown, name?: string): LuaFunction {
    if (typeof value === 'function') return value as LuaFunction;
    const { cdata } = this.#state;
    return cdata !== null && (value instanceof CData || value instanceof CTypeObject)
      ? cdata.callable(value, name ?? '')
      : this.handler(value, name ?? '');
  }

  private handler(value: unknown, name: string): LuaFunction {
    const handler = this.#state.metamethod(value, '__call');
    if (typeof handler !== 'function')
      throw fault(`attempt to call ${name === '' ? `a ${typeOf(value)} value` : `${name} (a ${typeOf(value)} value)`}`);
    const method = handler as LuaFunction;
    const calls = this;
    return builtIn(
      '__call',
      (...args: unknown[]) => method(value, ...args),
      function* (...args: unknown[]): Generator<unknown, unknown, unknown> {
        return yield* calls.raw(method, [value, ...args]);
      },
    );
  }

  /** For built-in functions: calls a Lua function, or anything callable, for its first result. */
  call1(callee: unknown, ...args: unknown[]): unknown {
    const raw = this.callable(callee)(...args);
    return Array.isArray(raw) ? this.first(raw) : raw;
  }

  /** The same for all results. */
  call(callee: unknown, ...args: unknown[]): readonly unknown[] {
    return this.results(this.callable(callee)(...args));
  }

  /** For twins: calls a function as its twin, if it has one. Answers raw. */
  *raw(callee: LuaFunction, args: readonly unknown[]): Generator<unknown, unknown, unknown> {
    const twin = twinOf(callee);
    return twin === null ? callee(...args) : yield* twin(...args);
  }

  /** For twins of built-in functions: the first result of calling anything. */
  *call1Twin(callee: unknown, ...args: unknown[]): Generator<unknown, unknown, unknown> {
    const raw = yield* this.raw(this.callable(callee), args);
    return Array.isArray(raw) ? yield* this.firstTwin(raw) : raw;
  }

  /** The same for all results. */
  *callTwin(callee: unknown, ...args: unknown[]): Generator<unknown, readonly unknown[], unknown> {
    return yield* this.resultsTwin(yield* this.raw(this.callable(callee), args));
  }
}
