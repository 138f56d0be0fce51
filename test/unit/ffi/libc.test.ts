/**
 * The C library behind `ffi.C`: what its host gives it, which prototypes it takes, and what hostile scripts get out of it.
 * That it computes what glibc does is tested against LuaJIT (`test/differential/luajit.test.ts`).
 * @module
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Cdef } from '../../../src/index.ts';
import { createLua as createPlainLua } from '../../../src/host/index.ts';
import { createLua, type LuaOptions, type NodeLua } from '../../../src/host/node.ts';
import { collectGarbage } from '../../helpers/gc.ts';
import { LIBC_PRELUDE } from '../../helpers/libc-snippets.ts';

afterEach(() => vi.restoreAllMocks());

const PRELUDE = `ffi = require 'ffi' C = ffi.C ${LIBC_PRELUDE.replaceAll(/^local /gm, '')}
  ffi.cdef 'int printf(const char *, ...); int puts(const char *); int putchar(int); int fflush(void *);'`;

function prepared(options: LuaOptions = {}): NodeLua {
  const lua = createLua(options);
  lua.run(PRELUDE);
  return lua;
}

/** What `code` raises, without the place. */
function raised(code: string, lua = prepared()): string {
  const text = lua.run(`local ok, message = pcall(function() ${code} end) return ok and 'nothing' or message`);
  return String(text).replace(/^\(lua\):\d+: /, '');
}

