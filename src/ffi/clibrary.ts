/**
 * C libraries written in JavaScript: functions behind `ffi.C` that get C's values as C would pass them, where host
 * functions (`define`) get JavaScript's: pointers are places in bounds-checked memory, whatever they point to.
 * @module
 */
import type { Abi } from '../ctype/index.ts';
import type { Memory, Place, Region } from '../memory/index.ts';
import type { Raw } from '../view/index.ts';
import type { CData } from './cdata.ts';
import type { Errno } from './errno.ts';

/** A result in C: a number, a place for a pointer, null for NULL, a region that holds a struct; undefined for `void`. */
export type CResult = Raw | Place | Region | null | undefined;

/**
 * Functions by their prototypes in C, of base types and types that are written out: `'int abs(int)'`. Arguments are
 * numbers (bigints for 64 bits); cdata for pointers and structs, of the types that the script declared; and last, for
 * `...`, one list of cdata with the types that the arguments have. A pointer variable has no parameters, `'void *stdout'`; its function
 * answers what it points to at first.
 */
export type CFunctions = Readonly<Record<string, (...args: never[]) => CResult>>;

/** What a library runs on: that of one Lua state. */
export interface Machine {
  readonly memory: Memory;
  readonly errno: Errno;
  readonly abi: Abi;
  /**
   * Calls the function that `pointer` points to, a cdata of function pointer type, for a number.
   * @throws whatever the function raises
   */
  callFunctionPointer(pointer: CData, args: readonly CData[]): Raw;
  /** An address for an object of JavaScript, which C sees as an incomplete type. */
  placeOfObject(object: object): Place;
  /** The object that has its address there; null where there is none. */
  objectAt(place: Place): object | null;
}

/** A library; it is loaded once per Lua state, so that states share nothing. */
export type CLibrary = (machine: Machine) => CFunctions;
