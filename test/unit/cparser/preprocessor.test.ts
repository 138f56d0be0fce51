import { describe, expect, it } from 'vitest';
import { preprocess } from '../../../src/cparser/index.ts';
import { Source } from '../../../src/util/source.ts';
import { cdef } from '../../../src/view/index.ts';
import { failure } from '../../helpers/errors.ts';
import { PREPROCESSED, tokensOf } from '../../helpers/preprocessed.ts';

const FILES: Readonly<Record<string, string>> = {
  'guarded.h': '#ifndef G\n#define G\nint g;\n#endif\n',
  'once.h': '#pragma once\nint o;\n',
  'cycle.h': 'int before;\n#include "cycle2.h"\n',
  'cycle2.h': '#include "cycle.h"\n',
  'bad.h': '\n  int @;\n',
  'badmacro.h': '#define M(x) x x\n\nM(1, 2)\n',
  'open.h': '#if 1\n',
  'unterminated.h': 'int last',
};

function run(text: string): string {
  const { source } = preprocess(new Source('f.h', text), {
    include: ({ name, isNext }) => (name in FILES && !isNext ? { name, text: FILES[name] as string } : null),
  });
  return tokensOf(source.text);
}

describe('preprocessing', () => {
  it.each(PREPROCESSED)('%j', (text, expected) => {
    expect(run(text)).toBe(expected);
  });

  it.each([
    ['#include "guarded.h"\n#include "guarded.h"\n', 'int g ;'],
    ['#include "once.h"\n#include <once.h>\n', 'int o ;'],
    ['#import "unterminated.h"\n#import "unterminated.h"\n;', 'int last ;'],
    ['#define H "once.h"\n#include H\n', 'int o ;'],
    ['#define H <once.h>\n#include H\n', 'int o ;'],
    ['#define once nonce\n#include <once.h>\n', 'int o ;'],
    ['#if __has_include(<once.h>) && __has_include("once.h") && !__has_include("none.h")\nyes\n#endif\n', 'yes'],
    ['#define H <once.h>\n#if __has_include(H)\nyes\n#endif\n', 'yes'],
    ['#if __has_include_next(<once.h>)\nyes\n#endif\n', ''],
    ['#if __has_attribute(packed) && __has_attribute(__cold__) && !__has_attribute(enable_if)\nyes\n#endif\n', 'yes'],
    [
      '#if __has_attribute(deprecated) == __has_c_attribute(deprecated)\n__has_c_attribute(packed)\n#endif\n',
      '__has_c_attribute ( packed )',
    ],
    ['#if __has_c_attribute(gnu::__packed__) && !__has_c_attribute(packed) && !__has_cpp_attribute(clang::cold)\nyes\n#endif\n', 'yes'],
    ['#ifdef __has_feature\nclang\n#elif !__has_feature(modules)\nno\n#endif\n', 'no'],
    ['#define __has_feature(x) x\n#if __has_feature(1) && defined __has_attribute\nyes\n#endif\n', 'yes'],
    ['#if __has_builtin(__builtin_isdigit) && __has_builtin(memcpy) && !__has_builtin(__builtin_bit_cast)\nyes\n#endif\n', 'yes'],
    ['#if __has_builtin(__sync_fetch_and_add_8) && __has_builtin(__builtin_uaddll_overflow) && !__has_builtin(f)\nyes\n#endif\n', 'yes'],
    ['#include "unterminated.h"\n;', 'int last ;'],
    ['#include <stdint.h>\nINT8_MAX UINT16_C(5) INT64_MIN\n', '127 5U ( - 9223372036854775807L - 1 )'],
    ['#include <stdbool.h>\n#include <stddef.h>\ntrue NULL\n', '1 ( ( void * ) 0 )'],
  ])('%j reads files', (text, expected) => {
    expect(run(text)).toBe(expected);
  });

  it.each([
    ['#define A 1\n#pragma push_macro("A")\n#undef A\n#define A 2\nA\n#pragma pop_macro("A")\nA\n', '2 1'],
    ['#pragma push_macro("A")\n#define A 1\nA\n#pragma pop_macro("A")\nA\n#pragma pop_macro("A")\nA\n', '1 A A'],
    ['#define A 1\n#define P(x) _Pragma(x)\nP("push_macro(\\"A\\")")\n#undef A\n_Pragma("pop_macro(\\"A\\")")\nA\n', '1'],
    ['#define A 1\n#if 0\n#pragma push_macro("A")\n#endif\n#undef A\n#pragma pop_macro("A")\nA\n', 'A'],
  ])('%j saves and restores macros', (text, expected) => {
    // The pragmas stay in the text.
    expect(run(text).replace(/# pragma \w+ \( "A" \) /g, '')).toBe(expected);
  });

  it.each([
    ['#define f(x,y) x y\nf((1,2),(3,(4,5)))\nf([1,2],3)\n', "f.h:3:1: error: macro 'f' takes 2 arguments, found 3"],
    [
      '#define cat(x,y) x##y\n#define xcat(x,y) cat(x,y)\ncat(cat(1,2),3) xcat(xcat(1,2),3)\n',
      "f.h:3:1: error: pasting ')' and '3' gives no token",
    ],
    ['#if 0\n#if 1\n#else junk\n#elif (\n#endif x\n#else\na\n#endif\nb\n', "f.h:4:1: error: '#elif' after '#else'"],
    ['#if 0x1p3\nyes\n#else\nno\n#endif\n', 'f.h:1:1: error: expected an integer, found the floating value 8'],
    ["#if 'a\nyes\n#else\nno\n#endif\n", "f.h:1:1: error: in the condition ''a': unfinished character constant"],
    ['#if 1.0\nyes\n#else\nno\n#endif\n', 'f.h:1:1: error: expected an integer, found the floating value 1'],
    ['#if "a"\nyes\n#else\nno\n#endif\n', 'f.h:1:1: error: expected an integer, found a string'],
    ['#if 1 +\nyes\n#else\nno\n#endif\n', "f.h:1:1: error: in the condition '1 +': expected a constant expression, found end of text"],
    ['#if \nyes\n#else\nno\n#endif\n', "f.h:1:1: error: in the condition '': expected a constant expression, found end of text"],
    ['#if (1\nyes\n#else\nno\n#endif\n', "f.h:1:1: error: in the condition '(1': expected ')' to close the parenthesis, found end of text"],
    ['#if 1)\nyes\n#else\nno\n#endif\n', "f.h:1:1: error: in the condition '1)': expected the end of the expression, found ')'"],
    ['#if 1 2\nyes\n#else\nno\n#endif\n', "f.h:1:1: error: in the condition '1 2': expected the end of the expression, found '2'"],
    ['#if a b\nyes\n#else\nno\n#endif\n', "f.h:1:1: error: in the condition 'a b': expected the end of the expression, found 'b'"],
    ['#if defined\nyes\n#else\nno\n#endif\n', "f.h:1:1: error: expected a macro name after 'defined'"],
    ['#if defined(\nyes\n#else\nno\n#endif\n', "f.h:1:1: error: expected a macro name after 'defined'"],
    ['#if defined(a\nyes\n#else\nno\n#endif\n', "f.h:1:1: error: expected a macro name after 'defined'"],
    ['#if defined 1\nyes\n#else\nno\n#endif\n', "f.h:1:1: error: expected a macro name after 'defined'"],
    ['#if = 1\nyes\n#else\nno\n#endif\n', "f.h:1:1: error: in the condition '= 1': expected a constant expression, found '='"],
    ['#if 1 = 1\nyes\n#else\nno\n#endif\n', 'f.h:1:1: error: expected a constant expression, found an assignment'],
    ['#if sizeof(int)\nyes\n#else\nno\n#endif\n', "f.h:1:1: error: no constant expression: 'sizeof(int)'"],
    ['#if (int)1\nyes\n#else\nno\n#endif\n', "f.h:1:1: error: no constant expression: '(int)1'"],
    ['#if 1/0\nyes\n#else\nno\n#endif\n', 'f.h:1:1: error: division by zero'],
    ['#if 1%0\nyes\n#else\nno\n#endif\n', 'f.h:1:1: error: division by zero'],
    [
      '#if 1 ? 2\nyes\n#else\nno\n#endif\n',
      "f.h:1:1: error: in the condition '1 ? 2': expected ':' in a '?:' expression, found end of text",
    ],
    ['#if 1lul\nyes\n#else\nno\n#endif\n', "f.h:1:1: error: in the condition '1lul': malformed number '1lul'"],
    ['#if 1z\nyes\n#else\nno\n#endif\n', "f.h:1:1: error: in the condition '1z': malformed number '1z'"],
    ['#if 0x\nyes\n#else\nno\n#endif\n', "f.h:1:1: error: in the condition '0x': malformed number '0x'"],
    ['#if 08\nyes\n#else\nno\n#endif\n', "f.h:1:1: error: in the condition '08': malformed number '08'"],
    ["#if 1'000 == 1000\nyes\n#else\nno\n#endif\n", "f.h:1:1: error: in the condition '1 '000 == 1000': unfinished character constant"],
    ['#define EMPTY\n#if EMPTY\na\n#endif\n', "f.h:2:1: error: in the condition '': expected a constant expression, found end of text"],
    ['#define f(x) x\n#if f(1\nb\n#else\nc\n#endif\n', "f.h:2:1: error: arguments of macro 'f' without their ')'"],
    ['#if __has_include()\n#endif', "f.h:1:1: error: expected '<file>' or '\"file\"' in '__has_include'"],
    ['#define f() x\nf() f( ) f(/**/) f(1)\n', "f.h:2:18: error: macro 'f' takes 0 arguments, found 1"],
    ['#define f(a,b) a-b\nf() x', "f.h:2:1: error: macro 'f' takes 2 arguments, found 1"],
    ['#define f(a,b) a-b\nf(1,2,3)\n', "f.h:2:1: error: macro 'f' takes 2 arguments, found 3"],
    ['#define f(a) a\nf(1\n', "f.h:2:1: error: arguments of macro 'f' without their ')'"],
    ['#define f(a,a) a\n', "f.h:1:1: error: duplicate parameter 'a' of macro 'f'"],
    ['#define f(a\n', "f.h:1:1: error: parameters of macro 'f' without their ')'"],
    ['#define f(a,) 1\n', "f.h:1:1: error: malformed parameters of macro 'f'"],
    ['#define f(,a) 1\n', "f.h:1:1: error: malformed parameters of macro 'f'"],
    ['#define f(1) 1\n', "f.h:1:1: error: malformed parameters of macro 'f'"],
    ['#define f(...,a) 1\n', "f.h:1:1: error: '...' must be the last parameter of macro 'f'"],
    ['#define 1 2\n', "f.h:1:1: error: expected a macro name after '#define'"],
    ['#define\n', "f.h:1:1: error: expected a macro name after '#define'"],
    ['#define defined 1\n', "f.h:1:1: error: 'defined' cannot be a macro"],
    ['#define f(x) #y\n', "f.h:1:1: error: '#' without a parameter behind it in macro 'f'"],
    ['#define a ## b\n', "f.h:1:1: error: '##' at an end of macro 'a'"],
    ['#define a b ##\n', "f.h:1:1: error: '##' at an end of macro 'a'"],
    ['#define f(x) ## x\n', "f.h:1:1: error: '##' at an end of macro 'f'"],
    ['#define f(x) x ##\n', "f.h:1:1: error: '##' at an end of macro 'f'"],
    ['#undef\n', "f.h:1:1: error: expected a macro name after '#undef'"],
    ['#undef 1\n', "f.h:1:1: error: expected a macro name after '#undef'"],
    ['#ifdef\n#endif\n', "f.h:1:1: error: expected a macro name after '#ifdef'"],
    ['#ifdef 1\n#endif\n', "f.h:1:1: error: expected a macro name after '#ifdef'"],
    ['#else\n', "f.h:1:1: error: '#else' without an '#if'"],
    ['#endif\n', "f.h:1:1: error: '#endif' without an '#if'"],
    ['#elif 1\n', "f.h:1:1: error: '#elif' without an '#if'"],
    ['#if 1\n', "f.h:1:1: error: condition without its '#endif'"],
    ['#if 1\n#else\n#else\n#endif\n', "f.h:3:1: error: '#else' after '#else'"],
    ['#if 1\n#else\n#elif 1\n#endif\n', "f.h:3:1: error: '#elif' after '#else'"],
    ['#error foo\n', 'f.h:1:1: error: #error foo'],
    ['#foo\n', "f.h:1:1: error: unknown preprocessor directive '#foo'"],
    ['#include\n', "f.h:1:1: error: expected '<file>' or '\"file\"' after '#include'"],
    ['#include foo\n', "f.h:1:1: error: expected '<file>' or '\"file\"' after '#include'"],
    ['#include "\n', "f.h:1:1: error: expected '<file>' or '\"file\"' after '#include'"],
    ['#include <\n', "f.h:1:1: error: expected '<file>' or '\"file\"' after '#include'"],
    ['#line\n', "f.h:1:1: error: expected a line number and perhaps a file name after '#line'"],
    ['#line foo\n', "f.h:1:1: error: expected a line number and perhaps a file name after '#line'"],
    ['#line 1 foo\n', "f.h:1:1: error: expected a line number and perhaps a file name after '#line'"],
    ['#define S pack(1)\n_Pragma(S)\n', "f.h:2:1: error: expected a string in '_Pragma'"],
    ['_Pragma("a" "b")\n', "f.h:1:1: error: expected a string in '_Pragma'"],
    ['_Pragma("a"\n', "f.h:1:1: error: expected a string in '_Pragma'"],
    ['_Pragma\n', "f.h:1:1: error: expected a string in '_Pragma'"],
    ['#define f(x) x\nf(")") f(\')\') f("," , ) \n', "f.h:2:15: error: macro 'f' takes 1 arguments, found 2"],
    ['#define f(x) x\n#if f(\n1)\nx\n#endif\n', "f.h:2:1: error: arguments of macro 'f' without their ')'"],
    ['#include "cycle.h"\n', 'cycle.h:2:1: error: files included deeper than 200 levels'],
    ['#include "none.h"\n', 'f.h:1:1: error: file "none.h" not found'],
    ['#include "open.h"\n', "open.h:1:1: error: condition without its '#endif'"],
    ['#define f(x) x\nf(\n#include "once.h"\n)\n', "f.h:3:1: error: '#include' among the arguments of a macro"],
    ['#define f(...) __VA_OPT__(__VA_OPT__(1))\nf(1)\n', "f.h:2:1: error: '__VA_OPT__' within itself"],
    ['#define f(...) __VA_OPT__(1\nf(1)\n', "f.h:2:1: error: '__VA_OPT__(' without its ')'"],
  ])('%j is refused', (text, message) => {
    expect(failure(() => run(text)).split('\n')[0]).toBe(`CdefError: ${message}`);
  });
});

describe('errors', () => {
  const include = ({ name }: { name: string }): { name: string; text: string } => ({ name, text: FILES[name] as string });

  it('in included files say where those were included', () => {
    expect(failure(() => cdef('int a;\n#include "bad.h"\n', { fileName: 'f.h', include }))).toMatchInlineSnapshot(`
      "CdefError: bad.h:2:7: error: unexpected character '@'
          2 |   int @;
            |       ^
      note: included from f.h:2"
    `);
  });

  it('of the preprocessor in included files do, too', () => {
    expect(failure(() => cdef('\n#include "badmacro.h"\n', { fileName: 'f.h', include }))).toMatchInlineSnapshot(`
      "CdefError: badmacro.h:3:1: error: macro 'M' takes 1 arguments, found 2
          3 | M(1, 2)
            | ^
      note: included from f.h:2"
    `);
  });

  it('in expansions stand at the macro, and show what it became', () => {
    expect(failure(() => cdef('#define LEN (2 - 5)\nint a[LEN];\n', { fileName: 'f.h' }))).toMatchInlineSnapshot(`
      "CdefError: f.h:2:7: error: array length must not be negative, found -3
          2 | int a[LEN];
            |       ^~~~~
      note: in the expansion of macro 'LEN': (2 - 5)"
    `);
  });

  it('follow #line', () => {
    expect(failure(() => cdef('#define X\n#line 70 "y.h"\nint X @;\n', { fileName: 'f.h' }))).toMatchInlineSnapshot(`
      "CdefError: y.h:70:7: error: unexpected character '@'
         70 | int X @;
            |       ^"
    `);
  });
});

describe('hostile text', () => {
  const N = 100_000;
  const doubling = (first: string, next: (i: number) => string, last: string): string =>
    `${first}\n${Array.from({ length: 40 }, (_, i) => next(i)).join('\n')}\n${last}\n`;

  it.each([
    ['a parameter named often', `#define f(x) ${'x '.repeat(5000)}\nf(f(f(1)))\n`, 'macros expand to more than 2000000 tokens'],
    ['nested calls', `#define f(x) x\n${'f('.repeat(N)}1${')'.repeat(N)}\n`, 'macros expand to more than 2000000 tokens'],
    ['nested arguments', `#define f(x) x\n${'f('.repeat(300)}1${')'.repeat(300)}\n`, 'macros nested deeper than 200 levels'],
    [
      'parentheses in a condition',
      `#if ${'('.repeat(N)}1${')'.repeat(N)}\n#endif\n`,
      "in the condition '(((((((((((((((((((((((((((((((((((((((((((((((((((((((((...': nesting deeper than 200 levels, found '('",
    ],
    ['conditions', '#if 1\n'.repeat(N), 'conditions nested deeper than 1000 levels'],
    ['conditions in skipped text', '#if 0\n'.repeat(N), 'conditions nested deeper than 1000 levels'],
    ['doubling macros', doubling('', (i) => `#define a${i + 1} a${i} a${i}`, 'a40'), 'macros expand to more than 2000000 tokens'],
    [
      'doubling to nothing',
      doubling('#define a0', (i) => `#define a${i + 1} a${i} a${i}`, 'a40'),
      'macros expand to more than 2000000 tokens',
    ],
    [
      'doubling in a condition',
      doubling('#define a0 1', (i) => `#define a${i + 1} a${i}+a${i}`, '#if a40\n#endif'),
      'macros expand to more than 2000000 tokens',
    ],
    [
      'strings of strings',
      `#define s(x) #x\n#define xs(x) s(x)\n${'xs('.repeat(40)}"\\"${')'.repeat(40)}\n`,
      'macros expand to more than 2000000 tokens',
    ],
    [
      'names pasted to themselves',
      `#define c(x) d(x, x)\n#define d(x, y) x##y\n${'c('.repeat(40)}a${')'.repeat(40)}\n`,
      'macros expand to more than 2000000 tokens',
    ],
    [
      'chains of macros',
      `${Array.from({ length: 2000 }, (_, i) => `#define a${i + 1} a${i}`).join('\n')}\na2000\n`,
      'macros that expand to macros more than 1000 levels deep',
    ],
    ['open comments', `#define x\n${'/*'.repeat(N)}`, 'unfinished comment'],
    ['open __has_include', `#if ${'__has_include('.repeat(20_000)}\n#endif\n`, "expected '<file>' or '\"file\"' in '__has_include'"],
  ])('with %s is refused', (_, text, reason) => {
    expect(
      failure(() => run(text))
        .split('\n')[0]
        ?.replace(/^.*? error: /, ''),
    ).toBe(reason);
  });

  it.each([
    ['parentheses in an argument', `#define f(x) x\nf(${'('.repeat(N)}1${')'.repeat(N)})\n`],
    ['questions after the line', '__LINE__ x\n'.repeat(20_000).replace('', '#define y\n')],
    ['spliced lines', `#define x\n${'\\\n'.repeat(N)}x`],
    ['characters in a string', `#define x\n"${'a'.repeat(5_000_000)}"\n`],
    ['characters in a skipped string', `#if 0\n"${'a'.repeat(5_000_000)}"\n#endif\n`],
    ['line markers', '#line 5\n__LINE__\n'.repeat(10_000)],
  ])('with very many %s is read', (_, text) => {
    preprocess(new Source('f.h', text));
  });

  it('with very many errors in one expansion is read', { timeout: 30_000 }, () => {
    const long = 'z'.repeat(60);
    const text = doubling(`#define a0 int ${long} x;`, (i) => `#define a${i + 1} a${i} a${i}`, 'a17');
    const errors = cdef('').namespace.declareAll(text, 'f.h');
    expect(errors).toHaveLength(100);
    expect(errors[99]?.message).toMatch(/^note: in the expansion of macro 'a17': int z{60} x; int z+\.\.\.$/m);
  });
});
