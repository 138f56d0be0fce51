import { describe, expect, it } from 'vitest';
import { createLua, type NodeLua } from '../../../src/host/node.ts';
import { cdef } from '../../../src/index.ts';

const TEXT: string = `
  struct point { int x, y; };
  extern int counter; extern struct point origin; extern double weights[3]; extern const int limit; extern struct point *where;
  extern enum color { RED, GREEN } paint; extern struct unknown somewhere;
  extern const int fixed[2]; extern struct { const int x; int y; } half;
`;

// The names of C, for writing.
// biome-ignore lint/suspicious/noExplicitAny: of all types
function names(lua: NodeLua): { [name: string]: any } {
  return lua.engine.cdef.C;
}

describe('variables', () => {
  it('are shared by JavaScript and Lua, and zero at first', () => {
    const lua = createLua({ cdef: cdef(TEXT) });
    const C = names(lua);
    expect([C['counter'], C['origin'].x, C['weights'].at(2), C['limit'], C['where'], C['paint']]).toEqual([0, 0, 0, 0, null, 0]);
    lua.run(`
      local ffi = require 'ffi'
      local C = ffi.C
      C.counter = C.counter + 41.9
      C.origin = { 3, 4 }
      C.origin.y = 5
      C.weights[2] = 0.5
      C.where = C.origin
      C.paint = 'GREEN'
    `);
    expect([C['counter'], C['origin'].x, C['origin'].y, C['weights'].at(2), C['paint']]).toEqual([41, 3, 5, 0.5, 1]);
    C['counter'] = 7;
    C['origin'] = { x: 1, y: 2 };
    expect(lua.run("local C = require('ffi').C return C.counter * 100 + C.where.x * 10 + C.where.y")).toBe(712);
    expect('counter' in C).toBe(true);
    lua.close();
  });

  it('that are const or of unknown size are not written', () => {
    const lua = createLua({ cdef: cdef(TEXT) });
    const C = names(lua);
    expect(() => lua.run("require('ffi').C.limit = 1")).toThrow('attempt to write to constant location');
    expect(() => lua.run("require('ffi').C.RED = 1")).toThrow('attempt to write to constant location');
    expect(() => lua.run("return require('ffi').C.somewhere")).toThrow('size of C type is unknown or too large');
    expect(() => lua.run("require('ffi').C.counter = 'x'")).toThrow("cannot convert 'string' to 'int'");
    expect(() => Object.assign(C, { limit: 1 })).toThrow(new TypeError('C.limit is const'));
    expect(() => Object.assign(C, { fixed: [1, 2] })).toThrow(new TypeError('C.fixed is const'));
    expect(() => Object.assign(C, { half: { x: 1 } })).toThrow(new TypeError('C.half is const'));
    expect(() => lua.run("require('ffi').C.half = { 1, 2 }")).toThrow('attempt to write to constant location');
    expect(() => Object.assign(C, { RED: 1 })).toThrow(new TypeError('C.RED is no variable'));
    expect(() => Object.assign(C, { nothing: 1 })).toThrow(new TypeError("missing declaration for symbol 'nothing'"));
    expect(() => C['somewhere']).toThrow(new TypeError("the size of the variable 'somewhere' is not known"));
    lua.close();
  });
});
