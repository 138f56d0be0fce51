/**
 * C's keywords: which words there are, what kind each is of, and which combinations name a type.
 * @module
 */
import type { BaseType } from './ast.ts';

const words = (list: string): string[] => list.split(' ');

/** What a keyword is for. Ignored words change neither types nor layouts. */
export type KeywordKind = 'base' | 'storage' | 'qualifier' | 'tagged' | 'typeof' | 'attribute' | 'ignored' | 'convention' | 'other';

/** A keyword, under the one spelling used here. */
export interface Keyword {
  readonly name: string;
  readonly kind: KeywordKind;
}

const KINDS: readonly (readonly [KeywordKind, readonly string[]])[] = [
  // `long long` is what MSVC's `__int64` stands for.
  [
    'base',
    [
      ...words('void char short int long float double signed unsigned _Bool _Complex __int128 _Decimal32 _Decimal64 _Decimal128'),
      'long long',
    ],
  ],
  ['storage', words('typedef extern static auto register')],
  // gcc's address spaces on x86 say where pointers point, and change no layouts.
  ['qualifier', words('const volatile restrict _Atomic __seg_fs __seg_gs')],
  ['tagged', words('struct union enum')],
  ['typeof', ['typeof']],
  ['attribute', words('__attribute__ __declspec _Alignas')],
  ['ignored', words('inline _Noreturn __extension__ _Thread_local')],
  // MSVC's, among specifiers and among pointers.
  ['convention', words('__cdecl __stdcall __fastcall __thiscall __ptr64')],
  ['other', words('sizeof asm _Alignof _Static_assert _Generic')],
];

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

// Spellings that gcc and MSVC have beside the standard's.
const OTHER_SPELLINGS: readonly (readonly [spelling: string, name: string])[] = [
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
  ['__int8', 'char'],
  ['__int16', 'short'],
  ['__int32', 'int'],
  ['__int64', 'long long'],
];

function keywords(): ReadonlyMap<string, Keyword> {
  const bySpelling = new Map<string, Keyword>();
  for (const [kind, names] of KINDS) for (const name of names) bySpelling.set(name, { name, kind });
  for (const [spelling, name] of OTHER_SPELLINGS) bySpelling.set(spelling, bySpelling.get(name) as Keyword);
  return bySpelling;
}

/** Every keyword, by all its spellings. */
export const KEYWORDS: ReadonlyMap<string, Keyword> = keywords();

// Base words to the type they name (C11 6.7.2p2): in their usual order, and sorted, which stands for every other.
const BASE_TYPES: ReadonlyMap<string, BaseType> = new Map(
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
      ['_Decimal32', ['_Decimal32']],
      ['_Decimal64', ['_Decimal64']],
      ['_Decimal128', ['_Decimal128']],
      ['_Float16 _Complex', ['_Float16 _Complex']],
      ['_Float128 _Complex', ['_Float128 _Complex']],
      ['float _Complex', ['float _Complex']],
      ['double _Complex', ['double _Complex', '_Complex']],
      ['long double _Complex', ['long double _Complex']],
    ] as const satisfies readonly (readonly [BaseType, readonly string[]])[]
  ).flatMap(([type, spellings]) =>
    spellings.flatMap((spelling): [string, BaseType][] => [
      [spelling, type],
      [sorted(spelling.split(' ')), type],
    ]),
  ),
);

function sorted(list: readonly string[]): string {
  return [...list].sort().join(' ');
}

/** The type that base words, separated by spaces, name; undefined where they name none. */
export function baseType(list: string): BaseType | undefined {
  return BASE_TYPES.get(list) ?? BASE_TYPES.get(sorted(list.split(' ')));
}
