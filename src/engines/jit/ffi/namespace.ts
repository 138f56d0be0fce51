/**
 * `ffi.C` and loaded libraries: userdata that answer for every declared name.
 *
 * Functions never change, so they are kept; what compiled text does with `C.name` and `C[name]` finds them in the ways of `classes.ts`.
 * @module
 */
import { CData, type Ffi, type NativeLibrary, RecentNames } from '../../../ffi/index.ts';
import { NONE } from '../runtime/functions.ts';
import type { PropertyNames } from '../runtime/names.ts';
import type { LuaState } from '../runtime/state.ts';
import { LuaUserdata } from '../runtime/values.ts';

class Namespace extends LuaUserdata {
  readonly #ffi: Ffi<unknown>;
  readonly #library: NativeLibrary | null;
  readonly #names: PropertyNames;
  readonly #recent: RecentNames<CData> = new RecentNames();
  readonly #functions: Map<unknown, CData> = new Map();

  constructor(state: LuaState, ffi: Ffi<unknown>, library: NativeLibrary | null) {
    super(library ?? { library: 'ffi.C' });
    this.#ffi = ffi;
    this.#library = library;
    this.#names = state.names;
    this.mt = state.library({
      __index: (_object: unknown, name: unknown) => this.getAt(name),
      __newindex: (_object: unknown, name: unknown, value: unknown) => {
        this.setAt(name, value);
        return NONE;
      },
    });
  }

  // Short, as V8 puts short functions into their callers.
  getAt(name: unknown): unknown {
    return (typeof name === 'string' ? this.#recent.get(name) : undefined) ?? this.find(name);
  }

  private find(name: unknown): unknown {
    const known = this.#functions.get(name);
    if (known !== undefined) {
      this.#recent.set(name as string, known);
      return known;
    }
    const symbol = this.#ffi.symbols.get(name, this.#library);
    if (symbol instanceof CData && symbol.type.kind === 'function') this.#keep(name as string, symbol);
    return symbol;
  }

  setAt(name: unknown, value: unknown): void {
    this.#ffi.symbols.set(name, value, this.#library);
  }

  #keep(name: string, symbol: CData): void {
    this.#functions.set(name, symbol);
    const property = this.#names.find(name);
    if (property === undefined) return;
    Object.defineProperty(this, property, { get: () => symbol, set: (value: unknown) => this.setAt(name, value) });
  }
}

/** The symbols of a library; of `ffi.C` where `library` is null. */
export function makeNamespace(state: LuaState, ffi: Ffi<unknown>, library: NativeLibrary | null): LuaUserdata {
  return new Namespace(state, ffi, library);
}
