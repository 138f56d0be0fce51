/**
 * Chunks by themselves, compiled and interpreted, with no more of a library than the tests need.
 */
import { collectGarbage } from '../../helpers/gc.ts';
import { describe, expect, inject, it } from 'vitest';
import { Chunk } from '../../../src/engines/jit/chunk.ts';
import { InterpretedChunk } from '../../../src/engines/jit/interpreter/chunk.ts';
import { Coroutine } from '../../../src/engines/jit/runtime/coroutine.ts';
import { resume, yieldFunction } from '../../../src/engines/jit/runtime/coroutines.ts';
import { fault, toFault } from '../../../src/engines/jit/runtime/errors.ts';
import { type LuaFunction, twinOf } from '../../../src/engines/jit/runtime/functions.ts';
import { LuaState } from '../../../src/engines/jit/runtime/state.ts';
import type { LuaTable } from '../../../src/engines/jit/runtime/table.ts';
import { createLua } from '../../../src/host/node.ts';

const FORMS = { compiled: Chunk, interpreted: InterpretedChunk } as const;
const NAMES = Object.keys(FORMS) as (keyof typeof FORMS)[];

function newState(isInterpreted: boolean): LuaState {
  const state = new LuaState(isInterpreted);
  const { calls } = state;
  const next = (table: LuaTable, key: unknown): unknown => table.next(key) ?? undefined;
  state.library(
    {
      next,
      pairs: (table: LuaTable) => [next, table, undefined],
      select: (what: unknown, ...rest: unknown[]) => (what === '#' ? rest.length : rest.slice((what as number) - 1)),
      setmetatable: (table: LuaTable, metatable: LuaTable) => {
        table.mt = metatable;
        return table;
      },
      create: (body: LuaFunction) => new Coroutine(body),
      resume: (coroutine: Coroutine, ...args: unknown[]) => resume(state, coroutine, args),
      yield: yieldFunction(),
      error: (message: string) => {
        throw fault(message);
      },
      message: (body: LuaFunction) => {
        try {
          calls.call(body);
        } catch (error) {
          return toFault(error, state).value;
        }
        return undefined;
      },
    },
    state.globals,
  );
  state.next = next;
  return state;
}

/** The results of a chunk. */
function runAs(form: keyof typeof FORMS, text: string): readonly unknown[] {
  const state = newState(form === 'interpreted');
  return state.calls.call(new FORMS[form](state, text, '@t.lua').main(state.globals));
}

