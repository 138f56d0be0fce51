import { describe, expect, it } from 'vitest';
import { createLua as createNodeLua } from '../../../src/host/node.ts';
import { createLua as makeLua, engineNames, type LuaOptions, LuaBytes, LuaError, LuaSyntaxError } from '../../../src/host/index.ts';
import { cdef, Pointer } from '../../../src/index.ts';

describe.each(engineNames)('running text on %s', (engine) => {
  const createLua = (options: LuaOptions = {}) => makeLua({ engine, ...options });
  it('gives the first result', () => {
    const lua = createLua();
    expect(lua.run('return 1, 2')).toBe(1);
    expect(lua.run('')).toBeUndefined();
    expect(lua.run(new TextEncoder().encode('return "bytes"'))).toBe('bytes');
  });

  it('names the place of an error', () => {
    const lua = createLua();
    expect(() => lua.run('\nreturn +', '@file.lua')).toThrow(/^file\.lua:2: unexpected symbol near /);
    expect(() => lua.run('return +')).toThrow(LuaSyntaxError);
    expect(() => lua.run('\n\nerror "bad"', '@file.lua')).toThrow(/^file\.lua:3: bad$/);
    expect(() => lua.run('local x = nil + 1', '=here')).toThrow(/^here:1: attempt to perform arithmetic on a nil value$/);
  });

  it('an engine that does not exist is refused by name', () => {
    expect(engineNames).toContain('fengari');
    expect(() => createLua({ engine: 'v8' as 'fengari' })).toThrow(new RangeError("no engine named 'v8', expected fengari or jit"));
    expect(() => createLua({ engine: 'constructor' as 'fengari' })).toThrow(RangeError);
  });

  it('a closed state refuses everything, and may be closed again', () => {
    const lua = createLua();
    lua.run('function f() return 1 end');
    const f = lua.callback('f');
    lua.close();
    lua.close();
    for (const use of [() => lua.run('return 1'), () => lua.get('x'), () => lua.set('x', 1), () => f(), () => lua.callback('f')]) {
      expect(use).toThrow(/closed/);
    }
  });

  it('states share nothing', () => {
    const [a, b] = [createLua(), createLua()];
    a.run('x = 1; require("ffi").cdef "struct s { int x; };"');
    expect(b.get('x')).toBeUndefined();
    expect(() => b.run('require("ffi").new "struct s"')).toThrow(LuaError);
  });
});

describe.each(engineNames)('configuration on %s', (engine) => {
  const createLua = (options: LuaOptions = {}) => makeLua({ engine, ...options });
  it('takes what the script sets and defaults for the rest', () => {
    const lua = createLua();
    lua.run(`address = '10.0.0.1' debug_on = true`);
    const config: { address: string; port: number; debug_on: boolean } = lua.config({ address: '0.0.0.0', port: 67, debug_on: false });
    expect(config).toEqual({ address: '10.0.0.1', port: 67, debug_on: true });
  });

  it.each([
    ['port = "67"', "configuration: 'port' must be a number, got a string"],
    ['port = true', "configuration: 'port' must be a number, got a boolean"],
    ['port = {}', "configuration: 'port' must be a number, got an object"],
    ['port = function() end', "configuration: 'port' must be a number, got a function"],
  ])('%s is refused', (text, message) => {
    const lua = createLua();
    lua.run(text);
    expect(() => lua.config({ port: 67 })).toThrow(new TypeError(message));
  });

  it('false, zero and empty text are values', () => {
    const lua = createLua();
    lua.run(`a = false b = 0 c = ''`);
    expect(lua.config({ a: true, b: 1, c: 'x' })).toEqual({ a: false, b: 0, c: '' });
  });

  it('names such as __proto__ are settings like others', () => {
    const lua = createLua();
    lua.run('__proto__ = 5');
    expect(Object.entries(lua.config(JSON.parse('{ "__proto__": 1 }')))).toEqual([['__proto__', 5]]);
  });
});

