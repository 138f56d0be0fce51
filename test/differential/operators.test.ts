/**
 * Operators against luajit: random operands of all kinds, every operator, `bit`, `tostring` and `tonumber`. One process of luajit
 * evaluates them all.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { engineNames } from '../../src/host/lua.ts';
import { printedBy } from '../helpers/lua-run.ts';
import { Random } from '../helpers/random.ts';

const hasLuajit = spawnSync('luajit', ['-v']).status === 0;
const COUNT = 20_000;

// Pointers print as how far they are from `base`, other addresses not at all.
const SETUP = `
local ffi = require 'ffi'
ffi.cdef [[
  enum oe { OA, OB = 5, OC = -3 }; enum ou { UA = 1, UB = 0xffffffff };
  struct os { int a; double d; }; struct ot { int a; }; struct om { int n; };
]]
local base = ffi.new('int[8]', 1, 2, 3, 4, 5, 6, 7, 8)
local function name(v) return type(v) == 'cdata' and tostring(ffi.typeof(v)) or type(v) == 'function' and 'function' or tostring(v) end
local metatable = { __index = { K = 1 }, __tostring = function() return 'om' end, __len = function() return 7 end }
for _, operator in ipairs { 'add', 'sub', 'mul', 'div', 'mod', 'pow', 'unm', 'concat' } do
  metatable['__' .. operator] = function(a, b) return operator .. ' ' .. name(a) .. ' ' .. name(b) end
end
metatable.__lt = function(a, b) return name(a) < name(b) end
metatable.__le = function(a, b) return name(a) <= name(b) end
metatable.__eq = function(a, b) return name(a) == name(b) end
ffi.metatype('struct om', metatable)
V = {
  e = ffi.new('enum oe', 'OB'), en = ffi.new('enum oe', 'OC'), u = ffi.new('enum ou', 'UB'), t = ffi.new('bool', true), f = ffi.new('bool', false),
  d = ffi.new('double', 2.5), dn = ffi.new('double', -7.9), fl = ffi.new('float', 0.75), i8 = ffi.new('int8_t', -3), u8 = ffi.new('uint8_t', 253), i = ffi.new('int', 9),
  u32 = ffi.new('uint32_t', 0xfffffff0), long = ffi.new('long', -12), ll = ffi.new('long long', 34), ref = ffi.cast('int &', base), cd = ffi.new('const double', 3),
  a = base, p = base + 3, pu = ffi.cast('unsigned *', base + 5), pc = ffi.cast('char *', base) + 2, pv = ffi.cast('void *', base), pk = ffi.cast('const int *', base + 1),
  null = ffi.new 'int *', nullv = ffi.new 'void *', fn = ffi.cast('int (*)(void)', 0), rows = ffi.new 'int[2][3]', ps = ffi.cast('struct os *', base), pp = ffi.new 'int *[2]',
  s = ffi.new 'struct os', o = ffi.new 'struct ot', m = ffi.new('struct om', 1), pm = ffi.new 'struct om *', c = ffi.new('complex', 1.5, -2), cf = ffi.new('complex float', 1, 0),
  ld = ffi.new 'long double', S = ffi.new('struct { int64_t q; uint64_t w; enum oe e; bool b; int *p; struct om m; }', -5, 6, 'OB', true, base), tbl = {}, co = coroutine.create(print),
}
V.rs = ffi.cast('struct os &', V.s)
local function text(v)
  if type(v) == 'number' then return v ~= v and 'nan' or ('%.14g'):format(v) end
  if type(v) == 'cdata' and tostring(ffi.typeof(v)):find('*', 1, true) and not tostring(v):find 'NULL' and type(v) ~= 'string' then
    local ok, distance = pcall(function() return tonumber(ffi.cast('intptr_t', v) - ffi.cast('intptr_t', base)) end)
    if ok and distance > -1e5 and distance < 1e5 then return tostring(ffi.typeof(v)) .. ' + ' .. distance end
  end
  if type(v) == 'table' or type(v) == 'function' or type(v) == 'thread' then return type(v) end
  return (tostring(v):gsub('0x%x+', 'ADDR'):gsub('(struct) %d+', '%1 N'))
end
local function outcome(ok, ...)
  if not ok then return print('error: ' .. (tostring((...)):gsub('^[^:]*:%d+: ', ''):gsub('(struct) %d+', '%1 N'))) end
  print(select('#', ...), text((...)))
end
function check(f) outcome(pcall(f)) end
local V, check, bit = V, check, require 'bit'
local function id(...) return ... end
`;

const random = new Random(64);

// What may be unsigned: negative and infinite doubles are left out beside it, as LuaJIT changed their conversion after 2022.
const UNSIGNED = /ull|V\.S\.w/i;
const CHANGED = /(?<![\w.'])-(?:\d[\d.e+]*)(?![\w.])|1e300|0 ?\/ ?0|1 ?\/ ?0|V\.dn/;

const wide = (): string => {
  const shape = random.below(4);
  const value = shape === 0 ? BigInt(random.below(10)) : BigInt(Math.floor(random.next() * 2 ** 53)) * 2n ** BigInt(random.below(12));
  const edge = random.one(['0', '1', '0x7fffffffffffffff', '0x8000000000000000', '0xffffffffffffffff', '0x100000000', '64']);
  return `${random.often(0.4) ? '-' : ''}${random.often(0.3) ? edge : value}${random.one(['LL', 'LL', 'ULL'])}`;
};

const PLAIN = ['0', '1', '-1', '2', '3', '7', '2.5', '-2.5', '0.5', '64', '2^31', '2^53', '1e10', '-1e10', '0/0', '1/0', '1e300', '-0.5'];
const CDATA =
  'e en u t f d dn fl i8 u8 i u32 long ll ref cd a p pu pc pv pk null nullv fn rows ps pp s o m pm c cf ld rs S.q S.w S.e S.p S.m'.split(
    ' ',
  );
const OTHERS = ['nil', 'true', 'false', "'OB'", "'OC'", "'x'", "'5'", 'V.tbl', 'print', 'V.co'];

const number = (): string => `(${random.one(PLAIN)})`;
const cdata = (): string => (random.often(0.35) ? `(${wide()})` : `V.${random.one(CDATA)}`);
const anything = (): string => (random.often(0.5) ? cdata() : random.often(0.6) ? number() : `(${random.one(OTHERS)})`);

const BINARY = ['+', '-', '*', '/', '%', '^', '==', '~=', '<', '<=', '>', '>=', '..'];

function anyExpression(): string {
  switch (random.below(10)) {
    case 0:
      return `${random.one(['-', '#', 'not '])}${cdata()}`;
    case 1:
      return `${random.one(['tostring', 'tonumber', 'type'])}(${cdata()})`;
    case 2:
      return `bit.${random.one(['band', 'bor', 'bxor'])}(${cdata()}, ${anything()}, ${number()})`;
    case 3:
      return `bit.${random.one(['lshift', 'rshift', 'arshift', 'rol', 'ror'])}(${anything()}, ${random.often(0.7) ? random.below(140) - 70 : cdata()})`;
    case 4:
      return `bit.${random.one(['bnot', 'bswap', 'tobit', 'tohex'])}(${cdata()})`;
    case 5:
      // LuaJIT cuts differences of pointers to 32 bits.
      return `(${cdata()} ${random.one(['+', '-', '*'])} ${random.below(20) / 4}) ${random.one(BINARY)} ${cdata()}`;
    default: {
      const operands = random.often(0.5) ? [cdata(), anything()] : [anything(), cdata()];
      return operands.join(` ${random.one(BINARY)} `);
    }
  }
}

function expression(): string {
  const made = anyExpression();
  return UNSIGNED.test(made) && CHANGED.test(made.replaceAll(/-\d+u?ll/gi, '')) ? expression() : made;
}

describe.skipIf(!hasLuajit && process.env['CI'] === undefined)(
  'operators agree with LuaJIT (skipped where luajit is not installed)',
  () => {
    it(`${COUNT} random operations`, () => {
      const expressions = Array.from({ length: COUNT }, expression);
      // In functions of their own, which hold few constants each; messages name what is called, but for tail calls.
      const text = SETUP + expressions.map((one) => `do local function f() return id(${one}) end check(f) end`).join('\n');
      const { status, stdout, stderr } = spawnSync('luajit', ['-joff', '-'], { input: text, maxBuffer: 2 ** 28 });
      expect(status, stderr?.toString()).toBe(0);
      const expected = stdout.toString('latin1').split('\n').slice(0, -1);
      expect(expected).toHaveLength(COUNT);
      for (const engine of engineNames) {
        const got = printedBy(text, undefined, engine);
        const wrong = expressions.map((one, i) => `${one}: ${got[i]}, not ${expected[i]}`).filter((_, i) => got[i] !== expected[i]);
        expect(wrong.slice(0, 200), engine).toEqual([]);
      }
    });
  },
);
