/**
 * Calls of C libraries' functions (`clibrary.ts`). A script declares what it calls; its prototype converts arguments and
 * result, and has to pass them as the function's own does. Where LuaJIT would call with garbage, this raises.
 * @module
 */
import { type CType, type FunctionType, isRecord, printType } from '../ctype/index.ts';
import { Namespace } from '../ctype/namespace.ts';
import { type Place, Region } from '../memory/index.ts';
import { FfiError } from '../util/errors.ts';
import type { Cdef, Raw } from '../view/index.ts';
import type { LuaAdapter } from './adapter.ts';
import { type Arguments, convertArgument } from './arguments.ts';
import type { CData } from './cdata.ts';
import type { CFunctions, CLibrary, CResult, Machine } from './clibrary.ts';
import type { Converter } from './convert.ts';
import { CANNOT_CALL, undefinedSymbol, wrongArgumentCount } from './messages.ts';
import { convertNumber, isNumber } from './numbers.ts';

interface LibraryFunction {
  readonly prototype: string;
  readonly run: (...args: unknown[]) => CResult;
}

/** A function under the prototype that a script declared for it. */
interface Binding<V> {
  readonly declared: FunctionType;
  call(args: readonly V[]): V | null;
}

export class LibraryCalls<V> {
  readonly #cdef: Cdef;
  readonly #lua: LuaAdapter<V>;
  readonly #converter: Converter<V>;
  readonly #arguments: Arguments<V>;
  readonly #load: () => CFunctions;
  readonly #bindings: Map<string, Binding<V>> = new Map();
  #functions: ReadonlyMap<string, LibraryFunction> | null = null;
  #prototypes: Namespace | null = null;

  constructor(cdef: Cdef, lua: LuaAdapter<V>, converter: Converter<V>, args: Arguments<V>, library: CLibrary, machine: Machine) {
    this.#cdef = cdef;
    this.#lua = lua;
    this.#converter = converter;
    this.#arguments = args;
    this.#load = () => library(machine);
  }

  /** Whether the library has the function. */
  has(name: string): boolean {
    return this.#named().get(name)?.prototype.includes('(') === true;
  }

  /** What a pointer variable of the library points to at first; null where it has none of the name. */
  variable(name: string): Place | null {
    const found = this.#named().get(name);
    return found === undefined || found.prototype.includes('(') ? null : (found.run() as Place);
  }

