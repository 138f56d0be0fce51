/**
 * The texts of ffi errors, which are LuaJIT's: Lua programs match on them.
 * @module
 */
import { ArgumentError, FfiError } from '../util/errors.ts';

/** Raises LuaJIT's error for argument `index` (from 1) of a function. */
export function badArgument(index: number, name: string, reason: string): never {
  throw new ArgumentError(index, name, reason);
}

export const cannotConvert = (from: string, to: string): FfiError => new FfiError(`cannot convert '${from}' to '${to}'`);
export const noMember = (type: string, name: string): FfiError => new FfiError(`'${type}' has no member named '${name}'`);
export const cannotIndex = (type: string, key: string): FfiError => new FfiError(`'${type}' cannot be indexed with '${key}'`);
export const constantLocation = (): FfiError => new FfiError('attempt to write to constant location');
export const notCallable = (type: string): FfiError => new FfiError(`'${type}' is not callable`);
export const noIterator = (type: string, name: string): FfiError => new FfiError(`'${type}' has no '${name}' metamethod`);
export const wrongArgumentCount = (): FfiError => new FfiError('wrong number of arguments for function call');
export const missingDeclaration = (name: string): FfiError => new FfiError(`missing declaration for symbol '${name}'`);
export const undefinedSymbol = (name: string): FfiError => new FfiError(`undefined symbol: ${name}`);
export const badArithmetic = (a: string, b: string): FfiError => new FfiError(`attempt to perform arithmetic on '${a}' and '${b}'`);
export const badComparison = (a: string, b: string): FfiError => new FfiError(`attempt to compare '${a}' with '${b}'`);
export const badConcatenation = (a: string, b: string): FfiError => new FfiError(`attempt to concatenate '${a}' and '${b}'`);
export const badLength = (type: string): FfiError => new FfiError(`attempt to get length of '${type}'`);
export const tooManyInitializers = (type: string): FfiError => new FfiError(`too many initializers for '${type}'`);
export const protectedMetatable = (): FfiError => new FfiError('cannot change a protected metatable');

export const WRONG_PARAMETERS = 'wrong number of type parameters';
export const CANNOT_CALL = 'NYI: cannot call this C function (yet)';
export const INVALID_TYPE = 'invalid C type';
export const SIZE_UNKNOWN = 'size of C type is unknown or too large';
export const NATIVE_IS_OFF =
  "native libraries are off; 'cdef run --native' and, for programs, createLua({ native: createNative() }) turn them on";
