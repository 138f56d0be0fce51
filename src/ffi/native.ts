/**
 * Native libraries as the ffi sees them: symbols with addresses, functions at addresses, and the process's own memory. A host
 * that has such implements `Native`; what is called there is as unsafe as in C.
 * @module
 */
import type { AbiName } from '../ctype/index.ts';
import type { RealMemory } from '../memory/index.ts';

/** How a number is passed; pointers are their addresses. */
export type NativeScalar =
  | 'bool'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float'
  | 'double'
  | 'pointer';

/** A struct that is passed by value: what calling conventions ask of it. */
export interface NativeStruct {
  readonly size: number;
  readonly align: number;
  /** Its numbers in ascending order; null where they do not matter, as it is too large for registers. */
  readonly members: readonly { readonly offset: number; readonly type: NativeScalar }[] | null;
}

export type NativeType = NativeScalar | NativeStruct;

/** A number as C passes it, the bytes of a struct, or what `void` is. 64-bit integers may come as either. */
export type NativeValue = number | bigint | boolean | Uint8Array | undefined;

/** How a function is called. */
export interface NativeSignature {
  readonly parameters: readonly NativeType[];
  readonly result: NativeType | 'void';
  readonly isVariadic: boolean;
}

/** Arguments behind `...`, each with its type. */
export type VariadicValues = readonly (readonly [NativeType, NativeValue])[];

/** A function of a library. */
export type NativeFunction = (args: readonly NativeValue[], variadic: VariadicValues) => NativeValue;

/** A function that native code can call, until it is freed. */
export interface NativeCallback {
  readonly address: number;
  free(): void;
}

/** A loaded library. */
export interface NativeLibrary {
  /** The address of a function or variable; a text that says why there is none. */
  symbol(name: string): number | string;
}

/** Native libraries, of a host that has them. */
export interface Native {
  /** The ABI of this process, which declarations have to have. */
  readonly abi: AbiName;
  readonly memory: RealMemory;
  /** C's `errno`. */
  errno: number;
  /** What the process has loaded: the C library, and libraries that were loaded with `isGlobal`. */
  readonly process: NativeLibrary;
  /** Loads a library by the name of its file, which the system searches for, or a path; or says why it cannot. */
  load(file: string, isGlobal: boolean): NativeLibrary | string;
  functionAt(address: number, signature: NativeSignature): NativeFunction;
  /** Makes a function that native code can call; it is not to throw. */
  callback(signature: NativeSignature, run: (args: readonly NativeValue[]) => NativeValue): NativeCallback;
}

/** The file that the name of a library means (LuaJIT's manual, "ffi.load"): `z` is `libz.so`. */
export function libraryFile(name: string): string {
  if (name.includes('/')) return name;
  const file = name.includes('.') ? name : `${name}.so`;
  return file.startsWith('lib') ? file : `lib${file}`;
}
