/**
 * What C functions that are JavaScript functions get and may return, on every engine.
 * @module
 */
import { expect, it } from 'vitest';
import type { Lua } from '../../src/host/lua.ts';
import { LuaError } from '../../src/util/errors.ts';
import { Pointer } from '../../src/view/index.ts';

const DECLARATIONS = `
  struct point { int x, y; };
  struct other { int x, y; };
  enum color { RED, GREEN = 5 };
  typedef int (*callback)(int);
  int add(int a, int b);
  double half(double x);
  bool flip(bool b);
  int64_t big(int64_t n);
  uint64_t ubig(uint64_t n);
  uint32_t u32(uint32_t n);
  void nothing(void);
  size_t length(const char *text);
  const char *greet(const char *name);
  int sum_bytes(const uint8_t *bytes, size_t count);
  int x_of(const struct point *p);
  void move(struct point *p, int by);
  struct point *same(struct point *p);
  struct point by_value(struct point p);
  enum color paint(enum color c);
  void *anything(void *p);
  int variadic(const char *format, ...);
  int missing(void);
`;

/** What the functions were called with, and what they answer. */
function prepared(makeLua: () => Lua): { lua: Lua; calls: unknown[][]; answer: { value: unknown } } {
  const lua = makeLua();
  const calls: unknown[][] = [];
  const answer: { value: unknown } = { value: undefined };
  lua.cdef.cdef(DECLARATIONS);
  const names = 'add half flip big ubig u32 nothing length greet sum_bytes x_of move same by_value paint anything variadic'.split(' ');
  const record = (...args: unknown[]): unknown => {
    calls.push(args);
    if (answer.value instanceof Error) throw answer.value;
    return answer.value;
  };
  lua.define(Object.fromEntries(names.map((name) => [name, record])));
  lua.run(`ffi = require 'ffi' C = ffi.C Point = ffi.typeof 'struct point'`);
  return { lua, calls, answer };
}

function errorOf(lua: Lua, text: string): string {
  try {
    lua.run(`return keepall(${text})`.replace('keepall', '(function(...) return ... end)'), '=row');
  } catch (error) {
    if (error instanceof LuaError) return error.message.replace(/^row:\d+: /, '');
    throw error;
  }
  return 'no error';
}