describe.each(inject('isEvalAllowed') ? NAMES : (['interpreted'] as const))('a chunk, %s', (form) => {
  const run = (text: string): readonly unknown[] => runAs(form, text);

  it.each<[text: string, results: unknown[]]>([
    ['return 1 + 2 * 3, 7 % 4, -7 % 4, 2 ^ 10, 10 / 4', [7, 3, 1, 1024, 2.5]],
    ["return 'a' .. 1 .. 'b', '10' + 5, #'abc'", ['a1b', 15, 3]],
    ['return 1 < 2, 2 <= 1, "a" < "b", 1 == 1.0, nil == false', [true, false, true, true, false]],
    ['return nil and 1, false or 2, 3 and 4, not nil', [undefined, 2, 4, true]],
    ['local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end return fib(15)', [610]],
    ['local s = 0 for i = 1, 10 do s = s + i end for i = 3, 1, -1 do s = s * i end return s', [330]],
    ['local t = {1, 2, x = 3, [10] = 4} t.y = 5 t[3] = 6 return #t, t.x, t.y, t[10], t[3]', [3, 3, 5, 4, 6]],
    ['local n, s = 0, 0 for k, v in pairs({a = 1, b = 2, 3}) do n = n + 1 s = s + v end return n, s', [3, 6]],
    ['local function f(...) return select("#", ...), ... end return f(nil, 2, nil)', [3, undefined, 2, undefined]],
    ['local t = {"a"} for i = 1, 2 do t[i + 1] = "b" t[1] = i end return t[1], t[2], #t', [2, 'b', 3]],
    ['local t, u = {} u = t for i = 1, 3 do u[i] = i t[i] = t[i] * 2 end return t[1], t[2], t[3]', [2, 4, 6]],
    [
      'local t = {1, 2, 3} local function f() t[3] = nil t[2] = nil end for i = 1, 3 do if i == 2 then f() end t[i] = i end return #t, t[3]',
      [3, 3],
    ],
    ['local a, b = 1, 2 a, b = b, a local t = {1} local i = 1 i, t[i] = 2, 9 return a, b, i, t[1]', [2, 1, 2, 9]],
    ['local fs = {} for i = 1, 3 do fs[i] = function() i = i + 1 return i end end return fs[1](), fs[1](), fs[2]()', [2, 3, 3]],
    ['local x = 0 local function inc() x = x + 1 return x end inc() inc() return x', [2]],
    ['local i = 0 repeat local done = i >= 4 i = i + 1 until done return i', [5]],
    ['local n = 0 for i = 1, 5 do if i % 2 == 0 then goto continue end n = n + i ::continue:: end return n', [9]],
    ['local i = 1 ::top:: if i < 10 then i = i + 1 goto top end return i', [10]],
    ['local C = {} C.__index = C function C:get(d) return self.x + d end return setmetatable({x = 3}, C):get(4)', [7]],
    ['local t = setmetatable({}, {__add = function(a, b) return b end, __call = function(_, v) return v end}) return t + 5, t(6)', [5, 6]],
    ['local function loop(n) if n == 0 then return "done" end return loop(n - 1) end return loop(1000000)', ['done']],
    ['while true do break end for _ = 1, 2 do do break end end return 1', [1]],
  ])('%s', (text, results) => {
    expect(run(text)).toEqual(results);
  });

  it('yields from loops, metamethods and nested calls', () => {
    const text = `
      local t = setmetatable({}, { __index = function(_, k) return yield(k) end })
      local co = create(function(a)
        local function inner(x) return yield(x * 2) + 1 end
        for i = 1, 2 do a = a + inner(i) end
        return a, t.field
      end)
      local a, b, c = resume(co, 100), resume(co, 10), resume(co, 20)
      return a, b, c, resume(co, 'v')`;
    expect(run(text)).toEqual([2, 4, 'field', 132, 'v']);
  });

  it.each([
    ['local x\nreturn x.y', "t.lua:2: attempt to index local 'x' (a nil value)"],
    ['\n\nfoo()', "t.lua:3: attempt to call global 'foo' (a nil value)"],
    ['local t = {}\nt.a.b = 1', "t.lua:2: attempt to index field 'a' (a nil value)"],
    ['return 1 + {}', 't.lua:1: attempt to perform arithmetic on a table value'],
    ['return {} < 1', 't.lua:1: attempt to compare table with number'],
    ['local t = {}\nt[nil] = 1', 't.lua:2: table index is nil'],
    ['local function f() return f() + 1 end\nf()', 't.lua:1: stack overflow'],
    ["error('m')", 't.lua:1: m'],
  ])('says where %j fails', (text, message) => {
    expect(run(`return message(function() ${text} end)`)).toEqual([message]);
  });

  it('keeps names of Lua away from those of JavaScript', () => {
    const text = 'local t = {constructor = 1} t.__proto__ = 2 t["a-b"] = 3 return t.constructor, t.__proto__, t["a-b"], t.toString, t.arr';
    expect(run(text)).toEqual([1, 2, 3, undefined, undefined]);
    const names = 'local this, new, class, eval, arguments = 1, 2, 3, 4, 5 return this + new + class + eval + arguments';
    expect(run(names)).toEqual([15]);
  });

  it('is forgotten with its functions', async () => {
    const state = newState(form === 'interpreted');
    const load = (name: string): unknown => new FORMS[form](state, 'return 1', name).main(state.globals);
    const kept = load('=kept');
    for (let i = 0; i < 5; i++) load(`=c${i}`);
    await collectGarbage();
    expect(state.chunks.all().map(({ display }) => display)).toEqual(['kept']);
    expect(typeof kept).toBe('function');
  });
});

// V8 makes a hidden class and a prototype for each generator function.
it('coroutines over closures of one function have one prototype', () => {
  const [first, second] = runAs(
    inject('isEvalAllowed') ? 'compiled' : 'interpreted',
    'local function make(x) return function() return x end end return make(1), make(2)',
  );
  const [a, b] = [first, second].map((one) => twinOf(one as LuaFunction)?.());
  expect(Object.getPrototypeOf(a)).toBe(Object.getPrototypeOf(b));
  expect([a?.next().value, b?.next().value]).toEqual([1, 2]);
});

describe('what `and` and `or` answer', () => {
  it.each([
    ['return (t.x and t.y) + 0', "attempt to perform arithmetic on field 'y' (a nil value)"],
    ["return (a or b) .. 'x'", "attempt to concatenate local 'b' (a nil value)"],
    ['return (t.x and (t.y or t.w))()', "attempt to call field 'w' (a nil value)"],
    ['return (t.x and none).z', "attempt to index global 'none' (a nil value)"],
    ['return #(t.x or 5 and t[1])', 'attempt to get length of a nil value'],
  ])('is named by what stands last, as by LuaJIT: %s', (text, message) => {
    for (const isCompiled of [true, false]) {
      const lua = createLua({ engine: 'jit', eval: isCompiled });
      const raised = lua.run(`local function f(a, b) local t = {} ${text} end return select(2, pcall(f))`, '=t');
      expect(String(raised).replace(/^t:1: /, '')).toBe(message);
    }
  });
});