  #named(): ReadonlyMap<string, LibraryFunction> {
    this.#functions ??= new Map(
      Object.entries(this.#load()).map(([prototype, run]) => [
        nameIn(prototype),
        { prototype, run: run as (...args: unknown[]) => CResult },
      ]),
    );
    return this.#functions;
  }

  /**
   * Calls the function `name`, which the script declared with the type `declared`; null where its result is `void`.
   * @throws {FfiError} when the function has another prototype, or an argument does not convert
   * @throws {MemoryAccessError} when the function leaves the memory it was given
   */
  call(declared: FunctionType, name: string, args: readonly V[]): V | null {
    let binding = this.#bindings.get(name);
    if (binding?.declared !== declared) {
      const fn = this.#named().get(name);
      if (fn === undefined) throw undefinedSymbol(name);
      binding = this.#bind(fn, name, declared);
      this.#bindings.set(name, binding);
    }
    return binding.call(args);
  }

  // ---- prototypes

  #typeOf({ prototype }: LibraryFunction, name: string): FunctionType {
    // In a namespace of its own: whatever the script's text means by a name, it is C's here.
    this.#prototypes ??= new Namespace(this.#cdef.namespace.types.abi.name);
    if (!this.#prototypes.names.has(name)) this.#prototypes.declare(`${prototype};`, '<library>');
    return this.#prototypes.names.get(name)?.type as FunctionType;
  }

  #bind(fn: LibraryFunction, name: string, declared: FunctionType): Binding<V> {
    if (!isCallable(declared)) throw new FfiError(CANNOT_CALL);
    const actual = this.#typeOf(fn, name);
    const problem = mismatch(declared, actual);
    if (problem !== null) {
      throw new FfiError(`'${name}' is declared as '${printType(declared)}', which does not fit '${fn.prototype}': ${problem}`);
    }
    const count = declared.parameters.length;
    const fixed = actual.parameters.map(({ type }, i) => this.#argument((declared.parameters[i] as { type: CType }).type, type));
    const optional = declared.parameters.slice(fixed.length).map(({ type }) => this.#arguments.ofType(type));
    const result = this.#result(declared.result, actual.result);
    const call = (args: readonly V[]): V | null => {
      const values = args.map((arg, i) => {
        if (i >= count && !declared.variadic) throw wrongArgumentCount();
        const convert = fixed[i] ?? optional[i - fixed.length];
        return convertArgument(i, name, () => (convert === undefined ? this.#arguments.variadic(arg) : convert(arg)));
      });
      if (args.length < count) throw wrongArgumentCount();
      if (!actual.variadic) return result(fn.run(...values));
      return result(fn.run(...values.slice(0, fixed.length), values.slice(fixed.length)));
    };
    return { declared, call };
  }

  // ---- arguments

  #argument(declared: CType, actual: CType): (value: V) => unknown {
    if (declared.kind === 'pointer' || isRecord(declared)) return this.#arguments.ofType(declared);
    return (value) => convertNumber(this.#converter.toRaw(declared, value), actual);
  }

  // ---- results

  #result(declared: CType, actual: CType): (value: CResult) => V | null {
    if (declared.kind === 'void') return () => null;
    return (value) => {
      if (declared.kind === 'pointer' || isRecord(declared)) {
        const place = value instanceof Region ? { region: value, offset: 0 } : (value as CData | null);
        const { region, offset } = place ?? this.#cdef.memory.null;
        return this.#lua.fromCData(this.#converter.at(declared, { region, offset }));
      }
      return this.#converter.rawToLua(declared, convertNumber(convertNumber(value as Raw, actual), declared));
    };
  }
}

function nameIn(prototype: string): string {
  return (/(\w+)(?:\(|$)/.exec(prototype) as RegExpExecArray)[1] as string;
}

/** Why a function of the type `actual` cannot be called as `declared`; null where it can. */
function mismatch(declared: FunctionType, actual: FunctionType): string | null {
  const [given, needed] = [declared.parameters.length, actual.parameters.length];
  if (declared.variadic && !actual.variadic) return "it has no '...'";
  if (given < needed || (given > needed && !actual.variadic))
    return `it has ${needed} ${needed === 1 ? 'parameter' : 'parameters'}, not ${given}`;
  for (const [i, parameter] of actual.parameters.entries()) {
    const [is, declaredAs] = [passing(parameter.type), passing((declared.parameters[i] as { type: CType }).type)];
    if (is !== declaredAs) return `parameter ${i + 1} is ${is}, not ${declaredAs}`;
  }
  for (const [i, { type }] of declared.parameters.slice(needed).entries()) {
    if (!isPassable(type)) return `parameter ${needed + i + 1} cannot be ${passing(type)}`;
  }
  const [is, declaredAs] = [passing(actual.result), passing(declared.result)];
  return is === declaredAs || declared.result.kind === 'void' ? null : `the result is ${is}, not ${declaredAs}`;
}

// How calling conventions pass a type: what is passed alike is converted.
function passing(type: CType): string {
  switch (type.kind) {
    case 'bool':
    case 'integer':
    case 'enum':
      return (type.size ?? 0) <= 8 ? 'an integer' : `'${printType(type)}'`;
    case 'pointer':
      return type.target.kind === 'function' ? 'a function pointer' : 'a pointer';
    case 'struct':
    case 'union':
      return `a struct of ${type.size ?? 'unknown'} bytes`;
    default:
      return `'${printType(type)}'`;
  }
}

// What LuaJIT passes and takes in calls: all but `long double`, 128 bits and vectors.
function isCallable({ parameters, result }: FunctionType): boolean {
  return [result, ...parameters.map(({ type }) => type)].every(
    (type) => type.kind !== 'array' && (!isNumber(type) || (type.size ?? 0) <= 8),
  );
}

function isPassable(type: CType): boolean {
  return type.kind === 'pointer' || isNumber(type);
}