/** Tests of calls; see `ffiContract`. */
export function callContract(makeLua: () => Lua): void {
  it.each<[string, unknown[]]>([
    ['C.add(1, 2)', [1, 2]],
    ['C.add(1.9, -1.9)', [1, -1]],
    ['C.add(true, false)', [1, 0]],
    [`C.add(ffi.new('int64_t', 7), ffi.new('uint8_t', 3))`, [7, 3]],
    [`C.add(2 ^ 32 + 5, ffi.new('enum color', 'GREEN'))`, [5, 5]],
    ['C.half(0.25)', [0.25]],
    [`C.half(ffi.new('int64_t', 3))`, [3]],
    ['C.flip(0)', [false]],
    ['C.flip(0.5)', [true]],
    ['C.big(5)', [5n]],
    ['C.big(-2 ^ 53)', [-(2n ** 53n)]],
    [`C.ubig(ffi.new('int64_t', -1))`, [2n ** 64n - 1n]],
    ['C.u32(4294967295)', [4294967295]],
    ['C.u32(-1)', [4294967295]],
    [`C.paint('GREEN')`, [5]],
    ['C.paint(3)', [3]],
    [`C.length('text')`, ['text']],
    [`C.length('na\\195\\175ve')`, ['naïve']],
    [`C.length('cut\\0off')`, ['cut']],
    [`C.length('')`, ['']],
    ['C.length(nil)', [null]],
    [`C.length(ffi.new('char[8]', 'buffer'))`, ['buffer']],
    ['C.anything(nil)', [null]],
    [`C.variadic('x', 1.5, true, nil, 'text', ffi.new('int', 3), ffi.new('int64_t', 4))`, ['x', 1.5, true, null, 'text', 3, 4n]],
  ])('%s passes what the prototype says', (text, expected) => {
    const { lua, calls, answer } = prepared(makeLua);
    answer.value = 0;
    if (/greet|anything/.test(text)) answer.value = null;
    lua.run(text);
    expect(calls).toEqual([expected]);
  });

  it.each<[string, string]>([
    ['C.add()', 'wrong number of arguments for function call'],
    ['C.add(1)', 'wrong number of arguments for function call'],
    ['C.add(1, 2, 3)', 'wrong number of arguments for function call'],
    ['C.nothing(nil)', 'wrong number of arguments for function call'],
    ['C.variadic()', 'wrong number of arguments for function call'],
    [`C.add('1', 2)`, "bad argument #1 to 'add' (cannot convert 'string' to 'int')"],
    ['C.add(1, {})', "bad argument #2 to 'add' (cannot convert 'table' to 'int')"],
    ['C.add(1, nil)', "bad argument #2 to 'add' (cannot convert 'nil' to 'int')"],
    ['C.add(print, 1)', "bad argument #1 to 'add' (cannot convert 'function' to 'int')"],
    ['C.add(1, Point())', "bad argument #2 to 'add' (cannot convert 'struct point' to 'int')"],
    [`C.half('x')`, "bad argument #1 to 'half' (cannot convert 'string' to 'double')"],
    ['C.length(5)', "bad argument #1 to 'length' (cannot convert 'number' to 'const char *')"],
    [`C.length(ffi.new 'int[2]')`, "bad argument #1 to 'length' (cannot convert 'int [2]' to 'const char *')"],
    [`C.move('x', 1)`, "bad argument #1 to 'move' (cannot convert 'string' to 'struct point *')"],
    [`C.move(ffi.new 'struct other', 1)`, "bad argument #1 to 'move' (cannot convert 'struct other' to 'struct point *')"],
    [
      `C.move(ffi.cast('const struct point *', Point()), 1)`,
      "bad argument #1 to 'move' (cannot convert 'const struct point *' to 'struct point *')",
    ],
    [`C.by_value(ffi.new 'struct other')`, "bad argument #1 to 'by_value' (cannot convert 'struct other' to 'struct point')"],
    [`C.paint('BLUE')`, "bad argument #1 to 'paint' (cannot convert 'string' to 'enum color')"],
    [`C.variadic('x', {})`, "bad argument #2 to 'variadic' (cannot convert 'table' to 'void *')"],
    [`C.variadic('x', print)`, "bad argument #2 to 'variadic' (cannot convert 'function' to 'void *')"],
    ['C.undeclared()', "missing declaration for symbol 'undeclared'"],
    ['C.missing()', 'undefined symbol: missing'],
  ])('%s is refused before the function is called', (text, message) => {
    const { lua, calls } = prepared(makeLua);
    expect(errorOf(lua, text)).toBe(message);
    expect(calls).toEqual([]);
  });

  it('a pointer to a struct arrives as a live view of the caller’s memory', () => {
    const { lua } = prepared(makeLua);
    lua.define({
      move: (p: { x: number; y: number }, by: number) => {
        p.x += by;
        p.y -= by;
      },
      x_of: (p: { x: number }) => p.x,
    });
    expect(
      lua.run(
        `local p = Point(1, 2) C.move(p, 5) C.move(ffi.cast('struct point *', p), 1) return ('%d %d %d'):format(p.x, p.y, C.x_of(p))`,
      ),
    ).toBe('7 -4 7');
    expect(lua.run(`local a = ffi.new('struct point[2]') C.move(a + 1, 3) C.move(a, 1) return ('%d %d'):format(a[0].x, a[1].x)`)).toBe(
      '1 3',
    );
  });

  it('a NULL struct pointer arrives as null, and one outside memory is refused', () => {
    const { lua, calls, answer } = prepared(makeLua);
    answer.value = 0;
    lua.run('C.x_of(nil)');
    expect(calls).toEqual([[null]]);
    expect(errorOf(lua, 'C.x_of(ffi.new("struct point[1]") + 1)')).toMatch(/needs 8 bytes at offset 8, have 8/);
    expect(errorOf(lua, 'C.x_of(ffi.cast("struct point *", 64))')).toMatch(/not in live memory/);
  });

  it('other pointers arrive as Pointer, with their bytes', () => {
    const { lua, calls, answer } = prepared(makeLua);
    answer.value = 0;
    lua.run(`C.sum_bytes(ffi.new('uint8_t[3]', 1, 2, 3) + 1, 2)`);
    const [pointer, count] = calls[0] as [Pointer, bigint];
    expect(pointer).toBeInstanceOf(Pointer);
    expect([...pointer.bytes(Number(count))]).toEqual([2, 3]);
    expect(count).toBe(2n);
  });

  it('pointers of several types may come in turn', () => {
    const { lua } = prepared(makeLua);
    lua.define({ x_of: (p: { x: number } | null) => p?.x ?? -1, sum_bytes: (p: Pointer) => p.bytes(1)[0] as number });
    const text = `
      local one, many, bytes = Point(1, 2), ffi.new('struct point[2]', { { 3, 4 }, { 5, 6 } }), ffi.new('uint8_t[2]', 7, 8)
      local found = {}
      for i = 1, 3 do
        for _, p in ipairs { one, many, many + 1, many[1], ffi.cast('struct point *', bytes) == nil, ffi.cast('const struct point *', one) } do
          local ok, x = pcall(C.x_of, p)
          found[#found + 1] = ok and tostring(x) or 'refused'
        end
        found[#found + 1] = C.x_of(nil) .. ' ' .. C.sum_bytes(bytes, 1) .. ' ' .. C.sum_bytes(ffi.cast('uint8_t *', many), 1)
        local p = ffi.cast('struct point *', many)
        found[#found + 1] = ffi.cast('struct point *', p).x .. ' ' .. ffi.cast('struct point *', one).x .. ' ' .. ffi.cast('uint8_t *', p)[4]
      end
      return table.concat(found, ',')`;
    const round = '1,3,5,5,refused,1,-1 7 3,3 1 4';
    expect(lua.run(text)).toBe([round, round, round].join(','));
  });

  it('a struct by value is a copy, made from a struct or a table', () => {
    const { lua } = prepared(makeLua);
    lua.define({
      by_value: (p: { x: number; y: number }) => {
        p.x = 100;
        return p;
      },
    });
    const text = `local p = Point(1, 2) local r = C.by_value(p) local t = C.by_value { 3, 4 } return ('%d %d %d %d %d'):format(p.x, r.x, r.y, t.x, t.y)`;
    expect(lua.run(text)).toBe('1 100 2 100 4');
  });

  it.each<[string, unknown, string]>([
    ['C.add(1, 2)', 7, '7'],
    ['C.add(1, 2)', 7.9, '7'],
    ['C.add(1, 2)', true, '1'],
    ['C.half(1)', 0.5, '0.5'],
    ['C.flip(true)', false, 'false'],
    ['C.flip(true)', 1, 'true'],
    ['C.big(1)', -5n, '-5LL'],
    ['C.big(1)', 5, '5LL'],
    ['C.ubig(1)', 2n ** 64n - 1n, '18446744073709551615ULL'],
    ['C.u32(1)', 7, '7'],
    ['C.paint(1)', 5, 'cdata<enum color>: 5'],
    ['ffi.string(C.greet(nil))', 'hallo', 'hallo'],
    ['C.greet(nil)', null, 'cdata<const char *>: NULL'],
    ['C.greet(nil)', undefined, 'cdata<const char *>: NULL'],
    ['C.same(nil)', null, 'cdata<struct point *>: NULL'],
    ['C.anything(nil)', null, 'cdata<void *>: NULL'],
    [`select('#', C.nothing())`, 'ignored', '0'],
    ['C.by_value({}).y', { x: 1, y: 2 }, '2'],
  ])('%s gives Lua the result %s as %s', (text, value, expected) => {
    const { lua, answer } = prepared(makeLua);
    answer.value = value;
    expect(lua.run(`return tostring(${text})`)).toBe(expected);
  });

  it.each<[string, unknown]>([
    ['C.add(1, 2)', 'text'],
    ['C.add(1, 2)', {}],
    ['C.add(1, 2)', Symbol('no number')],
    ['C.big(1)', 'text'],
    ['C.half(1)', []],
    ['C.greet(nil)', 5],
    ['C.same(nil)', 'text'],
    ['C.same(nil)', { x: 1 }],
    ['C.by_value({})', 5],
    ['C.anything(nil)', 5],
  ])('%s complains about a result of the wrong kind, %o', (text, value) => {
    const { lua, answer } = prepared(makeLua);
    answer.value = value;
    const message = errorOf(lua, text);
    expect(message).not.toBe('no error');
    expect(message).not.toMatch(/undefined|is not a function|Cannot (read|convert|mix)/);
  });

  it('a returned view is a pointer to its own memory', () => {
    const { lua } = prepared(makeLua);
    const point = lua.cdef.new('struct point', { x: 1, y: 2 });
    lua.define({ same: () => point });
    expect(lua.run('local p = C.same(nil) p.x = 9 return p.y + p.x')).toBe(11);
    expect(point.x).toBe(9);
  });

  it('what a pointer argument was comes back when the function returns it', () => {
    const { lua } = prepared(makeLua);
    lua.define({ same: (p: unknown) => p, anything: (p: unknown) => p });
    expect(lua.run('local p = Point(1, 2) return C.same(p) == ffi.cast("struct point *", p), C.same(p).y')).toBe(true);
    expect(lua.run('local b = ffi.new("char[4]") return C.anything(b + 1) == ffi.cast("void *", b + 1)')).toBe(true);
  });

  it('what a function throws is a Lua error at the place of the call, with the cause kept', () => {
    const { lua, answer } = prepared(makeLua);
    answer.value = new RangeError('out of luck');
    expect(lua.run(`local ok, e = pcall(function() C.add(1, 2) end) return tostring(ok) .. e`, '=row')).toBe('falserow:1: out of luck');
    try {
      lua.run('\nC.add(1, 2)', '=row');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(LuaError);
      expect((error as LuaError).message).toBe('row:2: out of luck');
      expect((error as LuaError).cause).toBe(answer.value);
      expect((error as LuaError).traceback).toContain('row:2:');
    }
  });

  it('a function may call back into Lua, which may raise through it', () => {
    const { lua } = prepared(makeLua);
    lua.run(`function inner(n) if n > 1 then error({ code = n }) end return n + 1 end`);
    const inner = lua.callback('inner');
    lua.define({ add: (a: number) => inner(a) });
    expect(lua.run('return C.add(1, 0)')).toBe(2);
    expect(lua.run('local ok, e = pcall(C.add, 5, 0) return e.code')).toBe(5);
  });

  it('prototypes may have any number of parameters', () => {
    const { lua } = prepared(makeLua);
    const sum = (...values: number[]): number => values.reduce((all, one) => all + one, 0);
    lua.define({ sum_17: sum, sum_5000: sum });
    const declare = (count: number): string => `ffi.cdef('int sum_${count}(' .. ('int, '):rep(${count - 1}) .. 'int);')`;
    expect(lua.run(`${declare(17)} return C.sum_17(${Array.from({ length: 17 }, (_, i) => i).join()})`)).toBe(136);
    expect(errorOf(lua, 'C.sum_17(1)')).toMatch(/wrong number of arguments for function call/);
    lua.run(declare(5000));
    expect(errorOf(lua, 'C.sum_5000(1)')).toMatch(/wrong number of arguments for function call/);
  });

  it('functions may be defined again, and the new one is called', () => {
    const { lua } = prepared(makeLua);
    lua.run('add = C.add');
    lua.define({ add: () => 1 });
    expect(lua.run('return add(0, 0)')).toBe(1);
    lua.define({ add: () => 2 });
    expect(lua.run('return add(0, 0) + C.add(0, 0)')).toBe(4);
  });
}
