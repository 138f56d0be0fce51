/**
 * Typedef names that exist without being declared: those of `<stdint.h>`, `<stddef.h>`, `<uchar.h>`, POSIX's
 * `ssize_t`, and fixed byte orders under their own names and under Linux's.
 * @module
 */
import type { BaseType } from '../cparser/index.ts';
import type { CTypes } from './table.ts';
import type { CType } from './types.ts';

const UNSIGNED = ['unsigned char', 'unsigned short', 'unsigned int', 'unsigned long long'] as const;
const SIGNED = ['signed char', 'short', 'int', 'long long'] as const;
const WIDTHS = [8, 16, 32, 64] as const;

function unsignedOf(type: BaseType): BaseType {
  return `unsigned ${type}` as BaseType;
}

/** The predefined typedef names of an ABI. */
export function predefinedTypedefs(types: CTypes): Map<string, CType> {
  const { abi } = types;
  const names = new Map<string, CType>();
  const define = (type: CType, ...aliases: string[]): void => {
    for (const alias of aliases) names.set(alias, type);
  };
  WIDTHS.forEach((width, i) => {
    // int64_t is `long` where that has 8 bytes (glibc's <bits/types.h>).
    const is64Long = width === 64 && abi.longSize === 8;
    const signed = is64Long ? 'long' : (SIGNED[i] as BaseType);
    const unsigned = is64Long ? 'unsigned long' : (UNSIGNED[i] as BaseType);
    define(types.base(signed), `int${width}_t`, `int_least${width}_t`);
    define(types.base(unsigned), `uint${width}_t`, `uint_least${width}_t`);
    const fast = width === 16 ? abi.fastTypes[0] : width === 32 ? abi.fastTypes[1] : null;
    define(types.base(fast ?? signed), `int_fast${width}_t`);
    define(types.base(fast === null ? unsigned : unsignedOf(fast)), `uint_fast${width}_t`);
    if (width === 8) return;
    const plain = types.base(unsigned);
    define(types.withByteOrder(plain, 'big'), `be${width}_t`, `__be${width}`);
    define(plain, `le${width}_t`, `__le${width}`);
    define(types.withByteOrder(types.base(signed), 'big'), `sbe${width}_t`);
    define(types.base(signed), `sle${width}_t`);
  });
  const word = types.base(abi.wordType);
  const unsignedWord = types.base(unsignedOf(abi.wordType));
  define(word, 'intptr_t', 'ptrdiff_t', 'ssize_t');
  define(unsignedWord, 'uintptr_t', 'size_t');
  define(names.get('int64_t') as CType, 'intmax_t');
  define(names.get('uint64_t') as CType, 'uintmax_t');
  define(types.base(abi.wcharType), 'wchar_t');
  define(types.base('unsigned short'), 'char16_t');
  define(types.base('unsigned int'), 'char32_t');
  define(types.base(abi.wintType), 'wint_t');
  if (!abi.missing.includes('__int128')) {
    define(types.base('__int128'), '__int128_t', 'int128_t');
    define(types.base('unsigned __int128'), '__uint128_t', 'uint128_t');
  }
  define(types.base('_Bool'), 'bool');
  define(types.base('double _Complex'), 'complex');
  // A pointer, or a struct of the ABI's own, of which only the size matters: on x86-64 an array of one.
  const [size, align] = abi.vaList;
  const words = types.array(types.base(align === 8 ? 'unsigned long' : 'unsigned int'), size / align);
  define(size === abi.pointerSize ? types.pointer(types.void) : words, 'va_list', '__builtin_va_list', '__gnuc_va_list');
  return names;
}
