/**
 * Random programs of loops over arrays whose bodies do what compiled loops may have been made without: arrays grow from nothing, shrink,
 * get metatables, are other variables' too, are changed by functions and by what runs while a coroutine waits; indices are negative,
 * fractions, huge, or no numbers at all.
 *
 * As in `lua-programs.ts`, a program is written from a list of decisions, every loop is bounded, and nothing depends on the length of a
 * table with gaps: `d` alone is asked for it, which never has any. `c` and `e` are cdata, indexed within their bounds.
 * @module
 */

const MAX_DEPTH = 3;
const TABLES = ['a', 'b', 'a', 'b', 'q', 'T.a'];
const CONTENTS = [
  '{}',
  '{ 1 }',
  '{ 1, 2, 3 }',
  '{ 0.5, 1.5, -2, 4 }',
  "{ 'x', 2, true, 4.25 }",
  '{ {}, { 1 } }',
  '{ 1, nil, 3, nil, 5 }',
  '{ [0] = 7, 1, 2, [-1] = 9, [2.5] = 4 }',
  'setmetatable({ 1, 2 }, { __index = function(t, k) m = m + 1 return k == 4 and 44 or nil end })',
  'setmetatable({}, { __newindex = function(t, k, v) rawset(t, k, v) m = m + 1 end })',
  'setmetatable({ 5 }, { __index = { 6, 7, 8, 9 }, __newindex = function() end })',
];
const RANGES = [
  '1, 4',
  '1, #d',
  '0, 3',
  '4, 1, -1',
  '-1, 2',
  '1, 3, 0.5',
  '1.5, 4',
  '2, 8, 3',
  '1, 0',
  'n, 5',
  '1, 0/0',
  '2^53, 2^53 + 3, 2',
  '1, 6',
];
const VALUES = ['i', 'i * 0.5', 'nil', "'s'", '{}', 'true', '-0', '0/0', '1e10', 'n', 'false'];
const NUMBERS = ['i', 'n', 'i * 0.5', '-i', 'i + 1', '3', 'band(i, 7)', '2^31', '0/0', '1e10', '-1.5', 'i * 1e9'];

class Writer {
  readonly #decisions: readonly number[];
  #at = 0;
  #labels = 0;

  constructor(decisions: readonly number[]) {
    this.#decisions = decisions;
  }

