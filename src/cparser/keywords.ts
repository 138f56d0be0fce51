/**
 * C's keywords: which words there are, what kind each is of, and which combinations name a type.
 * @module
 */
import type { BaseType } from './ast.ts';

const words = (list: string): string[] => list.split(' ');

/** MSVC's sized integers are spellings of the standard ones. */
export const SIZED: ReadonlyMap<string, string> = new Map([
  ['__int8', 'char'],
  ['__int16', 'short'],
  ['__int32', 'int'],
  ['__int64', 'long long'],
]);

export const BASE_WORDS: ReadonlySet<string> = new Set([
  ...words('void char short int long float double signed unsigned _Bool _Complex __int128'),
  ...SIZED.keys(),
]);
export const STORAGE: ReadonlySet<string> = new Set(words('typedef extern static auto register'));
export const QUALIFIERS: ReadonlySet<string> = new Set(words('const volatile restrict _Atomic'));
export const RECORDS: ReadonlySet<string> = new Set(words('struct union enum'));
/** Words that change neither types nor layouts. */
export const IGNORED: ReadonlySet<string> = new Set(words('inline _Noreturn __extension__ _Thread_local'));

const OTHERS = words('sizeof __attribute__ asm _Alignas _Alignof __declspec typeof _Static_assert _Generic');

/**
 * The types of ISO/IEC TS 18661-3 to base words. They are no keywords: older headers have them as typedefs.
 */
export const FLOAT_N: ReadonlyMap<string, string> = new Map([
  ['_Float16', '_Float16'],
  ['_Float32', 'float'],
  ['_Float64', 'double'],
  ['_Float32x', 'double'],
  ['_Float64x', 'long double'],
  ['_Float128', '_Float128'],
  ['__float128', '_Float128'],
  ['__float80', 'long double'],
]);

/** Every keyword, and the spellings that gcc has beside the standard's, to the one spelling used here. */
export const KEYWORDS: ReadonlyMap<string, string> = new Map([
  ...[...BASE_WORDS, ...STORAGE, ...QUALIFIERS, ...RECORDS, ...IGNORED, ...OTHERS].map((word): [string, string] => [word, word]),
  ...words('signed const volatile restrict inline asm typeof').flatMap((word): [string, string][] => [
    [`__${word}`, word],
    [`__${word}__`, word],
  ]),
  ['__complex', '_Complex'],
  ['__complex__', '_Complex'],
  ['__attribute', '__attribute__'],
  ['__thread', '_Thread_local'],
  ['__alignof__', '_Alignof'],
  ['__alignof', '_Alignof'],
]);

/** The sorted base words of a declaration to the type they name (C11 6.7.2p2). */
export const BASE_TYPES: ReadonlyMap<string, BaseType> = new Map(
  (
    [
      ['void', ['void']],
      ['_Bool', ['_Bool']],
      ['char', ['char']],
      ['signed char', ['signed char']],
      ['unsigned char', ['unsigned char']],
      ['short', ['short', 'short int', 'signed short', 'signed short int']],
      ['unsigned short', ['unsigned short', 'unsigned short int']],
      ['int', ['int', 'signed', 'signed int']],
      ['unsigned int', ['unsigned', 'unsigned int']],
      ['long', ['long', 'long int', 'signed long', 'signed long int']],
      ['unsigned long', ['unsigned long', 'unsigned long int']],
      ['long long', ['long long', 'long long int', 'signed long long', 'signed long long int']],
      ['unsigned long long', ['unsigned long long', 'unsigned long long int']],
      ['__int128', ['__int128', 'signed __int128']],
      ['unsigned __int128', ['unsigned __int128']],
      ['float', ['float']],
      ['double', ['double']],
      ['long double', ['long double']],
      ['_Float16', ['_Float16']],
      ['_Float128', ['_Float128']],
      ['_Float16 _Complex', ['_Float16 _Complex']],
      ['_Float128 _Complex', ['_Float128 _Complex']],
      ['float _Complex', ['float _Complex']],
      ['double _Complex', ['double _Complex', '_Complex']],
      ['long double _Complex', ['long double _Complex']],
    ] as const satisfies readonly (readonly [BaseType, readonly string[]])[]
  ).flatMap(([type, spellings]) => spellings.map((spelling): [string, BaseType] => [spelling.split(' ').sort().join(' '), type])),
);
