/**
 * Texts to mutate: this project's declarations, the C in its tests, the system's headers where there are some, and
 * snippets of every construct.
 * @module
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LONGEST_FILE = 200_000;
const HEADERS = [
  '/usr/include',
  '/usr/include/linux',
  '/usr/include/x86_64-linux-gnu/bits',
  '/usr/include/x86_64-linux-gnu/sys',
  '/usr/include/asm-generic',
];

export const SNIPPETS: readonly string[] = [
  'struct s { unsigned a : 3, : 0, b : 29; struct { int c; union { long d; char e[8]; }; }; } __attribute__((packed, aligned(4)));',
  'enum __attribute__((packed)) e { A = -1, B = sizeof(int) << 2, C = (1 ? 0x10u : ~2) };',
  'typedef int (*handler_t)(const struct s *restrict, enum e, ...);',
  'typedef float v4 __attribute__((vector_size(16))), *v4p;',
  'typedef unsigned di __attribute__((mode(DI)));',
  'extern __typeof__(((struct known *)0)->x) other;',
  'struct __attribute__((scalar_storage_order("big-endian"))) be { short s; unsigned f : 11; double d; int a[2][3]; };',
  'static const unsigned long long MASK = 0xffffffffffffffffULL & ~1;',
  '_Static_assert(sizeof(struct known) == 4, "known");',
  "static inline int f(int n, int a[n][static 3]) { return n ? a[0][0] : '{'; }",
  'struct flex { int n; struct known k[]; }; struct var { int n; short v[?]; };',
  'int old(a, b) int a; char *b; { }',
  'extern "C" { int g(void) __asm__("g_symbol"); }',
  'struct ref { int &r; _Alignas(16) char c; _Complex double z; __int128 i; _Bool b : 1; };',
  '#pragma pack(push, label, 2)\nstruct p { char a; int b; };\n#pragma pack(pop, label)\n',
  '#define F(x, ...) x ## __VA_ARGS__ #x\n#define G() F\nint F(a, b);\nint G()(c,);\n',
  '#if defined(A) && (B + 1 > 2) || !__has_include("x.h")\nint yes;\n#elif 0x10 / 2\nint no;\n#else\nint other_no;\n#endif\n',
  '#include "self.h"\n#include <stdint.h>\n#ifndef ONCE\n#define ONCE\n#include "a.h"\n#endif\n',
  '# 12 "file.h" 3 4\nint lined;\n#line 7 "g.h"\nint again @;\n',
  'struct deep { struct { struct { struct { int x; } c; } b[2]; } a; int o[offsetof(struct known, x) + 1]; };',
  'enum { S = sizeof("abc" "\\x41" L"wide"), T = \'ab\', U = __builtin_types_compatible_p(int, long), V = _Generic(1, int: 3, default: 4) };',
  'int m[] = { 1, [5] = 2, { 3 } }, n = (int){ 1 }, *q = &(int){ 2 };',
  '_Pragma("pack(1)") struct pr { char a; long b; } [[gnu::aligned(2)]];',
];

// Strings of a TypeScript file that look like C.
function stringsOf(source: string): string[] {
  const strings: string[] = [];
  for (const [literal] of source.matchAll(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`/g)) {
    const text = literal
      .slice(1, -1)
      .replace(/\$\{[^}]*\}/g, '3')
      .replace(/\\n/g, '\n')
      .replace(/\\(['"`\\])/g, '$1');
    if (text.length > 8 && /[;#{]/.test(text)) strings.push(text);
  }
  return strings;
}

function filesIn(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: ending === '.ts', encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => join(folder, file));
}

function texts(files: readonly string[]): string[] {
  return files.map((file) => readFileSync(file, 'utf8')).filter((text) => text.length <= LONGEST_FILE);
}

/** All texts, by where they are from; found from the package's root. */
export function corpus(root: string): Readonly<Record<'snippets' | 'tests' | 'cdefs' | 'system', readonly string[]>> {
  return {
    snippets: SNIPPETS,
    tests: texts(filesIn(join(root, 'test'), '.ts')).flatMap(stringsOf),
    cdefs: texts(filesIn(join(root, 'cdefs'), '.h')),
    system: texts(HEADERS.flatMap((folder) => filesIn(folder, '.h'))),
  };
}
