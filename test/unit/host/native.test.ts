import { describe, expect, it, vi } from 'vitest';
import { createNative } from '../../../src/host/native.ts';
import { createLua } from '../../../src/host/node.ts';
import { Cdef, cdef } from '../../../src/index.ts';
import { failure } from '../../helpers/errors.ts';
import { capturePrint } from '../../helpers/lua-run.ts';

// What is called here is the C library that Node itself runs on.
const native = createNative();

function run(text: string, options: Parameters<typeof createLua>[0] = {}): string[] {
  const lua = createLua({ native, ...options });
  const lines = capturePrint(lua);
  lua.run(`local ffi = require 'ffi' local C = ffi.C ${text}`, '=snippet');
  lua.close();
  return lines;
}

describe('native libraries', () => {
  it('are off, and say how to turn them on', () => {
    const lua = createLua();
    expect(failure(() => lua.run("require('ffi').load('z')", '=snippet'))).toBe(
      "LuaError: snippet:1: cannot load 'z': native libraries are off; 'cdef run --native' and, for programs, createLua({ native: createNative() }) turn them on",
    );
  });

  it('leave the sandbox alone: without them ffi.C has nothing of the process', () => {
    const lua = createLua();
    expect(failure(() => lua.run("local ffi = require 'ffi' ffi.cdef 'int getppid(void);' return ffi.C.getppid()", '=snippet'))).toBe(
      'LuaError: snippet:1: undefined symbol: getppid',
    );
  });

  it('call the C library of the process', () => {
    expect(run("ffi.cdef 'int getpid(void);' print(C.getpid())")).toEqual([String(process.pid)]);
  });

  it('say what is missing', () => {
    const lua = createLua({ native });
    lua.run("ffi = require 'ffi' ffi.cdef 'int no_such_function(void); extern int no_such_variable;'");
    expect(failure(() => lua.run('return ffi.C.no_such_function', '=snippet'))).toMatch(/undefined symbol: no_such_function$/);
    expect(failure(() => lua.run('return ffi.C.no_such_variable', '=snippet'))).toMatch(/undefined symbol: no_such_variable$/);
    expect(failure(() => lua.run("ffi.load 'no_such_library'", '=snippet'))).toMatch(
      /libno_such_library\.so: cannot open shared object file: No such file or directory$/,
    );
  });

  it("come behind the embedder's functions, which C can call, too", () => {
    const lines = run(
      `ffi.cdef[[
        int getpid(void); int compare(const int *, const int *); typedef int (*comparison)(const int *, const int *);
        void qsort(void *, size_t, size_t, comparison);
      ]]
      local list = ffi.new('int[4]', 3, 1, 4, 2)
      C.qsort(list, 4, 4, C.compare)
      print(C.getpid(), list[0], list[1], list[2], list[3])`,
      { functions: { getpid: () => -5, compare: (a, b) => b.at() - a.at() } },
    );
    expect(lines).toEqual(['-5\t4\t3\t2\t1']);
  });

  it("raise in Lua what an embedder's function throws in the midst of C", () => {
    const lines = run(
      `ffi.cdef[[
        int compare(const int *, const int *);
        void qsort(void *, size_t, size_t, int (*)(const int *, const int *));
      ]]
      print(pcall(function() C.qsort(ffi.new('int[4]', 3, 1, 4, 2), 4, 4, C.compare) end))`,
      {
        functions: {
          compare: () => {
            throw new Error('cannot compare');
          },
        },
      },
    );
    expect(lines).toEqual(['false\tsnippet:5: cannot compare']);
  });

  it('keep the bounds of memory that is ours, and refuse NULL', () => {
    const lines = run(`
      ffi.cdef 'void *memset(void *, int, size_t); char *strchr(const char *, int); struct pair { int a, b; };'
      local own = ffi.new('uint8_t[4]', 1, 2, 3, 4)
      print((pcall(function() return own[4] end)))
      local same = ffi.cast('uint8_t *', C.memset(own, 7, 2))
      print(same == own, same[1], same[2], (pcall(function() return same[4] end)))
      local text = ffi.new('char[?]', 8, 'a:b')
      local at = C.strchr(text, 58)
      print(ffi.string(at), at - text, (pcall(function() return at[8] end)))
      print((pcall(function() return ffi.cast('struct pair *', nil).b end)), (pcall(function() return ffi.cast('char *', 4096)[0] end)))
      print((pcall(function() return ffi.cast('char *', 0x800000000000ULL)[0] end)))
      print((pcall(ffi.cast('int (*)(void)', nil))), (pcall(ffi.cast('int (*)(void)', own))))
    `);
    expect(lines).toEqual(['false', 'true\t7\t3\tfalse', ':b\t1\tfalse', 'false\tfalse', 'false', 'false\tfalse']);
  });

  it('align what is allocated', () => {
    const lines = run(`
      ffi.cdef 'struct line { char bytes[64]; } __attribute__((aligned(64))); struct none {};'
      for i = 1, 20 do
        assert(ffi.cast('uintptr_t', ffi.cast('void *', ffi.new('struct line'))) % 64 == 0)
        assert(ffi.cast('uintptr_t', ffi.new('double[?]', i)) % 16 == 0)
        assert(ffi.cast('uintptr_t', ffi.new('char[?]', 0)) ~= 0)
      end
      print(ffi.cast('void *', ffi.new('char[0]')) ~= ffi.cast('void *', ffi.new('char[0]')))
    `);
    expect(lines).toEqual(['true']);
  });

  it("show their memory to the host, live, and take the host's", () => {
    const lua = createLua({ native });
    lua.run(`
      local ffi = require 'ffi'
      ffi.cdef 'struct point { int16_t x, y; }; void *calloc(size_t, size_t); void free(void *); size_t strlen(const char *);'
      function make() return ffi.cast('struct point *', ffi.C.calloc(1, 4)) end
      function release(p) ffi.C.free(p) end
      function length(buffer) return tonumber(ffi.C.strlen(ffi.cast('char *', buffer))) end
    `);
    const pointer = lua.callback('make')() as { at(): { x: number; y: number }; address: number };
    pointer.at().y = -3;
    expect([pointer.at().x, pointer.at().y, pointer.address > 65536]).toEqual([0, -3, true]);
    lua.callback('release')(pointer);
    expect(lua.callback('length')(Buffer.from('from the pool\0'))).toBe(13);
  });

  it('have callbacks up to a limit, which free takes back', () => {
    const lines = run(`
      local list = {}
      local ok, message = pcall(function() while true do list[#list + 1] = ffi.cast('int (*)(int)', function(x) return x end) end end)
      print(#list, message)
      for _, callback in ipairs(list) do callback:free() end
      print(ffi.cast('int (*)(int)', function(x) return x + 1 end)(1))
    `);
    expect(lines).toEqual(['896\tsnippet:3: too many callbacks', '2']);
  });

  it('have callbacks that are called by C and raise through C, one within the other', () => {
    const lines = run(`
      ffi.cdef 'void qsort(void *, size_t, size_t, int (*)(const int *, const int *));'
      local calls = 0
      local inner = function(a, b) calls = calls + 1 if calls == 3 then error({ 'inner' }) end return a[0] - b[0] end
      local outer = function(a, b)
        local ok, raised = pcall(C.qsort, ffi.new('int[4]', 4, 3, 2, 1), 4, 4, inner)
        if not ok then error('outer after ' .. raised[1], 0) end
        return a[0] - b[0]
      end
      print(pcall(C.qsort, ffi.new('int[2]', 2, 1), 2, 4, outer))
      print(calls, (pcall(C.qsort, ffi.new('int[2]', 2, 1), 2, 4, outer)))
    `);
    expect(lines).toEqual(['false\touter after inner', '3\ttrue']);
  });

  it('refuse what cannot be passed, as LuaJIT does', () => {
    const lua = createLua({ native });
    lua.run("ffi = require 'ffi' ffi.cdef 'long double sqrtl(long double); __int128 abs(__int128);'");
    for (const name of ['sqrtl', 'abs']) {
      expect(failure(() => lua.run(`ffi.C.${name}(1)`, '=snippet'))).toMatch(/NYI: cannot call this C function \(yet\)$/);
    }
  });

  it('need declarations of the ABI of the process, and memory whose addresses nobody knows', () => {
    expect(failure(() => createLua({ native, cdef: new Cdef({ abi: 'i386-linux-gnu' }) }))).toBe(
      `TypeError: native libraries have the ABI ${native.abi} here, the declarations i386-linux-gnu`,
    );
    const used = cdef('struct node { struct node *next; };');
    const nodes = [used.new('struct node'), used.new('struct node')];
    (nodes[0] as { next: unknown }).next = nodes[1];
    expect(failure(() => createLua({ native, cdef: used }))).toBe('TypeError: addresses of this memory are in use already');
  });

  it('work with declarations that several states share', () => {
    const shared = cdef('size_t strlen(const char *);');
    const states = [createLua({ native, cdef: shared }), createLua({ native, cdef: shared })];
    expect(states.map((lua) => lua.run("return tonumber(require('ffi').C.strlen('four'))"))).toEqual([4, 4]);
  });

  it('say how to install koffi where it is missing', async () => {
    const missing = Object.assign(new Error("Cannot find module 'koffi'"), { code: 'MODULE_NOT_FOUND' });
    vi.doMock('node:module', () => ({
      createRequire: () => () => {
        throw missing;
      },
    }));
    vi.resetModules();
    try {
      const { createNative: create } = await import('../../../src/host/native.ts');
      expect(failure(create)).toBe('Error: native libraries need koffi: npm install koffi');
    } finally {
      vi.doUnmock('node:module');
    }
  });
});
