/**
 * The standard library of the jit engine, whose programs are compiled and interpreted, against luajit, in bulk: random patterns on random subjects, random formats of random values, numbers to
 * text and back, sorts by orders that are none. One process of luajit evaluates all of a group.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createLua } from '../../src/host/node.ts';
import { capturePrint } from '../helpers/lua-run.ts';
import { Random } from '../helpers/random.ts';

const hasLuajit = spawnSync('luajit', ['-v']).status === 0;
const COUNT = 10_000;

// What a call answers, or its error without the position; strings in one line of ASCII.
const SETUP = `
local function text(v)
  if type(v) == 'number' then return v ~= v and 'nan' or ('%.17g'):format(v) end
  return (tostring(v):gsub('[^\\32-\\126]', function(c) return ('\\\\%d'):format(c:byte()) end))
end
local function outcome(ok, ...)
  local out = {}
  for i = 1, select('#', ...) do out[i] = text((select(i, ...))) end
  print(ok and table.concat(out, '|') or 'error: ' .. out[1])
end
local function try(f, ...) outcome(pcall(f, ...)) end
`;

function byLuajit(text: string): string[] {
  const { status, stdout, stderr } = spawnSync('luajit', ['-'], { input: Buffer.from(text, 'latin1'), maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`luajit: ${stderr}`);
  return stdout.toString('latin1').split('\n').slice(0, -1);
}

function byJit(text: string, isCompiled: boolean): string[] {
  const lua = createLua({ engine: 'jit', eval: isCompiled });
  expect(lua.engine.isCompiled).toBe(isCompiled);
  const lines = capturePrint(lua);
  lua.run(Buffer.from(text, 'latin1'), '=stdin');
  lua.close();
  return lines;
}

// A Lua string of any bytes.
function quoted(text: string): string {
  return `'${text.replace(/[^\w ]/g, (character) => `\\${String(character.charCodeAt(0)).padStart(3, '0')}`)}'`;
}

// Functions of a few hundred calls each: a chunk's constants are limited.
function inFunctions(calls: readonly string[]): string {
  const parts: string[] = [];
  for (let i = 0; i < calls.length; i += 200) parts.push(`;(function() ${calls.slice(i, i + 200).join('\n')} end)()`);
  return parts.join('\n');
}

function compare(calls: readonly string[], setup = ''): void {
  const text = `${SETUP}${setup}\n${inFunctions(calls)}`;
  const expected = byLuajit(text);
  expect(expected.length).toBeGreaterThanOrEqual(calls.length);
  for (const isCompiled of [true, false]) {
    const got = byJit(text, isCompiled);
    const different = expected.flatMap((line, i) => (got[i] === line ? [] : [{ call: calls[i] ?? i, expected: line, got: got[i] }]));
    expect(different.slice(0, 10)).toEqual([]);
    expect(got).toHaveLength(expected.length);
  }
}

const random = new Random(51);

function times(count: number, piece: () => string): string {
  return Array.from({ length: random.below(count + 1) }, piece).join('');
}

// ---- patterns

const subject = (): string => times(14, () => random.one([...'aaabbcx1(). ', '\0', '\xe9', '\n']));

function single(): string {
  return random.one([
    ...[
      'a',
      'b',
      '.',
      '%a',
      '%d',
      '%s',
      '%w',
      '%A',
      '%.',
      '%(',
      '%z',
      'x',
      '[ab]',
      '[^a]',
      '[a-c]',
      '[%w_]',
      '[]a]',
      '[^%s]',
      '[a-]',
      '%l',
      '%p',
      '\xe9',
    ],
  ]);
}

function item(): string {
  return random.one([
    () => single(),
    () => single() + random.one(['*', '+', '-', '?']),
    () => single() + random.one(['*', '+', '-', '?']),
    () => `(${times(3, () => single() + random.one(['', '*', '-']))})`,
    () =>
      random.one([
        '()',
        '%1',
        '%2',
        '%b()',
        '%bab',
        '%f[%w]',
        '%f[^a]',
        '$',
        '^',
        '(',
        ')',
        '[',
        '%',
        '%b',
        '%f',
        '[%',
        '*',
        '-',
        '(a',
        '((b)',
      ]),
  ])();
}

function pattern(): string {
  return random.one(['', '', '^']) + times(5, item) + random.one(['', '', '', '$']);
}

const replacement = (): string => times(4, () => random.one(['x', '%0', '%1', '%2', '%%', '-', '%a', '\0']));

function patternCall(): string {
  const arguments_ = `${quoted(subject())}, ${quoted(pattern())}`;
  const start = random.one(['', '', `, ${random.below(12) - 4}`]);
  return random.one([
    () => `try(string.find, ${arguments_}${start})`,
    () => `try(string.match, ${arguments_}${start})`,
    () => `try(string.gsub, ${arguments_}, ${quoted(replacement())}${random.one(['', '', `, ${random.below(4)}`])})`,
    () => `try(string.gsub, ${arguments_}, function(...) return table.concat({ ... }, '<') end)`,
    () =>
      `try(function(s, p) local out = {} for a, b in s:gmatch(p) do out[#out + 1] = text(a) .. text(b) end return #out, unpack(out, 1, 20) end, ${arguments_})`,
  ])();
}

// ---- formats

const number = (): string =>
  random.one([
    () => String(random.below(2000) - 1000),
    () => String((random.below(2 ** 31) - 2 ** 30) / 2 ** random.below(60)),
    () => `${random.below(10)}.${random.below(1e9)}e${random.below(600) - 300}`,
    () =>
      random.one(['0', '-0', '1/0', '-1/0', '0/0', '2^63', '-2^63', '2^64', '2^53', '0.5', '1e15', '1e14', '123456789012345678', '5e-324']),
    () => `2^${random.below(140) - 70} * ${random.below(100) - 50}`,
  ])();

function conversion(letters: string): string {
  const flags = times(2, () => random.one([...'-+ #0']));
  const width = random.one(['', '', String(random.below(30))]);
  const precision = random.one(['', '', '.', `.${random.below(25)}`]);
  return `%${flags}${width}${precision}${random.one([...letters])}`;
}

function formatCall(): string {
  return random.one([
    () => `try(string.format, '${conversion('diuxXo')}', ${number()})`,
    () => `try(string.format, '${conversion('eEfgGaA')}', ${number()})`,
    () => `try(string.format, '${conversion('eEfgGaA')}', ${number()})`,
    () => `try(string.format, '<${conversion('scq')}>', ${random.one([quoted(subject()), String(random.below(300))])})`,
    () =>
      `try(string.format, '${conversion('dsfxyzF ')}${conversion('dsfx%')}', ${number()}, ${random.one([number(), quoted(subject()), 'nil', 'true'])})`,
  ])();
}

// ---- numbers

const digits = (): string => times(20, () => random.one([...'0123456789']));

function numeral(): string {
  return random.one([
    () =>
      `${digits()}${random.one(['', '.', `.${digits()}`])}${random.one(['', '', `e${random.below(700) - 350}`, 'e', `E+${random.below(20)}`])}`,
    () =>
      `0x${times(18, () => random.one([...'0123456789abcdefF']))}${random.one(['', '.', '.8', '.fff'])}${random.one(['', `p${random.below(2200) - 1100}`])}`,
    () => times(6, () => random.one([...'0x1.e-+ pbfinaI\t_LuU'])),
    () => random.one(['', ' ', '-']) + digits() + random.one(['', ' ', 'x']),
  ])();
}

function numberCall(): string {
  return random.one([
    () => `try(tonumber, ${quoted(numeral())})`,
    () => `try(tonumber, ${quoted(times(6, () => random.one([...'019azZ- '])))}, ${random.below(35) + 2})`,
    () => `try(tostring, ${number()})`,
    () => `try(function() return ${number()} .. '', ${quoted(digits())} * 1 end)`,
  ])();
}

// ---- sorts

function sortCall(): string {
  const values = Array.from({ length: random.below(40) }, () => random.below(20)).join(',');
  return random.one([
    () => `sorted({ ${values} }, function(a, b) return a < b end)`,
    () => `sorted({ ${values} }, function(a, b) return a > b end)`,
    () => `sorted({ ${values} }, function(a, b) return a % 4 < b % 4 end)`,
    () => `sorted({ ${values} }, function(a, b) return (a * 7 + b * 3) % 5 < 2 end)`,
    () => `sorted({ ${values} }, function(a, b) return a <= b end)`,
    () => `sorted({ ${values} })`,
  ])();
}

// The comparisons too, in order.
const SORTED = `
local function sorted(t, f)
  local log = {}
  local less = f and function(a, b) log[#log + 1] = tostring(a) .. '<' .. tostring(b) return f(a, b) end
  local ok, message = pcall(table.sort, t, less)
  print(tostring(ok), ok and table.concat(t, ',') or message, table.concat(log, ' '))
end
`;

describe.skipIf(!hasLuajit && process.env['CI'] === undefined)(
  'the library agrees with LuaJIT (skipped where luajit is not installed)',
  () => {
    it('luajit is there to compare with', () => expect(hasLuajit).toBe(true));

    it.each<[says: string, call: () => string, setup?: string]>([
      ['patterns', patternCall],
      ['string.format', formatCall],
      ['tonumber and tostring', numberCall],
      ['table.sort', sortCall, SORTED],
    ])('%s', (_, call, setup) => compare(Array.from({ length: COUNT }, call), setup));

    it('random numbers', () => {
      const calls = Array.from(
        { length: 200 },
        () => `math.randomseed(${number()}) try(math.random) try(math.random, 100) try(math.random, -7, 7)`,
      );
      compare(calls);
    });
  },
);
