/**
 * What the parser accepts, and its messages for the rest, against luajit's `loadstring`: texts of the unit tests, random programs with
 * mistakes, the project's own Lua files with mistakes; and the names of chunks.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from '../../src/engines/jit/parser.ts';
import { shortChunkName } from '../../src/lua/index.ts';
import { LuaSyntaxError } from '../../src/util/errors.ts';
import { ACCEPTED, LIMITS, mutated, randomProgram, SYNTAX_ERRORS } from '../helpers/lua-syntax.ts';
import { Random } from '../helpers/random.ts';

const hasLuajit = spawnSync('luajit', ['-v']).status === 0;

// Texts and names in, messages or nothing out, all in hexadecimal, a line each.
const LOADER = `
local function unhex(h) return (h:gsub('..', function(d) return string.char(tonumber(d, 16)) end)) end
for line in io.lines() do
  local text, name = line:match '^(%x*) (%x*)$'
  local f, message = loadstring(unhex(text), unhex(name))
  print(f and '' or (message:gsub('.', function(c) return ('%02x'):format(c:byte()) end)))
end`;

const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex');

/** What luajit says to each text, null where it loads. */
function loadedByLuajit(texts: readonly string[], name: (index: number) => string = () => '=c'): (string | null)[] {
  const input = texts.map((text, index) => `${hex(text)} ${hex(name(index))}\n`).join('');
  const { status, stdout, stderr } = spawnSync('luajit', ['-e', LOADER], { input, maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`luajit: ${stderr}`);
  const lines = stdout.toString('latin1').split('\n');
  return texts.map((_, index) => (lines[index] === '' ? null : Buffer.from(lines[index] as string, 'hex').toString('latin1')));
}

function parsed(text: string): string | null {
  try {
    parse(text, '=c', { extensions: false });
    return null;
  } catch (error) {
    if (error instanceof LuaSyntaxError) return error.message;
    throw error;
  }
}

describe.skipIf(!hasLuajit)('the parser and luajit agree', () => {
  it('on the texts of the unit tests', () => {
    const rows = [...SYNTAX_ERRORS.map(([text]) => text), ...ACCEPTED, ...LIMITS.map(([, text]) => text)];
    expect(rows.map(parsed)).toEqual(loadedByLuajit(rows));
  });

  it.each([1, 2, 3, 4])('on random programs with mistakes, %i', (seed) => {
    const random = new Random(seed * 7919);
    const texts = Array.from({ length: 15000 }, () => mutated(randomProgram(random), random, 3)).filter((text) => !text.startsWith('\x1b'));
    const expected = loadedByLuajit(texts);
    const wrong = texts.map((text, index) => [text, parsed(text), expected[index]]).filter(([, ours, theirs]) => ours !== theirs);
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(expected.filter((message) => message === null).length).toBeGreaterThan(1000);
  });

  it('on parts of Lua files with mistakes', () => {
    const files = ['../../lua/', '../contract/lua/'].flatMap((folder) => {
      const url = new URL(folder, import.meta.url);
      const names = readdirSync(url, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.lua'));
      return names.map((name) => readFileSync(new URL(name, url), 'latin1'));
    });
    const random = new Random(5);
    const parts = [...files, ...files.flatMap((text) => text.split(/\n\n+/))];
    const texts = [...files, ...Array.from({ length: 10000 }, () => mutated(random.one(parts), random, 3))].filter(
      (text) => !text.startsWith('\x1b'),
    );
    const expected = loadedByLuajit(texts);
    const wrong = texts.map((text, index) => [text, parsed(text), expected[index]]).filter(([, ours, theirs]) => ours !== theirs);
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  it('on the names of chunks', () => {
    const random = new Random(6);
    const special = ['=', '@', '', 'x = 1\ny = 2', '\n', 'a\0b', '@a\0b', '=a\0b', '\t', 'x\x7f\x80y'];
    const lengths = Array.from({ length: 70 }, (_, length) =>
      ['=', '@', ''].map((mark) => mark + 'abcdefghij'.repeat(7).slice(0, length)),
    ).flat();
    const cut = lengths.map((name) => `${name.slice(0, -1)}${String.fromCharCode(random.below(32))}${name.slice(-1)}`);
    const names = [...special, ...lengths, ...cut];
    const expected = loadedByLuajit(
      names.map(() => 'x y'),
      (index) => names[index] as string,
    );
    expect(names.map((name) => `${shortChunkName(name)}:1: '=' expected near 'y'`)).toEqual(expected);
  });
});
