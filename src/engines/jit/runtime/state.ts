/**
 * One Lua state: what its chunks and libraries share. Nothing of it is reachable from another state.
 * @module
 */
import type { Ffi, LuaType } from '../../../ffi/index.ts';
import type { LuaNumber } from '../../../lua/index.ts';
import { RecentStrings } from '../ffi/recent.ts';
import { Calls } from './calls.ts';
import { compilesText } from './compiled.ts';
import { Deferral } from './deferral.ts';
import type { Coroutine } from './coroutine.ts';
import { builtIn, type LuaFunction } from './functions.ts';
import { type Intrinsics, NO_INTRINSICS } from './intrinsics.ts';
import { PropertyNames } from './names.ts';
import { type Fields, LuaTable, TableClasses } from './table.ts';
import { isCData, numberText } from './operators.ts';
import { type CompilerObserver, KnownChunks, type UnitChunk } from './units.ts';
import { LuaUserdata, typeOf } from './values.ts';
import { Watch } from './watch.ts';
import { WeakTables } from './weak.ts';
import { fault, LimitFault, type LuaFault, toFault } from './errors.ts';

/** What operators do with cdata; the ffi's, once it is opened. */
export interface CDataOperations {
  index(object: unknown, key: unknown): unknown;
  setIndex(object: unknown, key: unknown, value: unknown): void;
  /** `event` is `__add`, `__unm` ... */
  arithmetic(event: string, left: unknown, right: unknown): unknown;
  equals(left: unknown, right: unknown): boolean;
  compare(event: '__lt' | '__le', left: unknown, right: unknown): boolean;
  length(object: unknown): unknown;
  concat(left: unknown, right: unknown): unknown;
  /** The function that calls of `object` go to, with the arguments alone; to be called at once. `name` is as messages call the object. */
  callable(object: unknown, name: string): LuaFunction;
  tostring(object: unknown): unknown;
  /** `tonumber(object)`; undefined where it is no number. */
  tonumber(object: unknown): number | undefined;
  /** The integer of an `int64_t` or `uint64_t`, for `string.format`; null for all other cdata. */
  integer64(object: unknown): bigint | null;
  /** Where a cdata is, as `%p` of `string.format` shows it. */
  address(object: unknown): string;
  /** The metamethod that answers `pairs(object)` or `ipairs(object)`; raises where there is none. */
  iterator(object: unknown, event: '__pairs' | '__ipairs'): unknown;
  /** `1LL`, `1ULL`, `1i` */
  literal(value: Exclude<LuaNumber, { kind: 'double' }>): unknown;
  /** The functions of `bit`, for all kinds of arguments: given as an array, so that nil and nothing differ. */
  readonly bit: Readonly<Record<string, (args: readonly unknown[]) => unknown>>;
}

export class LuaState {
  /** Functions are interpreted; else they are compiled to JavaScript. */
  readonly isInterpreted: boolean;
  readonly names: PropertyNames = new PropertyNames();
  readonly tableClasses: TableClasses = new TableClasses(this.names);
  /** The class of tables of which nothing is known. */
  readonly Table: typeof LuaTable = this.tableClasses.ofRoom(0);
  readonly globals: LuaTable = this.table();
  /** `string`, where methods of strings are. */
  readonly strings: LuaTable = this.table();
  /** The metatable of all strings, where generated code finds it. */
  readonly stringType: { mt: LuaTable | null } = { mt: this.table() };
  /** Those of other types that have one for all values (`debug.setmetatable`). */
  readonly typeMetatables: Map<LuaType, LuaTable> = new Map();
  readonly calls: Calls = new Calls(this);
  readonly deferral: Deferral = new Deferral();
  /** `package.loaded`. */
  readonly loaded: LuaTable = this.table();
  /** What `debug.getregistry` answers. */
  readonly registry: LuaTable = this.table();
  /** The running coroutine; null outside of any. */
  current: Coroutine | null = null;
  cdata: CDataOperations | null = null;
  /** The ffi over this state's values, once it is opened. */
  ffi: Ffi<unknown> | null = null;
  /** Bytes of the longest string that a function of the library may make at once. */
  stringLimit: number = Number.POSITIVE_INFINITY;
  /** Running functions of the current coroutine whose chunks mention environments, the innermost last; null where there have been none. */
  frames: LuaFunction[] | null = null;
  /** Strings that were made of bytes lately. */
  readonly recentStrings: RecentStrings = new RecentStrings();
  readonly watch: Watch = new Watch();
  readonly weak: WeakTables = new WeakTables();
  readonly chunks: KnownChunks = new KnownChunks();
  /** Tools that are told what is compiled. */
  readonly observers: Set<CompilerObserver> = new Set();
  /** What debuggers are to know a chunk by; null where generated text has no source maps. */
  sourceUrl: ((chunk: UnitChunk) => string) | null = null;
  /** What is still to be done when the state is closed or the script ends the process. */
  readonly endings: Set<() => void> = new Set();
  /** The error that a message handler looks at; null outside of any. */
  raised: LuaFault | null = null;
  /** Globals of chunks that are loaded from now on. */
  environment: unknown = this.globals;
  /** Functions of the library that compiled text does in line, once there are any. */
  intrinsics: Intrinsics = NO_INTRINSICS;
  /** The function `next`, once there is one: loops over it go their own way. */
  next: LuaFunction | null = null;
  /** The iterator of `ipairs`. */
  nextElement: LuaFunction | null = null;
  readonly #addresses: WeakMap<object, number> = new WeakMap();
  #nextAddress = 0x7f00_4000_0000;