describe.each(engineNames)('callbacks on %s', (engine) => {
  const createLua = (options: LuaOptions = {}) => makeLua({ engine, ...options });
  it('hold the function, not its name', () => {
    const lua = createLua();
    lua.run('function f(a, b) return a + b, "second" end');
    const f = lua.callback('f');
    lua.run('f = nil');
    expect(f(1, 2)).toBe(3);
    expect(f.all(1, 2)).toEqual([3, 'second']);
    expect(() => lua.callback('f')).toThrow(new TypeError("Lua global 'f' must be a function, got nothing"));
    lua.run('f = 5');
    expect(() => lua.callback('f')).toThrow(new TypeError("Lua global 'f' must be a function, got a number"));
  });

  it('may call each other, and themselves through JavaScript', () => {
    const lua = createLua();
    lua.set('js', (n: number) => (n === 0 ? 0 : (f(n - 1) as number) + 1));
    lua.run('function f(n) return js(n) end');
    const f = lua.callback('f');
    expect(f(20)).toBe(20);
  });

  it('give nil, nothing and many results as they are', () => {
    const lua = createLua();
    lua.run('function none() end function null() return nil end function many() return 1, nil, 3, nil end');
    expect(lua.callback('none').all()).toEqual([]);
    expect(lua.callback('null').all()).toEqual([undefined]);
    expect(lua.callback('many').all()).toEqual([1, undefined, 3, undefined]);
    expect(lua.callback('none')()).toBeUndefined();
  });
});

