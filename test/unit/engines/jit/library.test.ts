/**
 * The library of the jit engine where it is its own: limits, hosts without files, ranges that LuaJIT would go through one by one.
 */
import { describe, expect, it } from 'vitest';
import type { Limits } from '../../../../src/engines/engine.ts';
import { createLua } from '../../../../src/host/lua.ts';

function run(text: string, limits?: Limits): unknown {
  const lua = createLua({ engine: 'jit', files: false, ...(limits !== undefined && { limits }) });
  try {
    return lua.run(`return (function(...) local out = {...} for i = 1, select('#', ...) do out[i] = tostring(out[i]) end
      return table.concat(out, '|') end)((function() ${text} end)())`);
  } finally {
    lua.close();
  }
}

describe('the library of the jit engine', () => {
  it.each([
    ['local t = {1, 2, 3} table.insert(t, -2^31, "x") return t[-2^31], t[0], t[1], t[2], t[4]', 'x|nil|nil|1|3'],
    [
      'local t = {1, 2, 3, [2^30] = 4} table.move(t, 1, 2^31 - 1, -5) return t[-5], t[-3], t[2^30 - 6], t[1], t[2^30], #t',
      '1|3|4|nil|nil|0',
    ],
    ['local t = table.move({}, -2^31, 2^31 - 1, -2^31) return next(t)', 'nil'],
    ['return pcall(table.concat, {}, ",", -2^31, 2^31 - 1)', "false|invalid value (nil) at index -2147483648 in table for 'concat'"],
    [
      'local t = {} for i = 1, 2000 do t[i] = i % 7 end local n = 0 pcall(table.sort, t, function() n = n + 1 return n % 3 == 0 end) return #t',
      '2000',
    ],
  ])('goes over what is there only: %s', (text, result) => expect(run(text)).toBe(result));

  it.each([
    'string.rep, "x", 1001',
    'string.rep, "x", 300, "123"',
    'string.gsub, ("x"):rep(300), "x", "1234"',
    'string.format, ("%99d"):rep(20), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20',
    'table.concat, { ("x"):rep(600), ("y"):rep(600) }',
  ])('keeps to the limit of bytes: %s', (call) => {
    expect(run(`return pcall(${call})`, { bytes: 1000 })).toMatch(/^false\|(?:\w+:\d+: )?string of more than 1000 bytes$/);
  });

  it.each([
    ["io.open 'x'", 'nil|x: Permission denied|13'],
    ["io.popen 'ls'", 'nil|ls: Permission denied|13'],
    ["pcall(io.lines, 'x')", "false|bad argument #1 to '?' (x: Permission denied)"],
    ['io.tmpfile()', 'nil|Permission denied|13'],
    ["os.remove 'x'", 'nil|x: Permission denied|13'],
    ['pcall(os.tmpname)', 'false|Permission denied'],
    ['os.execute()', '0'],
    ["os.execute 'ls'", '-1'],
    ['pcall(os.exit, 1)', "false|'exit' is not for scripts here"],
    ['io.read()', 'nil'],
    ['io.stdout:close()', 'nil|cannot close standard file'],
  ])('does without files: %s', (call, result) => expect(run(`return ${call}`)).toBe(result));

  it.each([
    ['local s = "x" s:rep({})', "bad argument #1 to 'rep' (number expected, got table)"],
    ['local s, f = "x", string.rep s:rep(f({}))', "bad argument #1 to 'f' (string expected, got table)"],
    ['local t = { x = string.rep } t:x(1)', "calling 'x' on bad self (string expected, got table)"],
    ['string.rep(("y"):rep(2))', "bad argument #2 to 'rep' (number expected, got no value)"],
    ['local t = { math.floor } t[1]()', "bad argument #1 to '?' (number expected, got no value)"],
  ])('names functions as their callers do, in coroutines too: %s', (text, message) => {
    expect(run(`local ok, m = pcall(function() ${text} end) return m`)).toContain(message);
    expect(run(`local ok, m = coroutine.resume(coroutine.create(function() ${text} end)) return m`)).toContain(message);
  });
});
