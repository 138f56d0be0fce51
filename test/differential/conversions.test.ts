/**
 * Conversions against luajit: thousands of random values into random types, as fields, elements, initialisers, casts. One process
 * of luajit evaluates them all.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { engineNames } from '../../src/host/lua.ts';
import { printedBy } from '../helpers/lua-run.ts';
import { LUA_PRELUDE } from '../helpers/lua-snippets.ts';
import { Random } from '../helpers/random.ts';

const hasLuajit = spawnSync('luajit', ['-v']).status === 0;
const COUNT = 20_000;

const NUMBERS = [
  'int8_t',
  'uint8_t',
  'int16_t',
  'uint16_t',
  'int',
  'unsigned',
  'int64_t',
  'uint64_t',
  'long long',
  'char',
  'bool',
  'float',
  'double',
];
const OTHERS = [
  ...[
    'enum ce',
    'enum cn',
    'complex',
    'complex float',
    'int *',
    'const int *',
    'unsigned *',
    'char *',
    'const char *',
    'void *',
    'const void *',
  ],
  ...[
    'int **',
    'const int **',
    'struct cs *',
    'const struct cs *',
    'struct ct *',
    'enum ce *',
    'int (*)[2]',
    'int (*)(void)',
    'double *',
    'bool *',
  ],
  ...[
    'struct cs',
    'struct ct',
    'union cu',
    'int[2]',
    'unsigned[2]',
    'int[3]',
    'char[4]',
    'uint8_t[4]',
    'bool[2]',
    'double[2]',
    'struct cs[2]',
    'int[2][2]',
  ],
  ...['const char *[2]', 'int __attribute__((vector_size(16)))', 'float __attribute__((vector_size(16)))'],
];
const TYPES = [...NUMBERS, ...OTHERS];

// Everything a place holds, as text; pointers by their type, for what they point to is luck.
const PRELUDE = `${LUA_PRELUDE}
ffi.cdef [[
  enum ce { CE_A, CE_B = 7, CE_C = 200 }; enum cn { CN_M = -5, CN_Z };
  struct cs { int a; double b; char c[4]; }; struct ct { int a; struct cs s; }; union cu { int i; float f; uint8_t b[4]; };
]]
local function dump(v, depth)
  if type(v) ~= 'cdata' then return type(v) == 'number' and ('%.14g'):format(v) or tostring(v) end
  local name = tostring(ffi.typeof(v)):match '^ctype<(.*)>$'
  if name:find 'struct cs' and not name:find '[%[*]' then return '{' .. dump(v.a) .. ',' .. dump(v.b) .. ',' .. dump(v.c) .. '}' end
  if name:find 'struct ct' and not name:find '[%[*]' then return '{' .. dump(v.a) .. ',' .. dump(v.s) .. '}' end
  if name:find 'union cu' and not name:find '[%[*]' then return '{' .. dump(v.i) .. '}' end
  local length = tonumber(name:match '%[(%d+)%]')
  if length and not name:find('(*', 1, true) then
    -- Behind a string's end are bytes of chance in LuaJIT.
    local is_text = name:find 'char [%[(]'
    local out = {} for i = 0, length - 1 do out[#out + 1] = dump(v[i]) if is_text and v[i] == 0 then break end end return '[' .. table.concat(out, ',') .. ']'
  end
  if name:find 'vector_size' then return ('<%.14g %.14g %.14g %.14g>'):format(v[0], v[1], v[2], v[3]) end
  if name:find '%*' then return name .. (v == nil and ' null' or '') end
  if name == 'int64_t' or name == 'uint64_t' or name:find 'complex' or name:find 'enum' then return tostring(v) end
  return name .. ' ' .. tostring(tonumber(v))
end
local keep = {}
local function line(f) local ok, v = pcall(f) print(ok and dump(v) or 'error ' .. text((v:gsub('^[^:]*:%d+: ', '')))) end
local function field(t, v) local s = ffi.new(ffi.typeof('struct { $ x; }', ffi.typeof(t))) s.x = v return s.x end
local function element(t, v) local a = ffi.new(ffi.typeof('$[2]', ffi.typeof(t))) a[1] = v return a[1] end
local function made(t, ...) return ffi.new(t, ...) end
local function member(t, v) return ffi.new(ffi.typeof('struct { $ x; }', ffi.typeof(t)), { x = v }).x end
local function cast(t, v) return ffi.cast(t, v) end
`;

const random = new Random(31);

// Doubles that Debian's LuaJIT of 2022 converts as later ones do: those that fit 32 bits, and no negative ones for uint64_t.
const INTEGERS = [0, 1, 2, 7, 127, 128, 200, 255, 256, 32767, 32768, 65535, 65536, 2147483647];

function number(): string {
  const value = random.often(0.6) ? random.one(INTEGERS) : random.below(2 ** 31);
  return random.often(0.2) ? `${value}.${random.below(1000)}` : String(value);
}

function wide(): string {
  const value = random.often(0.5)
    ? `0x${Math.floor(random.next() * 2 ** 52).toString(16)}${random.below(4096).toString(16)}`
    : number().split('.')[0];
  return random.often(0.5) ? `${value}ULL` : `${random.often(0.4) ? '-' : ''}${value}LL`;
}

function scalar(): string {
  return random.one([
    number,
    number,
    wide,
    () => random.one(['true', 'false']),
    () => random.one(["'CE_B'", "'CN_M'", "'abc'", "''", "'longer'"]),
    () => 'nil',
  ])();
}

function table(depth: number): string {
  const item = (): string => (depth > 0 && random.often(0.3) ? table(depth - 1) : scalar());
  const items = Array.from({ length: random.below(4) }, item);
  if (random.often(0.3)) return `{ ${random.one(['a', 'b', 'c', 's', 'i', 'f'])} = ${item()}, ${random.one(['x', 'u', 'B'])} = ${item()} }`;
  return random.often(0.15) ? `{ [0] = ${item()}, ${items.join(', ')} }` : `{ ${items.join(', ')} }`;
}

function numeric(): string {
  return random.often(0.8) ? `ffi.new('${random.one(NUMBERS)}', ${number()})` : `ffi.new('enum ce', ${random.below(9)})`;
}

function cdata(): string {
  const type = random.one(TYPES);
  if (type.includes('*') && !type.includes('[2]')) return `ffi.new '${type}'`;
  if (NUMBERS.includes(type) || type.startsWith('enum')) return numeric();
  if (type.includes('complex')) return `ffi.new('${type}', ${number()}, ${number()})`;
  if (type.includes('vector')) return `ffi.new('${type}', 1, 2, 3, 4)`;
  // LuaJIT loses the length of arrays of const structs.
  return random.often(0.3) && type !== 'struct cs[2]' ? `ffi.new('const ${type}')` : `ffi.new '${type}'`;
}

function value(): string {
  return random.one([scalar, scalar, cdata, cdata, () => table(2)])();
}

function call(): string {
  const type = random.one(TYPES);
  const how = random.one(['field', 'element', 'made', 'member', 'cast']);
  if (how === 'made' && random.often(0.3)) return `made('${type}', ${Array.from({ length: 2 + random.below(2) }, value).join(', ')})`;
  // An address as a number is luck.
  const isNumber = how === 'cast' && !type.includes('*');
  return `${how}('${type}', ${isNumber ? random.one([number, wide, numeric, () => table(1)])() : value()})`;
}

describe.skipIf(!hasLuajit && process.env['CI'] === undefined)(
  'conversions agree with LuaJIT (skipped where luajit is not installed)',
  () => {
    it('luajit is there to compare with', () => expect(hasLuajit).toBe(true));

    it(`${COUNT} random conversions`, () => {
      const calls = Array.from({ length: COUNT }, call);
      const text = `${PRELUDE}${calls.map((one) => `line(function() local v = ${one} return v end)`).join('\n')}\n`;
      const { status, stdout, stderr } = spawnSync('luajit', ['-'], { input: text, maxBuffer: 2 ** 28 });
      expect(status, `${stderr}`).toBe(0);
      const expected = stdout.toString('latin1').split('\n').slice(0, -1);
      expect(expected).toHaveLength(COUNT);
      for (const engine of engineNames) {
        const got = printedBy(text, undefined, engine);
        const wrong = calls.map((one, i) => `${one}: ${got[i]}, not ${expected[i]}`).filter((_, i) => got[i] !== expected[i]);
        expect(wrong, engine).toEqual([]);
      }
    });
  },
);