  #pick<T>(list: readonly T[]): T {
    return list[(this.#decisions[this.#at++] ?? 0) % list.length] as T;
  }

  #key(): string {
    return this.#pick([
      'i',
      'i',
      'i',
      'i + 1',
      'i - 1',
      'i * 2',
      'n',
      '-i',
      'i + 0.5',
      'band(i, 3)',
      '1',
      '2',
      "'k'",
      'i % 3',
      '#d',
      'i * 1e9',
      'a[i] or 1',
    ]);
  }

  #table(): string {
    return this.#pick(TABLES);
  }

  #value(): string {
    switch (this.#pick([0, 0, 1, 1, 2, 3, 4, 5])) {
      case 0:
        return this.#pick(VALUES);
      case 1:
        return `${this.#table()}[${this.#key()}]`;
      case 2:
        return `(num(${this.#table()}[${this.#key()}]) ${this.#pick(['+', '-', '*', '%'])} num(${this.#table()}[${this.#key()}]))`;
      case 3:
        return `${this.#pick(['c', 'e'])}[${this.#pick(['band(i, 7)', 'i % 8 - i % 1', 'band(n, 7)', '3'])}]`;
      case 4:
        return `${this.#pick(['band', 'bor', 'bxor', 'lshift', 'rshift', 'arshift', 'rol', 'ror'])}(${this.#bits()}, ${this.#bits()})`;
      default:
        return `${this.#pick(['tobit', 'bnot', 'math.floor', 'math.abs'])}(${this.#bits()})`;
    }
  }

  // Nothing that LuaJIT's functions of bits round in ways of their own: nan, and what is beyond 2^51.
  #bits(): string {
    return this.#pick([
      'i',
      'n',
      '3',
      '-1',
      '0xedb88320',
      'i * 2^31',
      '-i * 2^33',
      's:byte(i) or 0',
      'c[band(i, 7)]',
      'e[band(n, 7)]',
      '2^50 + i',
      "'7'",
      'num(a[i]) % 2^40',
    ]);
  }

  #block(depth: number): string {
    return Array.from({ length: 1 + this.#pick([0, 1, 2, 3]) }, () => this.#statement(depth)).join('\n');
  }

  #statement(depth: number): string {
    const [table, other] = [this.#table(), this.#table()];
    switch (this.#pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21])) {
      case 0:
      case 1:
        return `out(${this.#value()})`;
      case 2:
      case 3:
        return `${table}[${this.#key()}] = ${this.#value()}`;
      case 4:
        return `n = n + num(${table}[${this.#key()}])`;
      case 5:
        return `${table}[i], ${other}[${this.#key()}] = ${other}[i], ${table}[${this.#key()}]`;
      case 6:
        return 'd[#d + 1] = i';
      case 7:
        return `d[#d] = nil out(#d, d[i], d[#d])`;
      case 8:
        return this.#pick(['grow(a, i)', 'drop(a)', 'grow(b, i)', 'drop(b)', 'grow(d)', 'drop(d)', 'swap(a, b)']);
      case 9:
        return `c[band(${this.#pick(['i', 'n'])}, 7)] = ${this.#pick(['i % 1000', '-1', '300', 'i * 0.5 % 100'])}`;
      case 10:
        return `e[band(${this.#pick(['i', 'n'])}, 7)] = ${this.#pick(NUMBERS)}`;
      case 11:
        return `setmetatable(${this.#pick(['a', 'b'])}, ${this.#pick(['M', 'nil', 'N'])})`;
      case 12:
        return this.#pick(['q = a', 'q = b', 'q = {}', 'T.a = b', 'T.a = {}']);
      case 13:
        return `if ${this.#pick(['i > 2', 'n > 6', `${table}[i] == nil`, 'a == q'])} then ${this.#pick(['break', 'i = i + 1', `${table}[i] = 1`, 'out(i)'])} end`;
      case 14:
        return `fs[#fs + 1] = function() return i, ${table}[i], a[1] end`;
      case 15:
        return 'wait(i)';
      case 16:
        return `out(pcall(function() ${table}[${this.#key()}] = ${this.#value()} return ${other}[i] end))`;
      case 17:
        return `out(s:byte(${this.#key()}), s:byte(i), #s)`;
      case 18: {
        const label = `l${this.#labels++}`;
        return depth >= MAX_DEPTH ? 'n = n + 1' : `do if n > 4 then goto ${label} end ${this.#block(depth + 1)} ::${label}:: end`;
      }
      default:
        return depth >= MAX_DEPTH ? `out(${this.#value()}, n)` : this.#loop(depth);
    }
  }

  #loop(depth: number): string {
    const body = this.#block(depth + 1);
    switch (this.#pick([0, 0, 0, 1, 2, 3, 4])) {
      case 0:
        return `for i = ${this.#pick(RANGES)} do step() ${body} end`;
      case 1:
        return `do local i = 0 while i < ${this.#pick(['3', '4', '#d'])} do i = i + 1 step() ${body} end end`;
      case 2:
        return `do local i = 4 repeat i = i - 1 step() ${body} until i <= 1 or ${this.#table()}[i] == true end`;
      case 3:
        return `for i, v in ipairs(${this.#pick(['a', 'b', 'd'])}) do step() ${body} if i > 4 then break end end`;
      default:
        return `do local i = 0 ::top:: i = i + 1 step() do ${this.#pick(['', `for k = 1, 3 do out(a[k], i) end`])} end if i < 3 then goto top end end`;
    }
  }

  program(): string {
    const loops = Array.from({ length: 2 }, () => this.#loop(0)).join('\n');
    return `local a, b, d, q = ${this.#pick(CONTENTS)}, ${this.#pick(CONTENTS)}, { 1, 2, 3 }, nil
q = b T.a = a
local i, s = 1, ${this.#pick(["'hello'", "''", "'a\\0\\255'"])}
local c, e = ffi.new('${this.#pick(['uint8_t', 'int32_t', 'int16_t', 'uint32_t'])}[8]', 1, 2, 3), ffi.new('${this.#pick(['double', 'float'])}[8]', 1)
warm(c) warm(e)
local fs = {}
${loops}
for k = 1, #fs do out(k, pcall(fs[k])) end
for k = -1, 9 do out(rawget(a, k), rawget(b, k)) end
for k = 0, 7 do out(c[k], e[k]) end
out(n, m, #d)`;
  }
}

/** The program of these decisions; it calls the globals of `LOOPS_PRELUDE`. */
export function luaLoops(decisions: readonly number[]): string {
  return new Writer(decisions).program();
}

/** What such programs call, after `PROGRAM_PRELUDE`: `runLoops(text)` runs one in a coroutine, after it has run it plainly. */
export const LOOPS_PRELUDE = `
local ffi, bit = require 'ffi', require 'bit'
local function prelude(isCoroutine)
  return [[
local ffi, bit = require 'ffi', require 'bit'
local band, bor, bxor, lshift, rshift, arshift, rol, ror, tobit, bnot = bit.band, bit.bor, bit.bxor, bit.lshift, bit.rshift, bit.arshift, bit.rol, bit.ror, bit.tobit, bit.bnot
local n, m, steps, T = 0, 0, 0, {}
local M = { __index = function(t, k) if k == 2 then return 22 end end }
local N = { __newindex = function(t, k, v) m = m + 1 if k ~= 3 then rawset(t, k, v) end end, __index = T }
local function num(v) return type(v) == 'number' and v == v and v or 1 end
local function step() steps = steps + 1 if steps > 300 then error 'too many' end end
local function warm(c) for k = 1, 200 do local x = c[1] c[1] = x end end
local function grow(t, k) k = k or #t + 1 rawset(t, k, k) rawset(t, k + 1, 'more') end
local function drop(t) for k = math.max(9, #t), 1, -1 do rawset(t, k, nil) end end
local function swap(t, u) t[1], u[1], t[2], u[2] = u[1], t[1], u[2], t[2] end
local function wait(i) ]] .. (isCoroutine and 'n = n + num(coroutine.yield(i)) T[i] = nil' or 'n = n + 1 T[i] = nil') .. [[ end
]]
end
function runLoops(source)
  run(prelude(false) .. source)
  run('local f = function() ' .. prelude(true) .. source .. ' end local co = coroutine.create(f) for i = 1, 200 do local ok, m = coroutine.resume(co, i) if not ok then out(m) end if coroutine.status(co) == "dead" then break end end')
end
`;
