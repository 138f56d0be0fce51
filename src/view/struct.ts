/**
 * Structs declared in TypeScript, with their layouts and views: all of `cdef` but C text and Lua, in half the code.
 *
 * What is described here is understood by `cdef` too: `cdef(description)` of either entry.
 * @module
 */
import { type AbiName, Scope } from '../ctype/index.ts';
import type { DescribedOptions } from './cdef.ts';
import type { Description } from './declare.ts';
import type { FromDescriptions } from './declare-types.ts';
import { declared, type OneOf, Types } from './types.ts';

/**
 * Declares what is described, and returns the object to use it through. It takes names of types, as in
 * `typeof('struct point')`, where `cdef` takes all that C can write.
 * @throws {TypeError} when the declarations do not fit together; the message names type and member
 * @throws {RangeError} for numbers that C does not take there, such as the width of a bit-field
 * @example
 * import { be, cdef, struct, uint16, uint32 } from 'cdef/struct';
 * const header = struct('header', { kind: uint16, id: be(uint32) }, { packed: true });
 * const bytes = new Uint8Array([1, 0, 0, 0, 0, 5]);
 * cdef(header).typeof(header).view(bytes).id; // 5
 */
export function cdef<const T extends Description | readonly Description[], A extends AbiName = 'x86_64-linux-gnu'>(
  descriptions: T,
  options?: DescribedOptions<FromDescriptions<OneOf<T>, A>> & { readonly abi?: A },
): Types<FromDescriptions<OneOf<T>, A>>;
export function cdef(descriptions: Description | readonly Description[], options: DescribedOptions = {}): Types {
  if (typeof descriptions === 'string') throw new TypeError("cdef: expected descriptions, got C text, which is for the entry 'cdef'");
  const types: Types = new Types(new Scope(options.abi, options), options);
  return declared(types, descriptions, options);
}

export { MemoryAccessError } from '../util/errors.ts';
export * from './public.ts';