describe.each(engineNames)('values on %s', (engine) => {
  const createLua = (options: LuaOptions = {}) => makeLua({ engine, ...options });
  const echo = (value: unknown): unknown => {
    const lua = createLua();
    lua.set('v', value);
    return lua.get('v');
  };

  it.each([
    0,
    1,
    -1,
    0.5,
    -0,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    2 ** 32,
    2 ** 53,
    1e308,
    5e-324,
    Number.NaN,
    Infinity,
    -Infinity,
    true,
    false,
    '',
    'text',
    'naïve ☃ 😀',
    'nul\0inside',
    5n,
    -(2n ** 63n),
    2n ** 64n - 1n,
  ])('%s comes back as it was', (value) => {
    expect(echo(value)).toBe(value);
  });

  it.each<[unknown, string]>([
    [1, '1 number'],
    [2 ** 31 - 1, '2147483647 number'],
    [0.5, '0.5 number'],
    [true, 'true boolean'],
    ['x', 'x string'],
    [null, 'nil nil'],
    [undefined, 'nil nil'],
    [5n, '5LL cdata'],
    [2n ** 63n, '9223372036854775808ULL cdata'],
    [new LuaBytes(Uint8Array.of(65, 66)), 'AB string'],
    [new LuaBytes(Uint8Array.of(65, 66, 67, 68), 1, 3), 'BC string'],
    [
      new LuaBytes(Buffer.from('a long string of bytes, of which there is a part'), 2),
      'long string of bytes, of which there is a part string',
    ],
    [new LuaBytes(Uint8Array.of(65), 1), ' string'],
  ])('%o is in Lua %s', (value, expected) => {
    const lua = createLua();
    lua.set('v', value);
    expect(lua.run(`return tostring(v) .. ' ' .. type(v)`)).toBe(expected);
  });

  it.each([
    [-1, 2],
    [0, 5],
    [3, 2],
    [0.5, 2],
    [Number.NaN, 2],
  ])('LuaBytes refuses a part from %s to %s of four bytes', (start, end) => {
    expect(() => new LuaBytes(new Uint8Array(4), start, end)).toThrow(new RangeError(`bytes ${start} to ${end} of 4`));
  });

  it('bytes that are no UTF-8 come as bytes, and go as LuaBytes', () => {
    const lua = createLua();
    expect(lua.run(`return '\\255\\254'`)).toEqual(Uint8Array.of(255, 254));
    expect(lua.run(`return '\\237\\160\\128'`)).toEqual(Uint8Array.of(237, 160, 128));
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    lua.set('v', new LuaBytes(bytes));
    bytes.fill(0);
    expect(lua.run('local n = 0 for i = 1, 256 do n = n + (v:byte(i) == i - 1 and 1 or 0) end return n')).toBe(256);
  });

  it('tables are arrays where their keys are 1 to n, objects where they are text, else Maps', () => {
    const lua = createLua();
    expect(lua.run(`return { 1, 'two', { 3 } }`)).toEqual([1, 'two', [3]]);
    expect(lua.run(`return { a = 1, b = { c = true } }`)).toEqual({ a: 1, b: { c: true } });
    expect(lua.run('return {}')).toEqual({});
    const map = (...entries: [unknown, unknown][]): Map<unknown, unknown> => new Map(entries);
    expect(lua.run(`return { 1, 2, nil, 4 }`)).toEqual(map([1, 1], [2, 2], [4, 4]));
    expect(lua.run(`return { [0] = 'zero', 'one' }`)).toEqual(map([0, 'zero'], [1, 'one']));
    expect(lua.run(`return { [true] = 1, [1.5] = 2 }`)).toEqual(map([true, 1], [1.5, 2]));
    const odd = lua.run(`return { __proto__ = 5, constructor = 6 }`) as object;
    expect(Object.entries(odd).sort()).toEqual([
      ['__proto__', 5],
      ['constructor', 6],
    ]);
  });

  it('arrays and plain objects become tables, nested, copied', () => {
    const lua = createLua();
    const value = { list: [1, [2, 3]], name: 'x', none: null, nested: { deep: true } };
    lua.set('v', value);
    expect(lua.run(`return #v.list .. v.list[2][1] .. v.name .. tostring(v.none) .. tostring(v.nested.deep)`)).toBe('22xniltrue');
    lua.run('v.name = "changed" v.list[1] = 9');
    expect(value).toEqual({ list: [1, [2, 3]], name: 'x', none: null, nested: { deep: true } });
    lua.set('empty', []);
    expect(lua.run('return #empty + select("#", next(empty))')).toBe(1);
    lua.set('bare', Object.assign(Object.create(null), { k: 1 }));
    expect(lua.run('return bare.k')).toBe(1);
  });

  it('what contains itself is refused in both directions, and leaves the state in order', () => {
    const lua = createLua();
    const self: Record<string, unknown> = {};
    self['self'] = self;
    const list: unknown[] = [];
    list.push(list);
    for (const value of [self, list]) expect(() => lua.set('v', value)).toThrow(new RangeError('objects nested deeper than 100 levels'));
    expect(() => lua.run('local t = {} t.t = t return t')).toThrow(/nested deeper than 100 levels/);
    lua.run('t = {} t.t = t');
    expect(() => lua.get('t')).toThrow(RangeError);
    lua.run('function f(x) return x end');
    const f = lua.callback('f');
    expect(() => f(self)).toThrow(RangeError);
    expect(f(1)).toBe(1);
    expect(lua.run('return 2')).toBe(2);
  });

  it('functions cross both ways, and the same function is the same Lua value', () => {
    const lua = createLua();
    const add = (a: number, b: number): number => a + b;
    lua.set('add', add);
    lua.set('add2', add);
    expect(lua.run('return add(1, 2)')).toBe(3);
    expect(lua.run('return add == add2')).toBe(true);
    const f = lua.run('return function(x) return x * 2 end') as (x: number) => number;
    expect(f(21)).toBe(42);
    lua.set('g', f);
    expect(lua.run('return g(4)')).toBe(8);
    lua.set('apply', (callee: (x: number) => number) => callee(5));
    expect(lua.run('return apply(function(x) return x + 1 end)')).toBe(6);
  });

  it('a Lua function that went to JavaScript and back still raises Lua errors', () => {
    const lua = createLua();
    lua.set('g', lua.run('return function() error({ code = 3 }) end'));
    expect(lua.run('local ok, e = pcall(g) return e.code')).toBe(3);
  });

  it('struct views are live in Lua and pointers come back as Pointer', () => {
    const c = cdef('struct p { int x; struct p *next; int64_t big; };');
    const lua = createLua({ cdef: c });
    const p = c.new('struct p', { x: 1 });
    lua.set('p', p);
    lua.run('p.x = p.x + 41 p.next = p p.big = 7');
    expect(p.x).toBe(42);
    expect(lua.run('return p.next')).toBeInstanceOf(Pointer);
    expect(lua.run('return p.big')).toBe(7n);
    const view = lua.run('return p') as typeof p;
    view.x = 5;
    expect(p.x).toBe(5);
    expect(lua.run('return require("ffi").new "struct p *"')).toBeNull();
  });

  it('buffers are light userdata that ffi.cast takes, without a copy', () => {
    const lua = createLua();
    const bytes = Buffer.from([1, 2, 3, 4, 5, 6]).subarray(1);
    lua.set('buf', bytes);
    lua.run(`ffi = require 'ffi' p = ffi.cast('uint8_t *', buf) p[0] = p[4] + 10`);
    expect(bytes[0]).toBe(16);
    expect(lua.run('return ffi.string(buf, 2)')).toEqual(String.fromCharCode(16, 3));
    expect(lua.get('buf')).toBe(bytes);
    lua.set('other', new Float64Array([1.5]));
    expect(lua.run(`return ffi.cast('double *', other)[0]`)).toBe(1.5);
    lua.set('date', new Date(0));
    // Other objects have an address and no bytes.
    expect(lua.run(`return ffi.cast('int *', date) == ffi.cast('void *', date)`)).toBe(true);
    expect(() => lua.run(`return ffi.cast('int *', date)[0]`)).toThrow(/needs 4 bytes at offset 0, have 0/);
  });
});

