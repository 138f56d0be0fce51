/**
 * Values between JavaScript and a state; see `Engine` for how they cross. Lua's errors leave as `LuaError`s.
 * @module
 */
import { CData, CTypeObject, RecentNames } from '../../ffi/index.ts';
import { LuaError } from '../../util/errors.ts';
import { decodeStrictUtf8, decodeUtf8 } from '../../util/utf8.ts';
import { isView } from '../../view/index.ts';
import { LuaBytes, type LuaFunction as CallableFunction, Userdata } from '../engine.ts';
import { fromEntries, MAX_DEPTH } from '../tables.ts';
import { bytesOfString } from './ffi/bytes.ts';
import { Coroutine } from './runtime/coroutine.ts';
import { foreignFault, type LuaFault, setRaised, toFault } from './runtime/errors.ts';
import { framesOf } from './runtime/frames.ts';
import { builtIn, type LuaFunction, NONE } from './runtime/functions.ts';
import type { LuaState } from './runtime/state.ts';
import { LuaTable } from './runtime/table.ts';
import { tracebackOf } from './runtime/traceback.ts';
import { isAscii, latin1Of } from './runtime/text.ts';
import { LuaUserdata, typeOf } from './runtime/values.ts';

/** What values need of the engine: calls into Lua, userdata classes. */
export interface CrossingContext {
  callable(fn: LuaFunction): CallableFunction;
  userdata(userdata: Userdata): LuaUserdata;
}

/** Texts that are kept to be known again. */
const LONGEST_NAME = 64;

export class Crossing {
  readonly #state: LuaState;
  readonly #context: CrossingContext;
  readonly #functions: WeakMap<object, LuaFunction> = new WeakMap();
  readonly #callables: WeakMap<LuaFunction, CallableFunction> = new WeakMap();
  readonly #objects: WeakMap<object, LuaUserdata> = new WeakMap();
  /** Strings of Lua that are the same text in JavaScript: to look at each character takes longer. */
  readonly #texts: RecentNames<string> = new RecentNames();

  constructor(state: LuaState, context: CrossingContext) {
    this.#state = state;
    this.#context = context;
  }

  // ---- to Lua

  toLua(value: unknown): unknown {
    // What is passed per packet comes first.
    if (typeof value === 'number' || value instanceof Uint8Array) return value;
    if (value instanceof Userdata) return this.#context.userdata(value);
    return value instanceof LuaBytes ? this.#stringOf(value) : this.#toLua(value, 0);
  }

  /** What a function of JavaScript returned, as Lua's functions answer it: no value for undefined. */
  answer(value: unknown): unknown {
    return value === undefined ? NONE : this.toLua(value);
  }