describe('strings and memory stay within bounds', () => {
  it.each([
    ["C.strlen(ffi.new('char[3]', {65, 66, 67}))", 'strlen: string without a terminating NUL: needs 4 bytes at offset 0, have 3'],
    ['C.strlen(nil)', 'strlen: address 0x0 is not in live memory'],
    ["C.strlen(ffi.cast('char *', 12345))", 'strlen: address 0x3039 is not in live memory'],
    ["C.strlen(ffi.new('char[3]') + 3)", 'strlen: needs 1 bytes at offset 3, have 3'],
    ["C.strlen(ffi.new('char[3]') - 1)", 'strlen: needs 1 bytes at offset -1, have 3'],
    ["C.strnlen(ffi.new('char[2]', {65, 66}), 3)", 'strnlen: string without a terminating NUL: needs 3 bytes at offset 0, have 2'],
    ["C.strcpy(ffi.new('char[3]'), 'abc')", 'strcpy: needs 4 bytes at offset 0, have 3'],
    ["C.strncpy(ffi.new('char[3]'), 'a', 4)", 'strncpy: needs 4 bytes at offset 0, have 3'],
    ["C.strcat(ffi.new('char[4]', 'ab'), 'cd')", 'strcat: needs 3 bytes at offset 2, have 4'],
    ["C.strncat(ffi.new('char[4]', 'ab'), 'cdef', 2)", 'strncat: needs 3 bytes at offset 2, have 4'],
    ["C.strcmp(ffi.new('char[2]', {65, 66}), 'ABC')", 'strcmp: string without a terminating NUL: needs 3 bytes at offset 0, have 2'],
    ["C.memcpy(ffi.new('char[3]'), 'abcdef', 4)", 'memcpy: needs 4 bytes at offset 0, have 3'],
    ["C.memcpy(ffi.new('char[9]'), 'abc', 5)", 'memcpy: needs 5 bytes at offset 0, have 4'],
    ["C.memcpy(ffi.new('char[9]'), 'abc', -1)", 'memcpy: needs 18446744073709552000 bytes at offset 0, have 4'],
    ["C.memcpy(ffi.new('char[9]'), 'abc', 2^53)", 'memcpy: needs 9007199254740992 bytes at offset 0, have 4'],
    ["C.memset(ffi.new('char[9]'), 1, 2^63)", 'memset: needs 9223372036854776000 bytes at offset 0, have 9'],
    ["C.memcmp('abc', 'abc', 5)", 'memcmp: needs 5 bytes at offset 0, have 4'],
    ["C.memchr('abc', 120, -1)", 'memchr: needs 18446744073709552000 bytes at offset 0, have 4'],
    ["C.strtol(ffi.new('char[2]', {49, 50}), nil, 10)", 'strtol: string without a terminating NUL: needs 3 bytes at offset 0, have 2'],
    ["C.strtol('12', ffi.cast('char **', ffi.new('char[7]')), 10)", 'pointer: needs 8 bytes at offset 0, have 7'],
    ["C.strtod(ffi.new('char[2]', {32, 32}), nil)", 'strtod: string without a terminating NUL: needs 3 bytes at offset 0, have 2'],
    ["C.inet_pton(2, '1.2.3.4', ffi.new('char[3]'))", 'inet_pton: needs 4 bytes at offset 0, have 3'],
    ["C.inet_ntop(2, ffi.new('char[4]'), ffi.new('char[4]'), 100)", 'inet_ntop: needs 8 bytes at offset 0, have 4'],
    ["C.inet_ntop(10, ffi.new('char[4]'), ffi.new('char[64]'), 64)", 'inet_ntop: needs 16 bytes at offset 0, have 4'],
    ["C.modf(1.5, ffi.cast('double *', ffi.new('char[4]')))", 'modf: needs 8 bytes at offset 0, have 4'],
    ["C.sprintf(ffi.new('char[4]'), 'abcd')", 'sprintf: needs 1 bytes at offset 4, have 4'],
    ["C.sprintf(ffi.new('char[4]'), '%9d', int(1))", 'sprintf: needs 8 bytes at offset 0, have 4'],
    ["C.snprintf(ffi.new('char[4]'), 100, 'abcdef')", 'snprintf: needs 6 bytes at offset 0, have 4'],
    ['C.div(1, 0)', 'div: division by zero'],
  ])('%s', (code, message) => {
    expect(raised(code)).toBe(message);
  });

  it('reads no further than C does', () => {
    const lua = prepared();
    // The strings differ, or the limit is reached, before the memory ends.
    expect(lua.run("return C.strcmp(ffi.new('char[2]', {65, 66}), 'AZ') < 0")).toBe(true);
    expect(lua.run("return C.strncmp(ffi.new('char[2]', {65, 66}), 'ABC', 2)")).toBe(0);
    expect(lua.run("return C.memchr(ffi.new('char[2]', {65, 66}), 66, -1) ~= NULL")).toBe(true);
    expect(lua.run("return ffi.string(C.strndup(ffi.new('char[2]', {65, 66}), 2))")).toBe('AB');
  });

  it('copies that overlap are moves', () => {
    const lua = prepared();
    lua.run("b = ffi.new('char[12]', 'abcdef')");
    expect(lua.run('C.memcpy(b + 2, b, 6) return ffi.string(b)')).toBe('ababcdef');
    expect(lua.run('C.strcpy(b + 1, b) return ffi.string(b)')).toBe('aababcdef');
    expect(lua.run('C.strcpy(b, b + 3) return ffi.string(b)')).toBe('bcdef'.padStart(6, 'a'));
    expect(lua.run("C.strcpy(b, 'xy') C.strcat(b, b) return ffi.string(b)")).toBe('xyxy');
  });

  it('searches are linear', () => {
    const lua = prepared();
    const start = performance.now();
    lua.run("local a = ('a'):rep(300000) return C.strstr(a .. a, a .. 'b')");
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('a list of numbers in a long text is read in linear time', () => {
    const lua = prepared();
    const start = performance.now();
    const sum = lua.run(`
      local text, end_, sum = ffi.new('char[?]', 2000001, ('1 '):rep(1000000)), ffi.new 'char *[1]', 0
      local p = ffi.cast('const char *', text)
      for i = 1, 3000 do sum = sum + C.strtod(p, end_) p = end_[0] end
      return sum`);
    expect(sum).toBe(3000);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('the heap', () => {
  it.each([
    ['local p = C.malloc(4) C.free(p) C.free(p)', /^free: the block at address 0x[0-9a-f]+ is freed already$/],
    ["local p = ffi.cast('int *', C.malloc(4)) C.free(p) return p[0]", /needs 4 bytes at offset 0, have 0|is not in live memory/],
    ["local p = ffi.cast('int *', C.malloc(4)) C.free(p) p[0] = 1", /needs 4 bytes at offset 0, have 0|is not in live memory/],
    ['local p = C.malloc(4) C.realloc(p, 8) C.memset(p, 0, 1)', /^memset: /],
    ['local p = C.malloc(4) C.free(p) C.realloc(p, 8)', /^realloc: the block at address 0x[0-9a-f]+ is freed already$/],
    ["C.free(ffi.cast('char *', C.malloc(4)) + 1)", /^free: address 0x[0-9a-f]+ is no block that malloc returned$/],
    ["C.free(ffi.new('int[1]'))", /^free: address 0x[0-9a-f]+ is no block that malloc returned$/],
    ["C.free(ffi.cast('void *', 16))", /^free: address 0x10 is no block that malloc returned$/],
    ["local p = ffi.cast('int *', C.malloc(4)) p[1] = 0", /^int: needs 4 bytes at offset 4, have 4$/],
    ["C.strcpy(ffi.cast('char *', C.malloc(3)), 'abc')", /^strcpy: needs 4 bytes at offset 0, have 3$/],
  ])('%s', (code, message) => {
    expect(raised(code)).toMatch(message);
  });

  it('has a limit, which freeing and reallocating count for', () => {
    const lua = prepared({ libc: { heapLimit: 10_000 } });
    lua.run('function full(n) ffi.errno(0) return C.malloc(n) == NULL and ffi.errno() end');
    expect(lua.run('return full(20000)')).toBe(12);
    expect(lua.run('p = C.malloc(6000) return p ~= NULL')).toBe(true);
    expect(lua.run('return full(6000)')).toBe(12);
    expect(lua.run('return C.realloc(p, 9000) == NULL')).toBe(true);
    expect(lua.run('C.free(p) for i = 1, 1000 do C.free(C.malloc(6000)) end return full(6000)')).toBe(false);
    // Blocks of no bytes run out, too.
    expect(lua.run('for i = 1, 1000 do if C.malloc(0) == NULL then return true end end return false')).toBe(true);
  });

  it('keeps what only a number points to', () => {
    const lua = prepared();
    lua.run("address = ffi.cast('uintptr_t', C.strdup 'kept')");
    expect(lua.run("return ffi.string(ffi.cast('char *', address))")).toBe('kept');
    expect(raised("C.free(ffi.cast('void *', address)) return ffi.string(ffi.cast('char *', address))", lua)).toMatch(/string/);
  });

  it('belongs to one state', () => {
    const cdef = new Cdef();
    const [a, b] = [prepared({ cdef }), createLua({ cdef })];
    a.run('p = C.malloc(4)');
    b.set('p', a.get('p'));
    expect(raised("require 'ffi'.C.free(p)", b)).toMatch(/^free: address 0x[0-9a-f]+ is no block that malloc returned$/);
  });
});

describe('printf refuses what C leaves undefined', () => {
  it.each([
    ["fmt('%d')", "snprintf: no argument for '%d'"],
    ["fmt('%d %s', int(1))", "snprintf: no argument for '%s'"],
    ["fmt('%*d', int(1))", "snprintf: no argument for '%*d'"],
    [
      "fmt('%d', 1)",
      "snprintf: '%d' needs an integer, got 'double' as argument 1 behind the format; numbers of Lua are doubles: use ffi.new('int', n)",
    ],
    ["fmt('%s %x', 'a', 'b')", "snprintf: '%x' needs an integer, got 'const char *' as argument 2 behind the format"],
    ["fmt('%s', int(1))", "snprintf: '%s' needs a pointer, got 'int' as argument 1 behind the format"],
    ["fmt('%f', int(1))", "snprintf: '%f' needs a 'double', got 'int' as argument 1 behind the format"],
    ["fmt('%f', nil)", "snprintf: '%f' needs a 'double', got 'void *' as argument 1 behind the format"],
    ["fmt('%p', long(1))", "snprintf: '%p' needs a pointer, got 'int64_t' as argument 1 behind the format"],
    ["fmt('%n', ffi.new('int[1]'))", "snprintf: '%n', which writes to memory, is refused"],
    ["fmt('%Lf', 1)", "snprintf: '%Lf': there are no values of type 'long double'"],
    ["fmt('%ls', 'x')", "snprintf: '%ls': wide strings are not supported"],
    ["fmt('%lc', int(65))", "snprintf: '%lc': wide characters are not supported"],
    ["fmt('%k', 1)", "snprintf: unknown conversion '%k'"],
    ["fmt('%1$d', int(1))", "snprintf: unknown conversion '%1$'"],
    ["fmt('100%')", "snprintf: the format ends within '%'"],
    ["fmt('%-5.3l')", "snprintf: unknown conversion '%-5.3l'"],
    ["fmt('%999999999d', int(1))", "snprintf: '%999999999d' has a width or precision beyond 65535"],
    ["fmt('%.999999999f', 1)", "snprintf: '%.999999999f' has a width or precision beyond 65535"],
    ["fmt('%*d', int(-2147483648), int(1))", "snprintf: '%*d' has a width or precision beyond 65535"],
    ["fmt('%' .. ('9'):rep(400) .. 'd', int(1))", `snprintf: '%${'9'.repeat(39)}' has a width or precision beyond 65535`],
    ["fmt('%s', ffi.new('char[2]', {65, 66}))", 'snprintf: string without a terminating NUL: needs 3 bytes at offset 0, have 2'],
    ["fmt('%.3s', ffi.new('char[2]', {65, 66}))", 'snprintf: string without a terminating NUL: needs 3 bytes at offset 0, have 2'],
    ["fmt(ffi.new('char[2]', {65, 66}))", 'snprintf: string without a terminating NUL: needs 3 bytes at offset 0, have 2'],
    ["fmt('%s', ffi.cast('char *', 4096))", 'snprintf: address 0x1000 is not in live memory'],
  ])('%s', (code, message) => {
    expect(raised(code)).toBe(message);
  });

  it('long formats of wide fields count, but take no room', () => {
    const lua = prepared();
    expect(
      lua.run(
        "return C.snprintf(nil, 0, ('%65535d'):rep(200), (table.unpack or unpack)((function() local t = {} for i = 1, 200 do t[i] = int(i) end return t end)()))",
      ),
    ).toBe(65535 * 200);
    expect(lua.run("ffi.errno(0) return C.snprintf(nil, 0, ('%65535s'):rep(40000):gsub('%%65535s', '%%65535%%'))")).toBe(40000);
  });

  it('%g of a number that rounds up keeps its zeros with #, where old versions of glibc lose them', () => {
    expect(prepared().run("return fmt('%#g', 999999.5)")).toBe('[1.00000e+06] 11');
  });
});

describe('prototypes', () => {
  const declared = (prototype: string, code: string): string => {
    const lua = createLua();
    lua.run(`ffi = require 'ffi' C = ffi.C ffi.cdef '${prototype}'`);
    return raised(code, lua);
  };
  it.each([
    [
      'int strlen(int);',
      'C.strlen(1)',
      "'strlen' is declared as 'int (int)', which does not fit 'size_t strlen(const char *)': parameter 1 is a pointer, not an integer",
    ],
    [
      'int strlen();',
      'C.strlen()',
      "'strlen' is declared as 'int (void)', which does not fit 'size_t strlen(const char *)': it has 1 parameter, not 0",
    ],
    [
      'int abs(int, int);',
      'C.abs(1, 2)',
      "'abs' is declared as 'int (int, int)', which does not fit 'int abs(int)': it has 1 parameter, not 2",
    ],
    ['int abs(int, ...);', 'C.abs(1)', "'abs' is declared as 'int (int, ...)', which does not fit 'int abs(int)': it has no '...'"],
    [
      'int abs(double);',
      'C.abs(1)',
      "'abs' is declared as 'int (double)', which does not fit 'int abs(int)': parameter 1 is an integer, not 'double'",
    ],
    [
      'float sqrt(float);',
      'C.sqrt(1)',
      "'sqrt' is declared as 'float (float)', which does not fit 'double sqrt(double)': parameter 1 is 'double', not 'float'",
    ],
    [
      'int sqrt(double);',
      'C.sqrt(1)',
      "'sqrt' is declared as 'int (double)', which does not fit 'double sqrt(double)': the result is 'double', not an integer",
    ],
    [
      'int free(void *);',
      'C.free(nil)',
      "'free' is declared as 'int (void *)', which does not fit 'void free(void *)': the result is 'void', not an integer",
    ],
    [
      'int printf(int, ...);',
      'C.printf(1)',
      "'printf' is declared as 'int (int, ...)', which does not fit 'int printf(const char *, ...)': parameter 1 is a pointer, not an integer",
    ],
    [
      'void qsort(void *, size_t, size_t, void *);',
      'C.qsort(nil, 0, 0, nil)',
      "'qsort' is declared as 'void (void *, unsigned long, unsigned long, void *)', which does not fit 'void qsort(void *, size_t, size_t, int (*)(const void *, const void *))': parameter 4 is a function pointer, not a pointer",
    ],
    [
      'struct d { int q; }; struct d div(int, int);',
      'C.div(1, 1)',
      "'div' is declared as 'struct d (int, int)', which does not fit 'struct { int quot; int rem; } div(int, int)': the result is a struct of 8 bytes, not a struct of 4 bytes",
    ],
    ['int no_such_function(int);', 'C.no_such_function(1)', 'undefined symbol: no_such_function'],
    ['int toString(int);', 'C.toString(1)', 'undefined symbol: toString'],
  ])('%s', (prototype, code, message) => {
    expect(declared(prototype, code)).toBe(message);
  });

  it.each<[string, string, unknown]>([
    // Of other widths, by other names: what is passed alike converts.
    ['int strlen(const char *);', "C.strlen('abc')", 3],
    ['typedef uint8_t byte; byte strlen(const byte *);', "C.strlen(('x'):rep(300))", 300 % 256],
    ['void abs(long);', "select('#', C.abs(5))", 0],
    ['long abs(long);', 'C.abs(-5)', -5n * -1n],
    ['bool isdigit(char);', 'C.isdigit(48)', true],
    ['enum e { A, B, C }; enum e abs(enum e);', "tonumber(tostring(C.abs('B')):match('%d+$'))", 1],
    ['typedef int size_t; size_t strlen(const char *);', "C.strlen('abc')", 3],
    ['int sprintf(char *, const char *, int, double);', "C.sprintf(ffi.new('char[32]'), '%d %g', 42, 1.5)", 6],
    ['char *strchr(char *, int);', "ffi.string(C.strchr(ffi.new('char[4]', 'abc'), 98))", 'bc'],
  ])('%s: %s', (prototype, code, expected) => {
    const lua = createLua();
    lua.run(`ffi = require 'ffi' C = ffi.C ffi.cdef '${prototype}'`);
    expect(lua.run(`return ${code}`)).toBe(expected);
  });

  it('widths are those of the ABI', () => {
    const lua = createLua({ cdef: new Cdef({ abi: 'i386-linux-gnu' }) });
    lua.run(
      "ffi = require 'ffi' C = ffi.C ffi.cdef 'long strtol(const char *, char **, int); int snprintf(char *, size_t, const char *, ...);'",
    );
    expect(lua.run("ffi.errno(0) return C.strtol('2147483648', nil, 10)")).toBe(2147483647);
    expect(lua.run('return ffi.errno()')).toBe(34);
    expect(lua.run("local s, e = ffi.new('char[8]', '12x'), ffi.new('char *[1]') C.strtol(s, e, 10) return e[0] - s")).toBe(2);
    expect(
      lua.run(
        "local b = ffi.new('char[32]') C.snprintf(b, 32, '%lx %zx', ffi.new('int64_t', -1), ffi.new('int64_t', -1)) return ffi.string(b)",
      ),
    ).toBe('ffffffff ffffffff');
  });
});

describe('comparison functions', () => {
  it('may be functions of the host', () => {
    type IntPointer = { at(index: number): number };
    const lua = createLua({ functions: { by_last: (a: IntPointer, b: IntPointer) => (a.at(0) % 10) - (b.at(0) % 10) } });
    lua.run(`local ffi = require 'ffi'
      ffi.cdef 'int by_last(const int *, const int *); void qsort(void *, size_t, size_t, int (*)(const int *, const int *));'
      a = ffi.new('int[4]', {19, 25, 31, 40})
      ffi.C.qsort(a, 4, 4, ffi.C.by_last)`);
    expect(lua.run('return { a[0], a[1], a[2], a[3] }')).toEqual([40, 31, 25, 19]);
  });

  it('qsort_r hands its last argument to the comparison', () => {
    const lua = createLua();
    const result = lua.run(`local ffi = require 'ffi'
      ffi.cdef 'void qsort_r(void *, size_t, size_t, int (*)(const int *, const int *, int *), int *);'
      local a, calls = ffi.new('int[4]', 3, 1, 4, 2), ffi.new 'int[1]'
      ffi.C.qsort_r(a, 4, 4, function(x, y, n) n[0] = n[0] + 1 return x[0] - y[0] end, calls)
      return { a[0], a[1], a[2], a[3], calls[0] > 2 }`);
    expect(result).toEqual([1, 2, 3, 4, true]);
  });

  it('sorted pointers keep alive what they point to', async () => {
    const lua = prepared();
    lua.run(`list = ffi.new('const char *[3]') for i = 0, 2 do list[i] = ffi.new('char[8]', 'item ' .. 3 - i) end
      compare = ffi.cast('int (*)(const char **, const char **)', function(a, b) return C.strcmp(a[0], b[0]) end)
      C.qsort(list, 3, 8, compare)
      list[2] = nil
      copied = ffi.new('const char *[1]', { ffi.new('char[8]', 'copied') })
      copies = ffi.new 'const char *[3]' C.memcpy(copies + 1, copied, 8) copied = nil`);
    await collectGarbage();
    expect(lua.run('return ffi.string(list[0]) .. ffi.string(list[1]) .. ffi.string(copies[1])')).toBe('item 1item 2copied');
  });

  it.each([
    ["C.qsort(ffi.new('int[4]'), 5, 4, compare)", 'qsort: needs 20 bytes at offset 0, have 16'],
    ["C.qsort(ffi.new('int[4]'), 2^62, 2^62, compare)", 'qsort: needs 2.1267647932558654e+37 bytes at offset 0, have 16'],
    ["C.qsort(ffi.new('int[4]'), -1, 4, compare)", 'qsort: needs 73786976294838210000 bytes at offset 0, have 16'],
    ["C.bsearch(ffi.new('int[1]'), ffi.new('int[4]'), 5, 4, compare)", 'bsearch: needs 20 bytes at offset 0, have 16'],
    ["C.qsort(ffi.new('int[2]'), 2, 4, nil)", 'address 0x0 is no function'],
    ["C.qsort(ffi.new('int[2]'), 2, 4, ffi.cast('comparison', 64))", 'address 0x40 is no function'],
    ["C.qsort(ffi.new('char[17000000]'), 17000000, 1, compare)", 'qsort: 17000000 elements, at most 16777216 can be sorted'],
  ])('%s', (code, message) => {
    const lua = prepared();
    lua.run("compare = ffi.cast('comparison', function() return 0 end)");
    expect(raised(code, lua)).toBe(message);
  });

  it('an error in one leaves the array as it was', () => {
    const lua = prepared();
    lua.run(
      "a = ffi.new('int[4]', {3, 1, 2, 0}) compare = ffi.cast('int (*)(const int *, const int *)', function(x, y) if x[0] == 0 or y[0] == 0 then error 'zero' end return x[0] - y[0] end)",
    );
    expect(raised('C.qsort(a, 4, 4, compare)', lua)).toMatch(/zero$/);
    expect(lua.run('return { a[0], a[1], a[2], a[3] }')).toEqual([3, 1, 2, 0]);
  });

  it('may free the array, or contradict itself', () => {
    const lua = prepared();
    lua.run(
      "p = C.malloc(16) freed = false compare = ffi.cast('comparison', function() if not freed then C.free(p) freed = true end return 1 end)",
    );
    expect(raised('C.qsort(p, 4, 4, compare)', lua)).toMatch(/^qsort: /);
    lua.run("a = ffi.new('int[100]') for i = 0, 99 do a[i] = i end n = 0 C.qsort(a, 100, 4, function() n = n + 1 return n % 3 - 1 end)");
    expect(lua.run('local sum = 0 for i = 0, 99 do sum = sum + a[i] end return sum')).toBe(4950);
  });
});

describe('the host', () => {
  it('gets what scripts print, in order', () => {
    let written = '';
    const lua = prepared({ libc: { write: (bytes) => (written += Buffer.from(bytes).toString('latin1')) } });
    expect(lua.run("return C.printf('%s=%d\\n', 'x', int(5))")).toBe(4);
    expect(lua.run("return C.puts('line')")).toBe(5);
    expect(lua.run('return C.putchar(0x1ff)')).toBe(255);
    expect(lua.run("return C.printf('%9000s|', 'x'), C.fflush(nil)")).toBe(9001);
    expect(written).toBe(`x=5\nline\n\xff${'x'.padStart(9000)}|`);
  });

  it('gets what printf wrote before it failed', () => {
    let written = '';
    const lua = prepared({ libc: { write: (bytes) => (written += Buffer.from(bytes).toString('latin1')) } });
    expect(raised("C.printf('before %d', 'x')", lua)).toMatch(/^printf: '%d' needs an integer/);
    expect(written).toBe('before ');
  });

  it("in Node, output takes the way of Lua's print", () => {
    const chunks: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => chunks.push(Buffer.from(chunk as Uint8Array).toString('latin1')) > 0);
    prepared().run("print 'one' C.puts 'two' print 'three' C.printf 'four\\n'");
    expect(chunks.join('')).toBe('one\ntwo\nthree\nfour\n');
  });

  it('elsewhere, lines go to the console', () => {
    const lines: unknown[] = [];
    vi.spyOn(console, 'log').mockImplementation((line) => lines.push(line));
    const lua = createPlainLua();
    lua.run(
      "local C = require 'ffi'.C require 'ffi'.cdef 'int printf(const char *, ...);' C.printf('a') C.printf('b\\nc\\n') C.printf('d')",
    );
    expect(lines).toEqual(['ab', 'c']);
  });

  it('keeps the clocks and the environment', () => {
    const environment: Record<string, string> = { HOME: '/home/käthe' };
    const lua = prepared({
      libc: {
        now: () => 1_700_000_000_250.5,
        processor: () => 1500,
        monotonic: () => 12_345.678_9,
        environment: (name) => environment[name],
      },
    });
    lua.run("ffi.cdef 'int clock_gettime(int, struct timeval *); double difftime(long, long);' t = ffi.new 'struct timeval'");
    expect(lua.run('return C.time(nil)')).toBe(1_700_000_000n);
    expect(lua.run('return C.clock()')).toBe(1_500_000n);
    expect(lua.run('C.gettimeofday(t, nil) return { t.tv_sec, t.tv_usec }')).toEqual([1_700_000_000n, 250_500n]);
    expect(lua.run('C.clock_gettime(1, t) return { t.tv_sec, t.tv_usec }')).toEqual([12n, 345_678_900n]);
    expect(lua.run('ffi.errno(0) return C.clock_gettime(99, t), ffi.errno()')).toBe(-1);
    expect(lua.run('return ffi.errno()')).toBe(22);
    expect(lua.run('return C.difftime(5, 2)')).toBe(3);
    expect(lua.run("return ffi.string(C.getenv 'HOME')")).toBe('/home/käthe');
    expect(lua.run("p = C.getenv 'HOME' return p == C.getenv 'HOME'")).toBe(true);
    environment['HOME'] = '/root';
    expect(lua.run("return ffi.string(C.getenv 'HOME') .. ' ' .. ffi.string(p)")).toBe('/root /home/käthe');
  });

  it('sleeps, and says what process it is', () => {
    const slept: number[] = [];
    const lua = createLua({ libc: { sleep: (milliseconds) => slept.push(milliseconds), processId: 77 } });
    lua.run("ffi = require 'ffi' C = ffi.C ffi.cdef 'unsigned sleep(unsigned); int usleep(unsigned); int getpid(void);'");
    expect(lua.run('return { C.sleep(2), C.usleep(1500), C.usleep(0), C.getpid() }')).toEqual([0, 0, 0, 77]);
    expect(slept).toEqual([2000, 1.5]);
    const plain = createPlainLua();
    plain.run("ffi = require 'ffi' C = ffi.C ffi.cdef 'unsigned sleep(unsigned); int usleep(unsigned); int getpid(void);'");
    expect(plain.run('return { C.sleep(2), C.usleep(1500), ffi.errno(), C.getpid() }')).toEqual([2, -1, 4, 1]);
  });

  it('may leave the library out, or replace parts of it', () => {
    expect(raised("C.strlen 'x'", prepared({ libc: false }))).toBe('undefined symbol: strlen');
    const lua = prepared({ functions: { strlen: (text: string) => text.length * 100, getenv: () => null } });
    expect(lua.run("return C.strlen 'abc'")).toBe(300n);
    expect(lua.run("return C.getenv 'PATH' == ffi.cast('char *', nil)")).toBe(true);
    expect(lua.run("return C.strnlen('abc', 2)")).toBe(2n);
  });

  it('can call functions of the library that scripts hand to it', () => {
    const lua = prepared({ functions: { apply: (fn: (n: number) => number, n: number) => fn(n) } });
    lua.run("ffi.cdef 'int apply(int (*fn)(int), int n);'");
    expect(lua.run('return C.apply(C.abs, -5)')).toBe(5);
  });
});