  /** @param isInterpreted by default where the host compiles no text */
  constructor(isInterpreted: boolean = !compilesText()) {
    this.isInterpreted = isInterpreted;
    this.stringType.mt?.setField('__index', this.strings);
  }

  /** Does what is to be done at the end; each takes itself off the list. */
  end(): void {
    for (const ending of [...this.endings]) ending();
  }

  table(arr?: unknown[]): LuaTable {
    return new this.Table(arr);
  }

  /** A table of built-in functions and other values, for libraries: its fields stay quick whatever is added. */
  library(fields: Readonly<Record<string, unknown>>, table: LuaTable = this.table()): LuaTable {
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'function' && (value as LuaFunction).builtIn === undefined) builtIn(name, value as LuaFunction);
      table.setField(name, value);
    }
    return quick(table);
  }

  metatableOf(value: unknown): LuaTable | null {
    if (value instanceof LuaTable) return value.mt;
    if (typeof value === 'string') return this.stringType.mt;
    if (value instanceof LuaUserdata) return value.mt;
    return this.typeMetatables.size === 0 ? null : (this.typeMetatables.get(typeOf(value)) ?? null);
  }

  /** The metamethod of an event, such as `__add`. */
  metamethod(value: unknown, event: string): unknown {
    const metatable = this.metatableOf(value);
    return metatable === null ? undefined : (metatable as unknown as Fields)[`$${event}`];
  }

  /** What `tostring` answers: a value's text, or whatever its `__tostring` gives. */
  tostring(value: unknown): unknown {
    const handler = this.#textHandler(value);
    return handler === undefined ? this.plainText(value) : this.calls.call1(handler, value);
  }

  *tostringTwin(value: unknown): Generator<unknown, unknown, unknown> {
    const handler = this.#textHandler(value);
    if (handler !== undefined) return yield* this.calls.call1Twin(handler, value);
    const text = this.deferral.during(() => this.plainText(value));
    const deferred = this.deferral.take();
    return deferred === null ? text : yield* this.calls.call1Twin(deferred.callee, ...deferred.args);
  }

  /** The same as text: what a `__tostring` gives that is no string is an error. */
  textOf(value: unknown): string {
    const text = this.tostring(value);
    if (typeof text === 'string') return text;
    if (typeof text === 'number') return numberText(text);
    throw fault("'tostring' must return a string to 'print'");
  }

  #textHandler(value: unknown): unknown {
    return typeof value === 'string' || typeof value === 'number' ? undefined : this.metamethod(value, '__tostring');
  }

  /** A value as `tostring` writes it where no metatable says otherwise. */
  plainText(value: unknown): string {
    switch (typeof value) {
      case 'string':
        return value;
      case 'number':
        return numberText(value);
      case 'undefined':
        return 'nil';
      case 'boolean':
        return String(value);
      case 'function':
        return `function: ${(value as LuaFunction).builtIn === undefined ? '' : 'builtin: '}${this.addressOf(value)}`;
      default:
        if (isCData(value) && this.cdata !== null) return String(this.cdata.tostring(value));
        return `${typeOf(value)}: ${this.addressOf(value as object)}`;
    }
  }

  /**
   * The value that a protected call answers for what was thrown.
   * @throws {LimitFault} what nothing in Lua catches
   */
  caught(thrown: unknown): unknown {
    const fault = toFault(thrown, this);
    if (fault instanceof LimitFault) throw fault;
    return fault.value;
  }

  /** Where an object is said to be; `tostring` shows it. */
  addressOf(object: object): string {
    let address = this.#addresses.get(object);
    if (address === undefined) {
      address = this.#nextAddress;
      this.#nextAddress += 0x28;
      this.#addresses.set(object, address);
    }
    return `0x${address.toString(16).padStart(8, '0')}`;
  }
}

/**
 * Makes V8 keep a table's properties in place however many are added, as it does for prototypes; else more than a dozen that
 * were added by computed names would make it a hash table.
 */
function quick(table: LuaTable): LuaTable {
  const user = Object.create(table) as LuaTable;
  return user.mt === table ? user : table;
}
