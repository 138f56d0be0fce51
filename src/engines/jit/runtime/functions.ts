/**
 * Functions, and what they are asked. A Lua function is a JavaScript function: arguments by position, undefined where there are none;
 * `this` is nothing. It answers
 *
 *     one value             that value
 *     none, two or more     an array of them (`NONE` for none)
 *     a tail call           an array too, `Calls.mark`, whose call is still to be made
 *
 * so a caller that wants one value writes `Array.isArray(raw) ? calls.first(raw) : raw`.
 *
 * The same function inside a coroutine is its *twin*: it answers a generator that yields what `coroutine.yield` is given, and is sent what
 * `resume` is given, each in the form of an answer. Twins of compiled functions are made when they are first needed: see `TWIN`.
 * @module
 */
import { LEVELS_DEPTH, stackOf } from './frames.ts';

/** A twin; see above. */
export type Twin = (...args: unknown[]) => Generator<unknown, unknown, unknown>;

/** A Lua function. */
export interface LuaFunction {
  // biome-ignore lint/suspicious/noExplicitAny: built-in functions check what they get
  (...args: any[]): unknown;
  /** The twin once it is made; null where the function cannot be yielded across. */
  g?: Twin | null;
  /** What messages call a built-in function. */
  builtIn?: string;
}

/** No value at all, as the result of a call. */
export const NONE: readonly unknown[] = Object.freeze([]);

/** A list of results as a function answers it. */
export function returned(values: readonly unknown[]): unknown {
  return values.length === 1 ? values[0] : values;
}

/** What `debug.getinfo` says of a function. */
export interface FunctionDescription {
  readonly source: string;
  readonly short_src: string;
  readonly what: string;
  readonly linedefined: number;
  readonly lastlinedefined: number;
  readonly nups: number;
  readonly nparams: number;
  readonly isvararg: boolean;
  /** The names of its parameters. */
  readonly parameters: readonly string[];
  /** Lines that statements of it are on, and where functions inside it end. */
  readonly lines: readonly number[];
  /** Whether there are functions inside it. */
  readonly children: boolean;
}

/** A function's upvalues, and where the first of them is in its reflection. */
export interface UpvalueNames {
  readonly names: readonly string[];
  /** The types that the text makes sure of, and compiled code does not ask for; `any` where there is none. */
  readonly types: readonly string[];
  readonly first: number;
}

/** What a compiled function is. */
export interface Reflection {
  readonly chunk: {
    /** The twin of function `id` over the same upvalues. */
    twin(id: number, upvalues: readonly unknown[], self: LuaFunction): Twin;
    environmentOf(fn: LuaFunction, reflection: Reflection): unknown;
    setEnvironment(fn: LuaFunction, environment: unknown): void;
    describe(id: number): FunctionDescription;
    upvaluesOf(id: number): UpvalueNames;
  };
  readonly id: number;
  /** As the function's factory was given them: the environment first, if it needs one; values, and boxes `{ v }`. */
  readonly upvalues: readonly unknown[];
}

/** Passed as the first argument, asks a compiled function for its `Reflection` instead of calling it. */
export const TWIN: object = Object.freeze({ twin: true });

/** Makes a JavaScript function a Lua value. Every built-in function must be, as others are taken for compiled ones. */
export function builtIn<T extends LuaFunction>(name: string, fn: T, twin: Twin | null = null): T {
  fn.g = twin;
  fn.builtIn = name;
  return fn;
}

/** What a compiled function is; null for a built-in one. */
export function reflectionOf(fn: LuaFunction): Reflection | null {
  return fn.builtIn === undefined ? (fn(TWIN) as Reflection) : null;
}

/** The twin of a function; null where it has none. */
export function twinOf(fn: LuaFunction): Twin | null {
  const { g } = fn;
  return g === undefined ? makeTwin(fn) : g;
}

/** A suspended coroutine that is resumed with this yields its stack trace and goes on waiting: see `calls_yield`. */
export const LOOK: object = Object.freeze({ look: true });

/**
 * What waits in the place of a `yield` that was answered `LOOK`. Only functions that run are in a stack trace, and all those of a coroutine do, down to
 * here, when it is resumed. By its name it is a level of Lua's stack, `coroutine.yield`.
 */
export const { calls_yield: looked } = {
  *calls_yield(): Generator<unknown, unknown, unknown> {
    let value: unknown = LOOK;
    while (value === LOOK) value = yield stackOf(LEVELS_DEPTH);
    return value;
  },
};

/** The twin of `coroutine.yield`; twins yield themselves where they call it. */
export function* yieldTwin(...args: unknown[]): Generator<unknown, unknown, unknown> {
  const value = yield returned(args);
  return value === LOOK ? yield* looked() : value;
}

function makeTwin(fn: LuaFunction): Twin {
  const { chunk, id, upvalues } = fn(TWIN) as Reflection;
  const twin = chunk.twin(id, upvalues, fn);
  fn.g = twin;
  return twin;
}
