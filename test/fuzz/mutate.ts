/**
 * Mutations of C texts, from a flipped character to bombs of macros. The same seed gives the same text.
 * @module
 */
import type { Random } from '../helpers/random.ts';

const WORDS: readonly string[] = [
  ...'auto break case char const continue default do double else enum extern float for goto if inline int long register'.split(' '),
  ...'restrict return short signed sizeof static struct switch typedef union unsigned void volatile while _Alignas _Alignof'.split(' '),
  ...'_Atomic _Bool _Complex _Generic _Noreturn _Static_assert _Thread_local __extension__ __int128 _Float128 __asm__ typeof __typeof__'.split(
    ' ',
  ),
  ...'( ) [ ] { } < > , ; : ? . ... -> ++ -- & && | || ^ ^= ~ ! != = == + - * / % << >> <<= # ## \\ @ $ ` \' "'.split(' '),
  ...'0 1 2 3 8 -1 0x7fffffff 0x80000000 0xffffffffffffffff 18446744073709551616 1e308 1e999 0x1p-1074 08 0b2 1.2.3 1u 1LL 99999999999'.split(
    ' ',
  ),
  ...'known_t known_e KNOWN x y i s t a b uint32_t be32_t size_t va_list complex true NULL self.h'.split(' '),
  ...['struct known', 'union known_u', 'enum known_e', 'struct fwd', 'struct s {', 'int (*)(void)', '[?]', '[0]', ': 0', ': 65', 'x : 3'],
  ...[
    '"text"',
    "'c'",
    'L"w"',
    "'\\400'",
    '"\\x"',
    '"unfinished',
    "'",
    '/*',
    '*/',
    '//',
    '\\\n',
    '\n',
    '\r\n',
    '\0',
    '\ud800',
    'é',
    '\u2028',
    '\ufeff',
  ],
  ...['__attribute__((packed))', '__attribute__((aligned(8)))', '__attribute__((aligned(1 << 28)))', '__attribute__((', '[[gnu::packed]]'],
  ...[
    '__attribute__((mode(DI)))',
    '__attribute__((vector_size(16)))',
    '__attribute__((scalar_storage_order("big-endian")))',
    '_Alignas(16)',
  ],
  ...[
    'sizeof(struct known)',
    'offsetof(struct known, x)',
    '((struct known *)0)->x',
    '__builtin_offsetof(',
    '__typeof__(',
    '_Generic(1, int: 2)',
  ],
  ...[
    'int __attribute__((ms_struct))',
    '__declspec(align(8))',
    '1 << 63',
    '1 / 0',
    '-0x7fffffffffffffffLL - 1',
    '__VA_ARGS__',
    '__VA_OPT__(',
    '__LINE__',
  ],
];

const DIRECTIVES: readonly string[] = [
  ...[
    '#define A B',
    '#define B A',
    '#define f(x) x x',
    '#define f(x, y...) x##y',
    '#define g(...) #__VA_ARGS__',
    '#define int long',
    '#undef A',
  ],
  ...[
    '#define known_t int',
    '#define struct union',
    '#define EMPTY',
    '#define LP (',
    '#define x f(x)',
    '#if 1',
    '#if 0',
    '#if A',
    '#if f(1)',
    '#if (1',
  ],
  ...[
    '#ifdef A',
    '#ifndef A',
    '#elif defined A',
    '#elifdef B',
    '#else',
    '#endif',
    '#include "self.h"',
    '#include "a.h"',
    '#include <stdint.h>',
  ],
  ...[
    '#include A',
    '#include',
    '#include_next "a.h"',
    '#import "a.h"',
    '#line 99999',
    '#line 0 "x"',
    '# 1 "y" 1',
    '#error no',
    '#warning w',
    '#',
  ],
  ...[
    '#pragma pack(1)',
    '#pragma pack(push, 2)',
    '#pragma pack(pop)',
    '#pragma pack(push, l)',
    '#pragma pack()',
    '#pragma once',
    '#pragma pack(3)',
  ],
  ...[
    '#define Q "',
    '#define H #',
    '#define P _Pragma("pack(2)")',
    '#define O __VA_OPT__(x)',
    '%: define A 1',
    '#define \\\nA(\\\nx) x',
    '#assert a(b)',
  ],
];