describe.each(engineNames)('userdata classes on %s', (engine) => {
  const createLua = (options: LuaOptions = {}) => makeLua({ engine, ...options });
  class Box {
    value = 1;
  }
  const setUp = (): ReturnType<typeof createLua> => {
    const lua = createLua();
    const boxes = lua.defineClass<Box>(
      'box',
      {
        value: (box, next?: number) => {
          if (next === undefined) return box.value;
          box.value = next;
        },
        text: (box) => new LuaBytes(Uint8Array.of(box.value, 255)),
        fail: () => {
          throw new RangeError('no luck');
        },
      },
      (object) => (object instanceof Uint8Array ? Object.assign(new Box(), { value: object.length }) : null),
    );
    lua.set('b', boxes.wrap(new Box()));
    lua.set('bytes', new Uint8Array(7));
    lua.set('date', new Date());
    return lua;
  };

  it('have methods, and the same as functions', () => {
    const lua = setUp();
    expect(lua.run('b:value(5) return b:value() + box.value(b)')).toBe(10);
    expect(lua.run('return b:text():byte(1, 2)')).toBe(5);
    expect(lua.run('return select("#", b:value(1))')).toBe(0);
    expect(lua.run('b:value(2, 3, 4) return b:value(nil, 1)')).toBe(2);
    expect(lua.run('return box.value(bytes)')).toBe(7);
    expect(lua.get('b')).toBeInstanceOf(Box);
    expect(lua.run('return b == b and getmetatable(b)')).toBe('box');
  });

  it.each([
    ['box.value()', "bad argument #1 to 'value' (box expected, got no value)"],
    ['box.value(5)', "bad argument #1 to 'value' (box expected, got number)"],
    ['box.value({})', "bad argument #1 to 'value' (box expected, got table)"],
    ['box.value(date)', "bad argument #1 to 'value' (box expected, got userdata)"],
    [`box.value(require 'ffi'.new 'int')`, "bad argument #1 to 'value' (box expected, got cdata)"],
    ['box.value(io.stdout)', "bad argument #1 to 'value' (box expected, got userdata)"],
    ['b.value()', "bad argument #1 to 'value' (box expected, got no value)"],
    ['b:fail()', 'no luck'],
    ['b:nothing()', "attempt to call method 'nothing' (a nil value)"],
  ])('%s is refused with a clear error', (code, message) => {
    const lua = setUp();
    lua.run('io = io or {}');
    expect(() => lua.run(`return ${code}`, '=t')).toThrow(`t:1: ${message}`);
  });

  it('objects of another class or another state are refused', () => {
    const lua = setUp();
    const others = lua.defineClass<Box>('other', { value: () => 'other' });
    lua.set('o', others.wrap(new Box()));
    expect(lua.run('return o:value()')).toBe('other');
    expect(() => lua.run('return box.value(o)')).toThrow(/box expected, got userdata/);
    expect(() => createLua().set('o', others.wrap(new Box()))).toThrow(new TypeError('userdata of a class of another Lua state'));
  });
});

describe.each(engineNames)('modules on %s', (engine) => {
  const createLua = (options: LuaOptions = {}) => makeLua({ engine, ...options });
  it('setField sets fields of global tables, without metamethods', () => {
    const lua = createLua();
    lua.run("t = setmetatable({ 'one' }, { __newindex = error }) n = 1");
    lua.engine.setField('t', 0, 'zero');
    lua.engine.setField('t', 2, ['two']);
    lua.engine.setField('t', 'naïve', 1n);
    lua.engine.setField('t', 1, undefined);
    expect(lua.run("return rawget(t, 0) .. tostring(t[1]) .. t[2][1] .. tostring(t['naïve'])")).toBe('zeroniltwo1LL');
    for (const name of ['n', 'missing'])
      expect(() => lua.engine.setField(name, 1, 1)).toThrow(new TypeError(`global '${name}' is no table`));
  });

  it('setModule makes require answer', () => {
    const lua = createLua();
    lua.setModule('mine', { answer: 42, f: () => 'called' });
    expect(lua.run(`local m = require 'mine' return m.answer .. m.f()`)).toBe('42called');
  });

  it('the package’s own modules are found', () => {
    expect(createNodeLua().run(`return require 'dhcp'.header_size`)).toBe(44);
  });
});