  #stringOf({ bytes, start, end }: LuaBytes): string {
    return this.#state.recentStrings.of(bytes, start, end);
  }

  #toLua(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case 'number':
      case 'boolean':
      case 'undefined':
        return value;
      case 'string':
        return latin1Of(value);
      case 'function':
        return this.#functionToLua(value as (...args: unknown[]) => unknown);
      case 'object':
        if (value === null) return undefined;
        if (value instanceof LuaBytes) return this.#stringOf(value);
        if (value instanceof Userdata) return this.#context.userdata(value);
        // Nothing of Lua's own can be reached through a buffer.
        if (ArrayBuffer.isView(value) && !isView(value)) return value;
        if (value instanceof CTypeObject || value instanceof CData) return value;
        if (isPlain(value) && !isView(value)) return this.#tableOf(value, depth);
        return this.#state.ffi?.hostValues.fromHost(value) ?? this.#userdataOf(value);
      default:
        return this.#state.ffi?.hostValues.fromHost(value) ?? new LuaUserdata(value);
    }
  }

  // Light userdata: one for each object.
  #userdataOf(object: object): LuaUserdata {
    let userdata = this.#objects.get(object);
    if (userdata === undefined) {
      userdata = new LuaUserdata(object);
      this.#objects.set(object, userdata);
    }
    return userdata;
  }

  #tableOf(value: object, depth: number): LuaTable {
    if (depth > MAX_DEPTH) throw new RangeError(`objects nested deeper than ${MAX_DEPTH} levels`);
    const table = this.#state.table();
    if (Array.isArray(value)) {
      value.forEach((one, i) => {
        table.setNumber(i + 1, this.#toLua(one, depth + 1));
      });
    } else for (const [key, one] of Object.entries(value)) table.setString(latin1Of(key), this.#toLua(one, depth + 1));
    return table;
  }

  #functionToLua(fn: (...args: unknown[]) => unknown): LuaFunction {
    let wrapped = this.#functions.get(fn);
    if (wrapped === undefined) {
      const many = (...args: unknown[]): unknown => {
        try {
          return this.answer(fn(...args.map((one) => this.toJavaScript(one))));
        } catch (error) {
          throw foreignFault(error, this.#state);
        }
      };
      // Few arguments go without a list of them: V8 passes `...args` on as they came.
      wrapped = builtIn('?', (...args: unknown[]) => {
        const { length } = args;
        if (length > 2) return many(...args);
        try {
          if (length === 0) return this.answer(fn());
          const first = this.toJavaScript(args[0]);
          return this.answer(length === 1 ? fn(first) : fn(first, this.toJavaScript(args[1])));
        } catch (error) {
          throw foreignFault(error, this.#state);
        }
      });
      this.#functions.set(fn, wrapped);
    }
    return wrapped;
  }

  // ---- to JavaScript

  toJavaScript(value: unknown): unknown {
    // Not a switch, as in `typeOf`.
    if (typeof value === 'number') return value;
    if (typeof value === 'string') return this.#texts.get(value) ?? this.#textOf(value);
    return this.#toJavaScript(value, 0);
  }

  #textOf(value: string): unknown {
    const text = textOrBytes(value);
    if (text === value && value.length <= LONGEST_NAME) this.#texts.set(value, value);
    return text;
  }

  #toJavaScript(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return textOrBytes(value);
    if (typeof value === 'boolean' || value === undefined || typeof value === 'number') return value;
    if (typeof value === 'function') return this.#functionFrom(value as LuaFunction);
    if (value instanceof LuaTable) return this.#fromTable(value, depth);
    if (value instanceof CData) return this.#state.ffi?.hostValues.toHost(value) ?? null;
    if (value instanceof LuaUserdata) return value.object instanceof Userdata ? value.object.object : value.object;
    return value instanceof Coroutine ? new OpaqueThread() : value;
  }

  #functionFrom(fn: LuaFunction): CallableFunction {
    let callable = this.#callables.get(fn);
    if (callable === undefined) {
      callable = this.#context.callable(fn);
      this.#callables.set(fn, callable);
      this.#functions.set(callable, fn);
    }
    return callable;
  }

  #fromTable(table: LuaTable, depth: number): unknown {
    if (depth > MAX_DEPTH) throw new RangeError(`tables nested deeper than ${MAX_DEPTH} levels, or within themselves`);
    const entries: [unknown, unknown][] = [];
    for (const cursor = table.cursor(); cursor.step(); ) {
      entries.push([this.#toJavaScript(cursor.key, depth + 1), this.#toJavaScript(cursor.value, depth + 1)]);
    }
    return fromEntries(entries);
  }

  // ---- errors

  /** Anything thrown out of Lua, for the host. It is the same error of Lua again where it gets back into the state. */
  errorOf(thrown: unknown): LuaError {
    const fault = toFault(thrown, this.#state);
    const value = this.#convertible(fault.value);
    const text = typeof value === 'string' ? value : this.#messageOf(fault);
    const { cause } = fault;
    const error = new LuaError(text, { value, traceback: tracebackOf(framesOf(fault.stack)), ...(cause instanceof Error && { cause }) });
    setRaised(error, this.#state, fault);
    return error;
  }

  // Undefined for a table that contains itself.
  #convertible(value: unknown): unknown {
    try {
      return this.toJavaScript(value);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  // As `tostring` gives it; its `__tostring` is the script's, and may raise itself.
  #messageOf({ value }: LuaFault): string {
    try {
      return decodeUtf8(bytesOfString(this.#state.textOf(value)));
    } catch {
      return `(error object is a ${typeOf(value)} value)`;
    }
  }
}

/** What the host sees of a coroutine: nothing. */
class OpaqueThread {
  readonly kind: string = 'thread';
}

function textOrBytes(text: string): string | Uint8Array {
  if (isAscii(text)) return text;
  const bytes = bytesOfString(text);
  return decodeStrictUtf8(bytes) ?? bytes;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
