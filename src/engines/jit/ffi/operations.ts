/**
 * What operators of Lua do with cdata: the ffi's answers, in the form that the runtime asks for them.
 * @module
 */
import { ensureStack } from '../../../util/stack.ts';
import { type ArithmeticOperator, CData, type CLibrary, CTypeObject, Ffi, type Native } from '../../../ffi/index.ts';
import type { LuaNumber } from '../../../lua/index.ts';
import { ArgumentError, FfiError } from '../../../util/errors.ts';
import { compiled } from '../runtime/compiled.ts';
import { foreignFault } from '../runtime/errors.ts';
import { builtIn, type LuaFunction, NONE } from '../runtime/functions.ts';
import type { CDataOperations, LuaState } from '../runtime/state.ts';
import type { Cdef } from '../../../view/index.ts';
import { given, JitAdapter } from './adapter.ts';
import { CDataClasses } from './classes.ts';

type Object = CData | CTypeObject;

// As LuaJIT names functions in messages about their arguments: as the call does.
function argumentMessage({ index, reason }: ArgumentError, called: string): string {
  ensureStack();
  const name = /'(.*)'$/.exec(called)?.[1] ?? '?';
  if (!called.startsWith('method ')) return `bad argument #${index} to '${name}' (${reason})`;
  // `object:method()` does not count the object.
  return index === 1 ? `calling '${name}' on bad self (${reason})` : `bad argument #${index - 1} to '${name}' (${reason})`;
}

export class Operations implements CDataOperations {
  readonly #state: LuaState;
  readonly ffi: Ffi<unknown>;
  readonly adapter: JitAdapter;
  readonly classes: CDataClasses;
  readonly bit: CDataOperations['bit'];
  /** What the call that is being made calls its function: `local 'f'`, or nothing. */
  #called = '';
  #functions = 0;

  constructor(state: LuaState, cdef: Cdef, library?: CLibrary, native?: Native) {
    this.#state = state;
    this.classes = new CDataClasses(state.names, this);
    this.adapter = new JitAdapter(state, this.classes);
    this.ffi = new Ffi<unknown>(cdef, this.adapter, library, native);
    this.classes.ffi = this.ffi;
    this.bit = this.ffi.bit.functions;
  }

  index(object: Object, key: unknown): unknown {
    this.#learn(object, key);
    return this.ffi.access.index(object, key);
  }

  setIndex(object: Object, key: unknown, value: unknown): void {
    this.#learn(object, key);
    this.ffi.access.newIndex(object, key, value);
  }

  // What is asked for once, compiled text is likely to ask for again.
  #learn(object: Object, key: unknown): void {
    if (object instanceof CTypeObject) return;
    if (typeof key === 'string') this.classes.learn(object, key);
    else if (typeof key === 'number') this.classes.learnElements(object);
  }

  arithmetic(event: ArithmeticOperator, left: unknown, right: unknown): unknown {
    return this.ffi.arithmetic.arithmetic(event, left, right);
  }

  equals(left: unknown, right: unknown): boolean {
    return this.ffi.arithmetic.equal(left, right);
  }

  compare(event: '__lt' | '__le', left: unknown, right: unknown): boolean {
    return this.ffi.arithmetic.compare(event, left, right);
  }

  length(object: unknown): unknown {
    return this.ffi.arithmetic.length(object);
  }

  concat(left: unknown, right: unknown): unknown {
    return this.ffi.arithmetic.concat(left, right);
  }

  callable(object: Object, name: string): LuaFunction {
    this.#called = name;
    // Functions stay what they are; the types of other values may get metatypes.
    const { handle } = object;
    return handle !== null && object.type.kind === 'function' ? (handle as LuaFunction) : this.callableOther(object);
  }

  private callableOther(object: Object): LuaFunction {
    const method = this.ffi.callMethod(object);
    if (method !== null) return this.#bound(method, object);
    object.handle ??= object instanceof CTypeObject ? this.#constructorOf(object) : this.#function(object);
    return object.handle as LuaFunction;
  }

  #constructorOf(object: CTypeObject): LuaFunction {
    const slow = this.#function(object);
    const { creation } = this.ffi;
    let quick = creation.quickConstructor(object.type);
    return builtIn('?', (...args: unknown[]) => {
      quick ??= creation.quickConstructor(object.type);
      return quick?.(...args) ?? slow(...args);
    });
  }

  #function(object: Object): LuaFunction {
    const call = this.ffi.caller(object) ?? ((...args) => this.ffi.call(object, object instanceof CTypeObject ? given(args) : args));
    const called = (): string => this.#called;
    const failed = (error: unknown, name: string): unknown => {
      if (error instanceof ArgumentError) return new FfiError(argumentMessage(error, name));
      // What the host throws may have been made anywhere.
      return foreignFault(error, this.#state);
    };
    const count = object.type.kind === 'function' ? object.type.parameters.length : 0;
    const make = count > MOST_PARAMETERS ? null : compiled<MakeFunction>(functionText(this.#functions++, count));
    return builtIn('?', make === null ? interpretedFunction(call, called, failed) : make(call, called, failed, NONE));
  }

  // A metamethod that gets the object in front of the arguments.
  #bound(method: unknown, object: Object): LuaFunction {
    const { calls } = this.#state;
    const fn = calls.callable(method);
    return builtIn(
      '__call',
      (...args: unknown[]) => fn(object, ...args),
      function* (...args: unknown[]): Generator<unknown, unknown, unknown> {
        return yield* calls.raw(fn, [object, ...args]);
      },
    );
  }

  tostring(object: Object): unknown {
    return this.ffi.printer.tostring(object);
  }

  tonumber(object: Object): number | undefined {
    return this.ffi.tonumber(object) ?? undefined;
  }

  integer64(object: Object): bigint | null {
    return this.ffi.integer64(object);
  }

  address(object: Object): string {
    return object instanceof CData ? this.ffi.printer.address(object) : this.#state.addressOf(object);
  }

  iterator(object: Object, event: '__pairs' | '__ipairs'): unknown {
    return this.ffi.iterator(object, event);
  }

  literal(value: Exclude<LuaNumber, { kind: 'double' }>): unknown {
    return this.ffi.creation.literal(value);
  }
}

/** Parameters of a function that is worth text of its own; prototypes are the script's. */
const MOST_PARAMETERS = 16;

type Call = (...args: unknown[]) => unknown;
type Called = () => string;
type Failed = (error: unknown, name: string) => unknown;
type MakeFunction = (call: Call, called: Called, failed: Failed, none: typeof NONE) => LuaFunction;

/**
 * A function that is called with `count` arguments, or any others. Text of its own for each, for the reason that `methodText` has (`../userdata.ts`);
 * and V8 puts a call into its caller only where it knows how many arguments there are.
 */
function functionText(id: number, count: number): string {
  const args = Array.from({ length: count }, (_, i) => `args[${i}]`).join(',');
  return `'use strict';return(call,called,failed,NONE)=>function symbol${id}(...args){
const name=called();
try{const result=args.length===${count}?call(${args}):call(...args);return result===null?NONE:result;}catch(error){throw failed(error,name);}
}`;
}

// The same where no text is compiled, or it would be long.
function interpretedFunction(call: Call, called: Called, failed: Failed): LuaFunction {
  return (...args: unknown[]) => {
    const name = called();
    try {
      const result = call(...args);
      return result === null ? NONE : result;
    } catch (error) {
      throw failed(error, name);
    }
  };
}