/** Pairs that may be nested deep. */
const NESTS: readonly (readonly [string, string])[] = [
  ['(', ')'],
  ['{', '}'],
  ['[', ']'],
  ['struct {', 'int x; };'],
  ['struct { union {', '}; } m;'],
  ['sizeof(', ')'],
  ['(int)', ''],
  ['-', ''],
  ['*', ''],
  ['1?', ':1'],
  ['1?1:', ''],
  ['f(', ')'],
  ['__typeof__(', ')'],
  ['__attribute__((aligned(', ')))'],
  ['int (*', ')(void)'],
  ['int (*)(', ')'],
  ['#if 1\n', '\n#endif\n'],
  ['int a[sizeof(struct {', '})];'],
  ['_Generic(', ', default: 1)'],
  ['offsetof(struct known, x[', '])'],
  ['_Alignas(', ')'],
  ['extern "C" {', '}'],
  ['enum { E = ', '}'],
  ['"a" ', ''],
  ['a.', ''],
  ['a->', ''],
  ['1+', ''],
  ['1,', ''],
];

const TOKEN = /[A-Za-z_]\w*|\d[\w.]*|"[^"\n]*"|'[^'\n]*'|\s+|[^\s\w]/g;

export function tokens(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

type Mutation = (tokens: string[], random: Random, other: () => string) => void;

const MUTATIONS: readonly Mutation[] = [
  // Deletes, repeats, exchanges and inserts tokens.
  (list, random) => void list.splice(random.below(list.length), 1 + random.below(random.often(0.1) ? 40 : 3)),
  (list, random) => void list.splice(random.below(list.length), 1),
  (list, random) => {
    const at = random.below(list.length);
    const part = list.slice(at, at + 1 + random.below(8));
    const times = random.often(0.03) ? 2000 : random.often(0.2) ? 20 : 1;
    for (let i = 0; i < times; i++) list.splice(at, 0, ...part);
  },
  (list, random) => {
    const [a, b] = [random.below(list.length), random.below(list.length)];
    [list[a], list[b]] = [list[b] as string, list[a] as string];
  },
  (list, random) => void list.splice(random.below(list.length + 1), 0, ' ', random.one(WORDS), ' '),
  (list, random) => void list.splice(random.below(list.length + 1), 0, ' ', random.one(WORDS), ' '),
  (list, random) => void list.splice(random.below(list.length), 1, random.one(WORDS)),
  (list, random) => void list.splice(random.below(list.length), 1, random.one(list)),
  // A character.
  (list, random) => {
    const at = random.below(list.length);
    const token = list[at] as string;
    const place = random.below(token.length + 1);
    const code = random.often(0.7) ? random.below(128) : random.below(0x10000);
    list[at] = token.slice(0, place) + String.fromCharCode(code) + token.slice(place + (random.often(0.5) ? 1 : 0));
  },
  // A number.
  (list, random) => {
    const at = list.findIndex((token, i) => i >= random.below(list.length) && /^\d/.test(token));
    if (at >= 0)
      list[at] = random.one([
        '0',
        '1',
        '-1',
        '2147483647',
        '2147483648',
        '4294967296',
        '9223372036854775807',
        '18446744073709551615',
        '140737488355328',
        '65',
        '1e9',
        '0xffffffffffff',
      ]);
  },
  // A name, everywhere.
  (list, random) => {
    const [from, to] = [random.one(list), random.one(list)];
    if (/^\w/.test(from) && /^\w/.test(to)) for (const [i, token] of list.entries()) if (token === from) list[i] = to;
  },
  // A directive, on a line of its own.
  (list, random) => void list.splice(random.below(list.length + 1), 0, `\n${random.one(DIRECTIVES)}\n`),
  (list, random) =>
    void list.splice(random.below(list.length + 1), 0, `\n#define ${random.one(list)} ${random.one(list)} ${random.one(WORDS)}\n`),
  // Another text, within or behind.
  (list, random, other) => {
    const added = tokens(other());
    const from = random.below(added.length + 1);
    list.splice(random.below(list.length + 1), random.often(0.5) ? list.length : 0, ...added.slice(from, from + 200));
  },
  (list, _, other) => void list.push('\n', other()),
  // Deep nesting around a piece.
  (list, random) => {
    const [open, close] = random.one(NESTS);
    const depth = random.often(0.3) ? 5000 : random.often(0.5) ? 300 : 3;
    const at = random.below(list.length + 1);
    const length = random.below(5);
    const piece = list.slice(at, at + length).join('');
    list.splice(at, length, open.repeat(depth) + piece + (random.often(0.9) ? close.repeat(depth) : ''));
  },
  (list, random) => void list.splice(random.below(list.length)),
];

/** Macros that would become much, include much, or never end. */
const BOMBS: readonly ((random: Random) => string)[] = [
  (random) =>
    `${Array.from({ length: 10 + random.below(60) }, (_, i) => `#define b${i + 1} b${i} b${i}\n`).join('')}int b${5 + random.below(60)};`,
  (random) => `#define d(x) x x\nint ${'d('.repeat(random.below(60))}y${')'.repeat(random.below(60))};`,
  (random) => `#define d(x, ...) __VA_ARGS__ x __VA_ARGS__\nint ${'d(a, '.repeat(random.below(40))}y${')'.repeat(40)};`,
  () => '#include "self.h"\n#include "self.h"\n',
  (random) => `${'#include "self.h"\n'.repeat(1 + random.below(5))}#include "a.h"\n`,
  () => '#define f(x) g(x) h(x)\n#define g(x) f(x) h(x)\n#define h(x) f(x) g(x)\nint f(g(h(f(1))));\n',
  () => '#define E(x) x\n#define D() \n#define A() E(B D()())\n#define B() E(A D()())\nint E(E(E(E(E(A())))));\n',
  (random) => `#define s(x) #x\n#define xs(x) s(x)\nint i = ${'xs('.repeat(random.below(25))}"\\"${')'.repeat(25)};`,
  (random) => `#define c(a, b) a##b\nint ${'c('.repeat(random.below(200))}x${', y)'.repeat(200)};`,
  (random) =>
    `${Array.from({ length: 300 }, (_, i) => `#if ${i % 2}\n#else\n`).join('')}int x;${'\n#endif'.repeat(250 + random.below(100))}`,
  (random) =>
    `${Array.from({ length: 40 }, (_, i) => `typedef struct { t${i} a, b; } t${i + 1};\n`).join('')}t${random.below(42)} v;`
      .replace('t0 a', 'int a')
      .replace(' b;', ' b0;'),
  (random) =>
    `typedef int t0;${Array.from({ length: 60 }, (_, i) => `typedef __typeof__(t${i}[${1 + random.below(4)}]) t${i + 1};`).join('')}`,
  (random) =>
    `enum { ${Array.from({ length: 3000 }, (_, i) => `E${i} = ${i === 0 ? 1 : `E${i - 1}${random.one([' + 1', ' * 3', ' << 1'])}`}`).join(', ')} };`,
  (random) => `#define A ${'1+'.repeat(random.below(30_000))}1\nenum { E = A };`,
  (random) =>
    `enum { E = 1${random.one(['/1', '%7', '?1:1', '||0', ' << 1', '*3', ', 2'])}${random.one(['+1', '-1', '*2']).repeat(random.below(20_000))} };`,
  (random) =>
    `typedef int t0; ${Array.from({ length: random.below(30) }, (_, i) => `typedef union { t${i} a, b; } t${i + 1};`).join('\n')}`,
];

const LONGEST_WINDOW = 80;

/** A random text: a window of one of `texts`, mutated, or something made for the purpose. */
export function randomText(random: Random, texts: readonly (readonly string[])[]): string {
  const other = (): string => window(random.one(random.one(texts)), random);
  let list = tokens(random.often(0.04) ? random.one(BOMBS)(random) : other());
  const rounds = random.often(0.1) ? 0 : random.often(0.4) ? 1 : 1 + random.below(random.often(0.2) ? 12 : 4);
  for (let i = 0; i < rounds; i++) {
    if (list.length === 0) list = tokens(other());
    if (list.length > 0) random.one(MUTATIONS)(list, random, other);
  }
  return list.join('').slice(0, 400_000);
}

/** A type name: mostly a short one with mistakes. */
export function randomTypeName(random: Random): string {
  const bases = [
    'int',
    'struct known',
    'known_t',
    'enum known_e',
    'union known_u',
    'unsigned char',
    'void',
    'known_t *(*)[3]',
    'int (*)(struct known *, ...)',
  ];
  const list = tokens(random.one(bases));
  const rounds = random.below(4);
  for (let i = 0; i < rounds; i++) if (list.length > 0) random.one(MUTATIONS)(list, random, () => random.one(WORDS));
  return list.join('').slice(0, 100_000);
}

function window(text: string, random: Random): string {
  const lines = text.split('\n');
  if (lines.length <= LONGEST_WINDOW && random.often(0.5)) return text;
  const start = random.below(lines.length);
  return lines.slice(start, start + 1 + random.below(LONGEST_WINDOW)).join('\n');
}
