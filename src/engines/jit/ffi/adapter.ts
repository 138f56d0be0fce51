/**
 * Values of the jit engine for the ffi.
 *
 * The ffi tells an argument that is nil from one that is not there, and so does a JavaScript `undefined`, which is both here. So a nil
 * that was given to a function of the ffi is null to it (`given`), which is no Lua value otherwise.
 * @module
 */
import type { CType } from '../../../ctype/index.ts';
import { CData, type CDataClass, type CTypeObject, type LuaAdapter, type LuaType } from '../../../ffi/index.ts';
import { Userdata } from '../../engine.ts';
import { builtIn, type LuaFunction, NONE } from '../runtime/functions.ts';
import { helpersOf } from '../runtime/helpers.ts';
import type { LuaState } from '../runtime/state.ts';
import type { LuaTable } from '../runtime/table.ts';
import { LuaUserdata, typeOf } from '../runtime/values.ts';
import { bytesOfString, writeString } from './bytes.ts';
import type { CDataClasses } from './classes.ts';
import type { RecentStrings } from './recent.ts';

type Index = (object: unknown, key: unknown) => unknown;
type SetIndex = (object: unknown, key: unknown, value: unknown) => void;

/** Arguments of a function of the ffi, with null for nil. */
export function given(args: readonly unknown[]): readonly unknown[] {
  return args.includes(undefined) ? args.map((one) => (one === undefined ? null : one)) : args;
}

export class JitAdapter implements LuaAdapter<unknown> {
  readonly #state: LuaState;
  readonly #index: Index;
  readonly #setIndex: SetIndex;
  readonly #classes: CDataClasses;
  readonly #recent: RecentStrings;
  /** See `LuaAdapter`; a state without an engine around it lets its own errors through. */
  callFromHost: (callee: unknown, args: readonly unknown[]) => unknown = (callee, args) => this.call(callee, args);

  constructor(state: LuaState, classes: CDataClasses) {
    this.#state = state;
    this.#classes = classes;
    this.#recent = state.recentStrings;
    const { index, setIndex } = helpersOf(state) as { index: Index; setIndex: SetIndex };
    this.#index = index;
    this.#setIndex = setIndex;
  }

  typeOf(value: unknown): LuaType {
    return value === null ? 'nil' : typeOf(value);
  }

  isNumber(value: unknown): boolean {
    return typeof value === 'number';
  }

  isString(value: unknown): boolean {
    return typeof value === 'string';
  }

  toBoolean(value: unknown): boolean {
    return value as boolean;
  }

  toNumber(value: unknown): number {
    return value as number;
  }

  toBytes(value: unknown): Uint8Array {
    return bytesOfString(value as string);
  }

  lengthOf(value: unknown): number {
    return (value as string).length;
  }

  copyBytes(value: unknown, target: Uint8Array, offset: number): void {
    writeString(value as string, target, offset);
  }

  toName(value: unknown): string {
    return value as string;
  }

  toCData(value: unknown): CData | CTypeObject {
    return value as CData | CTypeObject;
  }

  cdataOf(value: unknown): CData | null {
    return value instanceof CData ? value : null;
  }

  bufferOf(value: unknown): Uint8Array | null {
    return value instanceof Uint8Array ? value : null;
  }

  toHostObject(value: unknown): unknown {
    const object = value instanceof LuaUserdata ? value.object : value;
    // Userdata of nothing, such as `newproxy` makes, are what they are.
    if (typeof object !== 'object' || object === null) return value;
    return object instanceof Userdata ? object.object : object;
  }

  keep(value: unknown): unknown {
    return value;
  }

  nil(): unknown {
    return undefined;
  }

  fromBoolean(value: boolean): unknown {
    return value;
  }

  fromNumber(value: number): unknown {
    return value;
  }

  fromBytes(bytes: Uint8Array, start = 0, end: number = bytes.length): unknown {
    return this.#recent.of(bytes, start, end);
  }

  fromCData(value: CData | CTypeObject): unknown {
    return value;
  }

  classOf(type: CType): CDataClass {
    return this.#classes.classOf(type);
  }

  fromFunction(fn: (args: readonly unknown[]) => unknown): unknown {
    return builtIn('?', (...args: unknown[]) => {
      const result = fn(given(args));
      return result === null ? NONE : result;
    });
  }

  rawGet(table: unknown, key: string | number): unknown {
    return (table as LuaTable).get(key);
  }

  get(object: unknown, key: unknown): unknown {
    return this.#state.deferral.without(() => this.#index(object, key));
  }

  set(object: unknown, key: unknown, value: unknown): void {
    this.#state.deferral.without(() => this.#setIndex(object, key, value));
  }

  call(callee: unknown, args: readonly unknown[]): unknown {
    const { deferral } = this.#state;
    if (!deferral.isOn) return this.#made(callee, args);
    deferral.put(callee, args);
    return undefined;
  }

  #made(callee: unknown, args: readonly unknown[]): unknown {
    const { calls } = this.#state;
    const raw = (typeof callee === 'function' ? (callee as LuaFunction) : calls.callable(callee))(...args);
    return Array.isArray(raw) ? calls.first(raw) : raw;
  }

  call2(callee: unknown, first: unknown, second: unknown): unknown {
    if (this.#state.deferral.isOn || typeof callee !== 'function') return this.call(callee, [first, second]);
    const raw = (callee as LuaFunction)(first, second);
    return Array.isArray(raw) ? this.#state.calls.first(raw) : raw;
  }

  tryCall(callee: unknown, args: readonly unknown[]): void {
    try {
      this.#state.deferral.without(() => this.#made(callee, args));
    } catch {
      // Nobody's concern.
    }
  }
}
